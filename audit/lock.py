"""The right to write a log's folder: one process has it, and the kernel takes it back when it
ends, however it ends."""

import fcntl
import os
from pathlib import Path


class WriterLock:
    """The lock at `path`, which must lie outside the folder that it guards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def held(self) -> bool:
        """Whether this process has the lock, which it takes where nobody else has it."""
        if self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let somebody else have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
