"""However often a load is killed, nothing is lost and nothing is there twice."""

from pathlib import Path

import pytest

from tests.gateway.cluster import STORES, fresh
from tests.gateway.load.backlog import Run, backlog, check

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
