"""Random bytes for every request, from the system in blocks: a system call for each would cost a
request more than the rest of its audit entry."""

import os
import time
from threading import local

BLOCK = 16384


class Random(local):
    """Hands out what the system's generator gave, each byte once; a block per thread."""

    def __init__(self) -> None:
        self._block, self._used = b"", 0

    def hex(self, count: int) -> str:
        """`count` random bytes in hex."""
        if self._used + count > len(self._block):
            self._block, self._used = os.urandom(BLOCK), 0
        self._used += count
        return self._block[self._used - count : self._used].hex()

    def uuid(self) -> str:
        """A UUID of version 7, which begins with the time: where ids are keys of an index, those
        made together lie together, and a long load touches few of its pages."""
        begun, drawn = f"{time.time_ns() // 1_000_000:012x}", self.hex(10)
        variant = "89ab"[int(drawn[3], 16) & 3]
        return f"{begun[:8]}-{begun[8:]}-7{drawn[:3]}-{variant}{drawn[4:7]}-{drawn[7:19]}"


RANDOM = Random()
