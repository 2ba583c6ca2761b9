"""Bringing committed audit entries into the tamper-evident log, within a second of their commit.

Every machine has the whole log in its own folder, written by one process of the machine. Entries
are taken in the order of their commits, so for every size there is one root. On SQLite that one
process decides what is published; on PostgreSQL one leader does, and everybody else takes the
entries that a published checkpoint is about and sees whether they come to the same root.

The checkpoint file is what says how far a folder got, so a crash at any moment is made good by
simply going on from there.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from audit.errors import LogError
from audit.lock import WriterLock
from audit.log import Log, Publish, SealedEntry
from audit.note import Signer
from audit.view import CHECKPOINT, LogView
from gateway.store import checkpoints
from gateway.store.checkpoints import Leadership

INTERVAL = 0.4
BATCH = 2000
STALLED = 10.0
"""Seconds without progress, though entries wait, after which the log counts as stopped."""
log = logging.getLogger("gateway")


class Integrator:
    """Keeps the folder of `view` up with the store, if no other process of this machine does."""

    def __init__(self, engine: Engine, view: LogView, signer: Signer) -> None:
        self.engine, self.view, self.signer = engine, view, signer
        shared = engine.dialect.name == "postgresql"
        self._leadership = Leadership(engine) if shared else None
        self._lock = WriterLock(view.directory.with_name(f"{view.directory.name}.lock"))
        self._tlog: Log | None = None
        self._failure: str | None = None
        self._size, self._moved = -1, time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-integrator", daemon=True)

    @property
    def failure(self) -> str | None:
        """What keeps the log from growing, if anything does: here, or wherever it is written."""
        if self._failure is None and time.monotonic() - self._moved > STALLED:
            return "Stalled"
        return self._failure

    def start(self) -> None:
        """Begin; entries left over from before a crash come first.

        Raises `LogError` where the folder is this process's to write and cannot be gone on with.
        """
        try:
            tlog = self._own()
            if tlog and self._leadership and not self._was_published(tlog):
                self._failure = LogError.__name__  # before the first request, not soon after
        except Exception:
            self._lock.release()
            raise
        self._thread.start()

    def stop(self) -> None:
        """Integrate what is there and end."""
        self._stopping.set()
        self._thread.join()
        if self._leadership:
            self._leadership.resign()
        self._lock.release()

    async def reached(self, seq: int, seconds: float = 2.0) -> bool:
        """Wait until the entry numbered `seq` is under a checkpoint; False if that takes longer."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.view.size < seq:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL):
            self._step()
        self._step()

    def _step(self) -> None:
        try:
            tlog = self._own()
            self._check_folder()
            while tlog and self._extend(tlog):
                self._note_progress()
            self._note_progress()
            self._failure = None
        except Exception as error:
            name = type(error).__name__
            if self._failure is None:
                log.error("the log cannot be extended (%s); it is tried again and again", name)
            self._failure = name
            if self._leadership:
                self._leadership.resign()  # another machine may be able to

    def _own(self) -> Log | None:
        """The log, where this process is the one of its machine that writes it."""
        if self._tlog is None and self._lock.held():
            self._tlog = Log.open(self.view.directory, self.signer)
        return self._tlog

    def _extend(self, tlog: Log) -> bool:
        """Take in a batch; whether there may be more."""
        if self._leadership is None:
            return self._append(tlog, None)
        leads = self._leadership.held()  # before looking: nobody else publishes after that
        return self._follow(tlog) or (leads and self._append(tlog, self._leadership.publish))

    def _append(self, tlog: Log, publish: Publish | None) -> bool:
        with self.engine.connect() as connection:
            rows = checkpoints.after(connection, tlog.size, BATCH)
        return tlog.append(_batch(rows, tlog.size), publish) and len(rows) == BATCH

    def _follow(self, tlog: Log) -> bool:
        """Go on to a checkpoint published by another machine; whether there was one.

        Raises `LogError` where this log is not the beginning of the published one. So it is after
        the database was put back to an older state, and nothing may be published on top of that.
        """
        if not self._was_published(tlog):
            raise LogError("what is in the log here was never published")
        with self.engine.connect() as connection:
            ahead = checkpoints.published(connection, tlog.size, BATCH)
            if ahead is None:
                return False
            rows = checkpoints.after(connection, tlog.size, ahead.size - tlog.size)
            checkpoints.confirm(connection)
        tlog.follow(_batch(rows, tlog.size), ahead.note.encode())
        return True

    def _was_published(self, tlog: Log) -> bool:
        with self.engine.connect() as connection:
            return not tlog.size or checkpoints.root_at(connection, tlog.size) == tlog.root

    def _note_progress(self) -> None:
        """Whoever writes the folder, this process or another: see that it does."""
        before, self._size = self._size, self.view.size
        with self.engine.connect() as connection:
            committed = checkpoints.committed(connection)
        if committed < self._size:
            raise LogError("the log has entries that the store has lost")
        if self._size == committed or self._size != before:
            self._moved = time.monotonic()

    def _check_folder(self) -> None:
        """Know whether the log could be written also while nothing is."""
        folder = self.view.directory
        if not ((folder / CHECKPOINT).is_file() and os.access(folder, os.W_OK)):
            raise OSError("the log's folder is not there or cannot be written")


def _batch(rows: Sequence[Sequence[Any]], size: int) -> list[SealedEntry]:
    """Entries as the log takes them; those after the first `size`, without a gap."""
    if rows and (rows[0][0] != size + 1 or rows[-1][0] != size + len(rows)):
        raise LogError("the store's entries do not follow on from the log")
    return [
        SealedEntry(entry_id, stamp, agency, bytes.fromhex(salt), sealed.encode())
        for _, entry_id, stamp, agency, salt, sealed in rows
    ]


def log_directory(data_dir: Path) -> Path:
    """Where the log's files live; this folder alone is what a mirror needs."""
    return data_dir / "log"
