"""Two gateways on one database are one service: same records, same rights, one log."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.demo.payloads import delius_person
from gateway.integrator import log_directory
from tests.gateway.cluster import database
from tests.gateway.ingest.cases import ask, encoded, known, person_of, plan, push, read, somebody
from tests.gateway.machine import wait_until
from tests.gateway.world import Gateway
from tests.postgres import PostgresServer


@pytest.fixture(scope="module")
def two(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gateway, Gateway]]:
    folder: Path = tmp_path_factory.mktemp("two")
    with (
        database(postgres) as url,
        Gateway.running(folder / "a", people=0, database_url=url) as first,
    ):
        shutil.copytree(folder / "a/keys", folder / "b/keys")  # one log has one key
        with Gateway.running(folder / "b", people=0, database_url=url) as second:
            yield first, second


def test_what_one_files_the_other_shows_at_once(two: tuple[Gateway, Gateway]) -> None:
    person = somebody()
    for number, (here, there) in enumerate((two, two[::-1])):
        push(here, "delius", delius_person(person))
        push(here, "oasys", plan(person, f"2026-02-0{number + 1}T10:00:00", f"Version {number}."))
        held = read(there, f"crn:{person.crn}", "risk-management-plan")
        assert held["data"]["supervision"] == f"Version {number}."


def test_what_one_answers_the_other_knows_from_the_log(two: tuple[Gateway, Gateway]) -> None:
    person = known(two[0])
    answer = ask(two[1], f"crn:{person.crn}")
    entry = two[0].entry(answer)
    assert (entry["outcome"], entry["staff"]) == ("released", "PP-13-1")


def test_who_is_barred_at_one_is_barred_at_the_other_at_once(two: tuple[Gateway, Gateway]) -> None:
    person = known(two[0])
    barred = delius_person(person) | {"currentExclusion": True}
    for here, there in (two, two[::-1]):
        assert ask(there, f"crn:{person.crn}").status_code == 200
        push(here, "delius", barred)
        assert ask(there, f"crn:{person.crn}").status_code == 404
        push(here, "delius", delius_person(person))


def test_pushes_that_race_at_both_make_one_person(two: tuple[Gateway, Gateway]) -> None:
    person = somebody()
    bodies = [delius_person(person) | {"middleNames": [f"N{n}"]} for n in range(16)]
    for one in two:
        one.system("delius").token()
    with ThreadPoolExecutor(8) as pool:
        items = pool.map(lambda at, body: push(at, "delius", body), cycle(two), bodies)
        filed = {person_of(item) for (item,) in items}
    assert len(filed) == 1
    with two[0].reading() as connection:
        asked = "SELECT count(*) FROM raw_payload WHERE body = :body"
        for body in bodies:
            kept = connection.execute(text(asked), {"body": encoded(body)})
            assert kept.scalar_one() == 1


def test_both_keep_the_same_log(two: tuple[Gateway, Gateway]) -> None:
    for one in two:
        known(one)
    size = two[0].entries()
    wait_until(lambda: min(one.services.tlog.size for one in two) == size, "one lags")
    assert all(one.services.integrator.failure is None for one in two)
    kept = {(log_directory(one.data_dir) / "checkpoint").read_bytes() for one in two}
    assert len(kept) == 1
