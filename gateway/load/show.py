"""What the operator sees: how far it is, how fast, how long yet, and what became of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from gateway.load.counts import Counts

OUTCOMES = {
    "created": "new documents",
    "updated": "newer versions",
    "historical": "older than what is known: kept as history",
    "unchanged": "known already",
    "quarantined": "refused",
}


class Bar:
    """The line of one file."""

    def __init__(self, progress: Progress, name: str, size: int) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=size, done=0, rate=0)

    def at(self, place: int, done: int, seconds: float) -> None:
        """`place` bytes into the file, `done` payloads filed in this run so far."""
        rate = done / seconds if seconds else 0
        self._progress.update(self._task, completed=place, done=done, rate=rate)

    def full(self) -> None:
        """All of it."""
        task = self._progress.tasks[self._task]
        self._progress.update(self._task, completed=task.total)


@contextmanager
def progress(console: Console) -> Iterator[Progress]:
    """A display of files under way. It is drawn seldom: drawing takes time from loading."""
    columns = (
        TextColumn("{task.description:<28}", markup=False),
        BarColumn(24),
        TaskProgressColumn(),
        TextColumn("{task.fields[done]:>8,} payloads {task.fields[rate]:>6,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=2) as shown:
        yield shown


def summary(console: Console, name: str, counts: Counts, *, trial: bool) -> None:
    """What became of a file."""
    title = f"{name}: what would become of its payloads" if trial else name
    table = Table(box=None, title=title, title_justify="left", show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for outcome, words in OUTCOMES.items():
        if number := counts.outcomes[outcome]:
            table.add_row(f"{number:,}", f"{outcome}: {words}")
    table.add_row(f"{counts.records:,}", "record versions")
    _tally(table, "refused", counts.reasons)
    _tally(table, "warning", counts.warnings)
    console.print(table)


def _tally(table: Table, what: str, counts: Counter[str]) -> None:
    for code, number in counts.most_common():
        table.add_row(f"{number:,}", f"{what} {code}", style="dim")
