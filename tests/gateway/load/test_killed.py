"""However often a load is killed, nothing is lost and nothing is there twice."""

from pathlib import Path

import pytest

from tests.gateway.cluster import STORES, fresh
from tests.gateway.load.backlog import Run, backlog, check

PEOPLE = 900


@pytest.mark.crash
@pytest.mark.parametrize("store", STORES)
def test_killed_twice_nothing_is_lost_or_doubled(
    request: pytest.FixtureRequest, tmp_path: Path, store: str
) -> None:
    request.param = store
    with fresh(request) as url:
        run = Run(tmp_path / "data", url)
        files = backlog(tmp_path, PEOPLE)
        for number, file in enumerate(files):
            run.load(file, kill_after=(0.3, 0.6) if number == 1 else ())
        assert run.kills == 2
        check(run, files)
