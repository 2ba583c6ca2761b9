"""`kill -9` under load, on the embedded store: what was answered is recorded, what was taken is
kept, and the log is one."""

from pathlib import Path

import pytest

from tests.gateway.crash import Service

KILLS = 8
pytestmark = pytest.mark.crash


def test_killed_under_load_nothing_is_lost_or_unrecorded(tmp_path: Path) -> None:
    with Service.running(tmp_path) as service:
        with service.loaded():
            for _ in range(KILLS):
                service.kill_servers()
        service.end()
    assert len(service.witness.pushed) > KILLS
