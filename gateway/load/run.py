"""Running a load: files in turn, one batch mapped while the one before it is filed."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from adapters.base import Adapter, Subject
from gateway.ingest.access import SPEAKS_FOR
from gateway.ingest.push import Push
from gateway.load import show
from gateway.load.errors import LoadError
from gateway.load.filing import CLIENT, Conversion, Filing, Operator, Trial
from gateway.load.looking import looking
from gateway.load.reader import Reader
from gateway.services import opened
from gateway.settings import Settings
from gateway.store.base import StoreUnavailableError
from gateway.store.loads import Key
from schemas.kinds import Agency

REJECTS = ".rejects.ndjson"
YOUNG = 50_000
"""Objects made between two looks for garbage: nearly all of them go by themselves."""
INTERRUPTED = 130
SENDERS: Mapping[str, Agency] = SPEAKS_FOR | {
    "oasys": Agency.PROBATION,
    "cpr": Agency.PROBATION,
    "cvl": Agency.PROBATION,
    "approved_premises": Agency.PROBATION,
    "mappa": Agency.MAPPA,
}
"""Whose records a system holds, where only one agency uses it (config)."""


@dataclass(frozen=True)
class Task:
    """What to load and how: `rejects` is a folder, by default that of each file."""

    adapter: Adapter
    files: Sequence[Path]
    agency: str
    staff: str
    justification: str
    subject: Subject | None = None
    rejects: Path | None = None
    trial: bool = False
    again: bool = False

    @property
    def push(self) -> Push:
        """As if one client pushed it all."""
        return Push(self.adapter, CLIENT, b"", self.subject)

    def rejects_of(self, path: Path) -> Path:
        """Where what is refused of a file goes."""
        return (self.rejects or path.parent) / f"{path.name}{REJECTS}"

    def key(self, digest: str) -> Key:
        """By what the progress of a file is found again."""
        subject = f"{self.subject.scheme}:{self.subject.value}" if self.subject else ""
        return Key(digest, self.adapter.system, subject)


def sender(system: str, agency: str) -> str:
    """The agency whose records are loaded: as stated, or that of the system. Raises `LoadError`."""
    known = ", ".join(Agency)
    if agency and agency not in set(Agency):
        raise LoadError(f"--agency is one of: {known}")
    if not (found := agency or SENDERS.get(system)):
        raise LoadError(f"several agencies use {system}: say with --agency whose records it is")
    return found


Filings = Callable[[Path, str], Awaitable[Filing]]
"""Where a file's batches go, given its digest."""


def run(settings: Settings, task: Task, console: Console) -> int:
    """Load every file; returns the exit status: 0 all is filed, 1 something was refused, 130
    interrupted. Raises `LoadError`, and what opening the store raises."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
    with _interrupted() as interrupted:
        return asyncio.run(_load(settings, task, console, interrupted))


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: the batch under way is still finished. Again, and it is not."""
    asked = False
    before = signal.getsignal(signal.SIGINT)

    def ask(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


async def _load(
    settings: Settings, task: Task, console: Console, interrupted: Callable[[], bool]
) -> int:
    refused = 0
    async with _trials(settings, task) if task.trial else _store(settings, task) as filing_of:
        for path in task.files:
            with Reader(path, task.push, settings.max_body) as reader:
                digest = await asyncio.to_thread(reader.digest)
                filing = await filing_of(path, digest)
                if filing.finished_at and not task.again:
                    console.print(
                        f"{path.name} was loaded at {filing.finished_at}; --again loads it anew"
                    )
                else:
                    with _place_said(path, filing):
                        await _file_all(reader, filing, console, interrupted)
            show.summary(console, path.name, filing.counts, trial=task.trial)
            refused += filing.counts.outcomes["quarantined"]
            if reader.failure:
                raise LoadError(f"{path}: {reader.failure}")
            if interrupted():
                console.print(
                    f"Stopped after {filing.position:,} payloads of {path.name}; nothing is half"
                    " done. Run the same command again to go on."
                )
                return INTERRUPTED
    return 1 if refused else 0


@contextmanager
def _place_said(path: Path, filing: Filing) -> Iterator[None]:
    """Where a store that cannot be written any more leaves the file."""
    try:
        yield
    except StoreUnavailableError as error:
        done = f"{filing.position:,} payloads of {path.name} are filed"
        raise LoadError(f"{error}; {done}, the same command goes on") from None


@asynccontextmanager
async def _store(settings: Settings, task: Task) -> AsyncIterator[Filings]:
    """The store opened as a gateway opens it, its log kept up as well."""
    async with opened(settings) as services:
        policy = services.pipeline.engine.version
        operator = Operator(task.agency, task.staff, task.justification, policy)

        async def filing_of(path: Path, digest: str) -> Filing:
            filing = Conversion(services.store, task.push, task.key(digest), operator)
            await filing.begin(task.rejects_of(path), again=task.again)
            return filing

        yield filing_of


@asynccontextmanager
async def _trials(settings: Settings, task: Task) -> AsyncIterator[Filings]:
    """The store as it is, which nobody writes to; a gateway may be serving it."""
    with looking(settings) as connection:

        async def filing_of(_path: Path, _digest: str) -> Filing:
            return Trial(connection, task.push)

        yield filing_of


async def _file_all(
    reader: Reader, filing: Filing, console: Console, interrupted: Callable[[], bool]
) -> None:
    """File what is left of a file, showing how far it is."""
    if filing.position:
        console.print(f"{reader.path.name}: going on after {filing.position:,} payloads")
    with show.progress(console) as progress:
        bar = show.Bar(progress, reader.path.name, reader.size)
        await asyncio.to_thread(reader.skip, filing.position)
        begun, before = time.monotonic(), filing.position
        coming = asyncio.ensure_future(asyncio.to_thread(reader.next_batch))
        while batch := await coming:
            place = reader.place
            coming = asyncio.ensure_future(asyncio.to_thread(reader.next_batch))
            await filing.file(batch)
            bar.at(place, filing.position - before, time.monotonic() - begun)
            if interrupted():
                await coming
                return
        if not reader.failure:
            await filing.finish()
            bar.full()
