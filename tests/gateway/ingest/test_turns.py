"""However much is pushed, mapping leaves the interpreter to those who read."""

import asyncio
import threading
import time
from typing import Any

from adapters.base import Item
from adapters.registry import ADAPTERS
from gateway.ingest.push import Push, map_in_turn


class Counting:
    """An adapter that knows how many of its payloads are being cut at once."""

    def __init__(self) -> None:
        self._own, self._inside, self.most = ADAPTERS["delius"], 0, 0
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def split(self, raw: bytes) -> list[Item]:
        """Slowly, so that another would come in if it could."""
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(0.01)
        with self._lock:
            self._inside -= 1
        return self._own.split(raw)


def test_pushes_are_mapped_one_after_another() -> None:
    adapter: Any = Counting()

    async def together() -> None:
        await asyncio.gather(*(map_in_turn(Push(adapter, "x", b"%d" % n)) for n in range(8)))

    asyncio.run(together())
    assert adapter.most == 1
