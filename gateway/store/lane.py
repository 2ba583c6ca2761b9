"""One journey to the database at a time: what comes meanwhile goes together on the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")
GATHER = 0.001
"""Seconds to wait at most for company: it costs less than a journey."""


class Lane(Generic[T]):
    """Carries what is put in, in groups of at most `most`, by `carry`, which never raises.

    It leaves when half of all who are in the house (`company`) wait for it: one half travels
    while the other is worked on.
    """

    def __init__(
        self,
        carry: Callable[[list[T]], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        most: int,
        company: Callable[[], int],
    ) -> None:
        self._carry, self._spawn, self._most, self._company = carry, spawn, most, company
        self._waiting: deque[T] = deque()
        self._enough: asyncio.Future[None] | None = None
        self._busy = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def put(self, one: T) -> None:
        """Take one along on the next journey."""
        self._waiting.append(one)
        if not self._busy:
            self._busy = True
            self._spawn(self._run())
        elif self._enough is not None and self._is_enough():
            self._leave()

    def _is_enough(self) -> bool:
        return 2 * len(self._waiting) >= self._company()

    def _leave(self) -> None:
        if self._enough is not None and not self._enough.done():
            self._enough.set_result(None)

    async def _run(self) -> None:
        try:
            while self._waiting:
                if not self._is_enough():
                    await self._gather()
                count = min(len(self._waiting), self._most)
                await self._carry([self._waiting.popleft() for _ in range(count)])
        finally:
            self._busy = False

    async def _gather(self) -> None:
        loop = asyncio.get_running_loop()
        self._enough = loop.create_future()
        late = loop.call_later(GATHER, self._leave)
        try:
            await self._enough
        finally:
            late.cancel()
            self._enough = None
