"""However often a load is killed, nothing is lost and nothing is there twice."""

import time
from pathlib import Path

import pytest

from tests.gateway.cluster import STORES, database, fresh
from tests.gateway.load.backlog import Run, backlog, check
from tests.postgres import PostgresServer

PEOPLE = 1000


@pytest.mark.crash
@pytest.mark.parametrize("store", STORES)
def test_killed_twice_nothing_is_lost_or_doubled(
    request: pytest.FixtureRequest, tmp_path: Path, store: str
) -> None:
    request.param = store
    with fresh(request) as url:
        run = Run(tmp_path / "data", url)
        first, second = files = backlog(tmp_path, PEOPLE, ("persons.ndjson", "plans.zip"))
        run.load(first, kill_after=(0.2,))
        run.load(second, kill_after=(0.4,))
        assert run.kills == 2
        check(run, files)


@pytest.mark.crash
def test_a_database_that_is_lost_on_the_way_is_said_and_the_same_command_goes_on(
    tmp_path: Path,
) -> None:
    with PostgresServer.running() as server, database(server) as url:
        run = Run(tmp_path / "data", url)
        (file,) = backlog(tmp_path, PEOPLE, ("persons.ndjson",))
        process = run.start(file)
        while not (filed := run.filed(file)):
            assert process.poll() is None, "it had ended before"
            time.sleep(0.02)
        server.kill()
        assert run.ended(process) == 2
        assert filed < PEOPLE
        assert "payloads of persons.ndjson are filed, the same command goes on" in run.said[-1]
        assert "Traceback" not in run.said[-1]
        server.start()
        run.load(file)
        check(run, [file])
