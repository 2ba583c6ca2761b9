"""A store of the test's own, of each kind in turn, and the event loop it lives on."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from gateway.store.base import Store
from gateway.store.opening import open_store
from gateway.store.schema import upgrade
from tests.gateway.cluster import STORES, fresh

T = TypeVar("T")


class Run(Protocol):
    """Runs a coroutine to its end."""

    def __call__(self, work: Coroutine[Any, Any, T], /) -> T: ...


@pytest.fixture
def run() -> Iterator[Run]:
    """All on one loop, as in a gateway."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Store]:
    """Empty, with the newest schema."""
    with fresh(request) as url:
        opened = open_store(tmp_path, url)
        try:
            upgrade(opened.engine)
            yield opened
        finally:
            run(opened.close())
