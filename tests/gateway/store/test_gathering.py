"""Entries wait a moment for those of requests that are on their way, and never for long."""

import asyncio
from functools import partial

import pytest

from gateway.store import base, lane
from gateway.store.base import Store
from tests.gateway.cluster import entry
from tests.gateway.store.conftest import Run
from tests.gateway.store.jobs import logged


def patience(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """On either store."""
    monkeypatch.setattr(base, "GATHER", seconds)
    monkeypatch.setattr(lane, "GATHER", seconds)


def test_a_group_leaves_when_half_of_those_in_the_house_wait_for_it(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 60)
    store.inside = lambda: 4

    async def hand_in() -> None:
        first = asyncio.ensure_future(store.append(partial(entry, 1)))
        await asyncio.sleep(0.1)
        assert not first.done()
        await asyncio.wait_for(asyncio.gather(first, store.append(partial(entry, 2))), 10)

    run(hand_in())
    assert logged(store) == [(1, 1), (2, 2)]


def test_nobody_waits_long_for_company_that_does_not_come(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0.01)
    store.inside = lambda: 100

    async def hand_in() -> None:
        for number in (1, 2):
            await asyncio.wait_for(store.append(partial(entry, number)), 10)

    run(hand_in())
    assert logged(store) == [(1, 1), (2, 2)]


def test_what_still_waits_for_company_is_committed_when_the_store_closes(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0.2)
    store.inside = lambda: 100

    async def close() -> None:
        waiting = asyncio.ensure_future(store.append(partial(entry, 1)))
        await asyncio.sleep(0.02)
        await store.close()
        await waiting

    run(close())
    assert logged(store) == [(1, 1)]
