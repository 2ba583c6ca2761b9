"""Random bytes for every request, from the system in blocks: a system call for each would cost a
request more than the rest of its audit entry."""

import os
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


RANDOM = Random()
