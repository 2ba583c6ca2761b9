"""A real gateway on a free port, with the demo's staff and people pushed through HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.world import Gateway


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for the whole run; tests that change it use people of their own."""
    with Gateway.running(tmp_path_factory.mktemp("data"), people=12) as running:
        yield running


@pytest.fixture
def own_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway of one's own, empty, for tests that break it."""
    with Gateway.running(tmp_path / "data", people=0) as running:
        yield running
