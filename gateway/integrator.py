"""Bringing committed audit entries into the tamper-evident log, within a second of their commit.

One thread owns the log. It reads entries in the order the store committed them and appends them;
the checkpoint file is what says how far it got, so a crash at any moment is made good by simply
going on from there.
"""

import asyncio
import logging
import os
import threading
from pathlib import Path

from sqlalchemy import Engine, Row

from audit.log import Log, SealedEntry
from gateway.store import entries

INTERVAL = 0.2
BATCH = 2000
log = logging.getLogger("gateway")


class Integrator:
    """Keeps the log in `directory` up with the store. `failure` names what stopped it, if so."""

    def __init__(self, engine: Engine, tlog: Log) -> None:
        self.engine, self.tlog = engine, tlog
        self.failure: str | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-integrator", daemon=True)

    def start(self) -> None:
        """Begin; entries left over from before a crash come first."""
        self._thread.start()

    def stop(self) -> None:
        """Integrate what is there and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL):
            self._step()
        self._step()

    def _step(self) -> None:
        try:
            while self.integrate() == BATCH:
                pass
            self.failure = None
        except Exception as error:
            if self.failure is None:
                name = type(error).__name__
                log.error("the log cannot be extended (%s); it is tried again and again", name)
            self.failure = type(error).__name__

    def integrate(self) -> int:
        """Append the next batch; returns how many entries it held."""
        with self.engine.connect() as connection:
            rows = entries.after(connection, self.tlog.size, BATCH)
        if rows:
            if rows[0].seq != self.tlog.size + 1 or rows[-1].seq != self.tlog.size + len(rows):
                raise RuntimeError("the store's entries do not follow on from the log")
            self.tlog.append([_sealed(row) for row in rows])
        else:
            self._check_folder()
        return len(rows)

    def _check_folder(self) -> None:
        """While nothing is to be written, at least know whether it could be."""
        folder = self.tlog.directory
        if not ((folder / "checkpoint").is_file() and os.access(folder, os.W_OK)):
            raise OSError("the log's folder is not there or cannot be written")

    async def reached(self, seq: int, seconds: float = 2.0) -> bool:
        """Wait until the entry numbered `seq` is under a checkpoint; False if that takes longer."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.tlog.size < seq:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True


def _sealed(row: Row[tuple[object, ...]]) -> SealedEntry:
    return SealedEntry(
        id=row.id,
        time=row.time,
        agency=row.agency,
        salt=bytes.fromhex(row.salt),
        sealed=row.sealed.encode(),
    )


def log_directory(data_dir: Path) -> Path:
    """Where the log's files live; this folder alone is what a mirror needs."""
    return data_dir / "log"
