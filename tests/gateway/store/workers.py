"""Workers on a PostgreSQL database of the test's own, and waiting until they work again."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from gateway.store.base import Store, StoreUnavailableError
from gateway.store.postgres import PostgresStore
from tests.gateway.cluster import entry
from tests.gateway.store.conftest import Run

PATIENCE = 30
Stores = list[PostgresStore]


@contextmanager
def opened(url: str, run: Run, count: int = 1) -> Iterator[Stores]:
    """Workers on one database."""
    stores = [PostgresStore(url) for _ in range(count)]
    try:
        yield stores
    finally:
        for one in stores:
            run(one.close())


async def until(works: Callable[[], Coroutine[Any, Any, Any]]) -> int:
    """Try until it works again; how often it did not. What fails must fail as unavailable."""
    deadline = time.monotonic() + PATIENCE
    for failures in range(10_000):
        try:
            await works()
        except StoreUnavailableError:
            assert time.monotonic() < deadline, "it does not recover"
            await asyncio.sleep(0.05)
        else:
            return failures
    raise AssertionError


def append(store: Store, number: int) -> Callable[[], Coroutine[Any, Any, None]]:
    async def wait() -> None:
        await store.append(partial(entry, number))

    return wait
