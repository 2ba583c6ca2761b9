"""One journey to the database at a time: what comes meanwhile goes together on the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")
GATHER = 0.0005
"""Seconds to wait for company where the last journey had some: it costs less than a journey."""


class Lane(Generic[T]):
    """Carries what is put in, in groups of at most `most`, by `carry`, which never raises."""

    def __init__(
        self,
        carry: Callable[[list[T]], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        most: int,
    ) -> None:
        self._carry, self._spawn, self._most = carry, spawn, most
        self._waiting: deque[T] = deque()
        self._company, self._busy = 0, False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, one: T) -> None:
        """Take one along on the next journey."""
        self._waiting.append(one)
        if not self._busy:
            self._busy = True
            self._spawn(self._run())

    async def _run(self) -> None:
        try:
            await self._all()
        finally:
            self._busy = False

    async def _all(self) -> None:
        while self._waiting:
            if max(len(self._waiting), self._company) > 1:
                await asyncio.sleep(GATHER)
            self._company = min(len(self._waiting), self._most)
            await self._carry([self._waiting.popleft() for _ in range(self._company)])
