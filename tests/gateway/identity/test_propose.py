"""The command asks about those who may be one; it merges nobody and asks nothing twice."""

import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gateway.account import account
from gateway.cli import app
from gateway.demo.payloads import delius_person
from gateway.identity import linkage
from gateway.identity.describe import Described
from gateway.identity.linkage import Pair
from gateway.identity.propose import run
from gateway.keys import log_signer
from gateway.settings import Settings
from tests.gateway.cluster import STORES, fresh, migrated
from tests.gateway.identity.cases import REVIEWS, decide, done, prisoner, steward
from tests.gateway.ingest.cases import person_of, push, somebody
from tests.gateway.world import Gateway
from tests.postgres import PostgresServer

OPEN = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'idle in transaction'"
)


@pytest.mark.parametrize("where", STORES)
def test_those_who_may_be_one_are_proposed_with_the_evidence(
    where: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.param = where
    with fresh(request) as url:
        if url:
            monkeypatch.setenv("MAPPA_GATEWAY_DATABASE_URL", url)
        one = somebody()
        other, twin = somebody(surname="Wexcmbe"), somebody(forename="Torin")
        data = tmp_path / "data"
        with Gateway.running(data, people=0, database_url=url) as gateway:
            row = delius_person(one)
            row["otherIds"]["nomsNumber"] = None
            first = person_of(push(gateway, "delius", row)[0])
            second = person_of(push(gateway, "nomis", prisoner(other))[0])
            third = person_of(push(gateway, "nomis", prisoner(twin))[0])
        said = propose(data)
        assert said == "1 pairs found, 1 new reviews"
        assert propose(data) == "1 pairs found, 0 new reviews", "nothing is asked twice"
        with Gateway.running(data, people=0, database_url=url) as gateway:
            agent = steward(gateway)
            (listed,) = [
                review
                for review in agent.get(REVIEWS).json()["data"]
                if review["reason"] == "probably-one-person"
            ]
            assert set(listed["persons"]) == {first, second}
            assert all(agent.get(f"/v1/persons/{p}").status_code == 200 for p in listed["persons"])
            data_ = agent.get(f"{REVIEWS}/{listed['id']}").json()["data"]
            outcomes = {part["comparison"]: part["outcome"] for part in data_["weights"]}
            assert outcomes["surname"] == "one letter wrong or two swapped"
            assert outcomes["date of birth"] == "agrees"
            fields = {field["field"]: field["outcome"] for field in data_["fields"]}
            assert (fields["surname"], fields["dateOfBirth"]) == ("differs", "agrees")
            done(decide(agent, listed["id"], "different"))
            assert agent.get(f"/v1/persons/{third}").status_code == 200

            entries = gateway.staff("AUD-1").get(f"/v1/audit/entries?person={first}").json()["data"]
            proposed = [entry for entry in entries if entry["outcome"] == "proposed"]
            assert [set(entry["persons"]) for entry in proposed] == [{first, second}]
            assert proposed[0]["staff"] == "somebody"
            assert proposed[0]["client"] == f"mappa-gateway identity propose ({account()})"
        assert propose(data) == "1 pairs found, 0 new reviews", "two who are different stay so"


def test_no_transaction_is_left_open_while_people_are_compared(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with migrated(postgres) as (url, engine):
        settings = Settings(data_dir=tmp_path, database_url=url)
        idle, compare = list[int](), linkage.pairs
        log_signer(settings.data_dir, settings.log_origin)

        def compared(people: Iterable[Described], at_least: float) -> list[Pair]:
            pairs = compare(people, at_least)
            for _ in range(20):  # others may begin and end one meanwhile
                time.sleep(0.05)
                with engine.connect() as connection:
                    idle.append(int(connection.execute(OPEN).scalar_one()))
            return pairs

        monkeypatch.setattr(linkage, "pairs", compared)
        run(settings, "somebody", 10, possible=False)
        assert 0 in idle


def propose(data: Path) -> str:
    """What the command says."""
    asked = ["identity", "propose", "--staff", "somebody", "--data-dir", str(data)]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0, answer.output
    return answer.output.strip()
