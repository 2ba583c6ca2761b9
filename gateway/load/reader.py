"""Reading a file batch by batch, mapped and ready to be filed."""

import hashlib
import os
from collections import deque
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.base import AdapterError
from gateway.ingest.push import MOST_PAYLOADS, Mapped, Push, map_item
from gateway.load.errors import LoadError
from gateway.load.filing import Batch
from gateway.load.stream import Cutter, Payload


class Reader:
    """One open file. `place` is how many bytes of it were read, `failure` why it ends early."""

    def __init__(self, path: Path, push: Push, longest: int) -> None:
        self.path, self._push, self._longest = path, push, longest
        self._file = path.open("rb")
        self._state = self._stat()
        self._payloads = Cutter(push.adapter, longest).payloads(self._file, path.name)
        self.place, self.failure = 0, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes in all."""
        return self._state[0]

    def digest(self) -> str:
        """SHA-256 of the content, in hex."""
        found = hashlib.file_digest(self._file, "sha256").hexdigest()
        self._file.seek(0)
        return found

    def skip(self, count: int) -> None:
        """Go over payloads that were filed before. Raises `LoadError` where there are fewer."""
        skipped = islice(self._payloads, count)
        deque(skipped, maxlen=0)
        self.place = self._file.tell()

    def next_batch(self) -> Batch | None:
        """The next payloads after their adapter, as many as a push may have; `None` at the end.

        Raises `LoadError` where somebody has written to the file.
        """
        taken: list[Payload] = []
        left = self._longest
        try:
            for one in islice(self._payloads, MOST_PAYLOADS):
                taken.append(one)
                left -= len(one.item.raw)
                if left <= 0:
                    break
        except LoadError as error:
            self.failure = str(error)
        except AdapterError as error:
            self.failure = f"{error.detail} (at {error.pointer or 'its beginning'})"
        if self._stat() != self._state:
            raise LoadError(f"{self.path} was changed while it was read: begin again")
        self.place = self._file.tell()
        return Batch(taken, [self._mapped(one) for one in taken]) if taken else None

    def _mapped(self, one: Payload) -> Mapped:
        return Mapped(one.item, (), one.error) if one.error else map_item(self._push, one.item)

    def _stat(self) -> tuple[int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns
