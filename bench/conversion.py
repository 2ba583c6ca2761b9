"""`python -m bench.conversion`: a whole register of back records, killed on the way."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench import machine
from tests.gateway.load.backlog import Backlog, Run, backlog, check
from tests.postgres import PostgresServer

FILE = Path(__file__).with_name("conversion.json")
STORES = ("sqlite", "postgresql")
REGISTER = 58_637
"""People on the register of violent and sexual offenders in 2018."""
KILLS = {0: (0.5,), 2: (0.5,)}
"""After which share of which files the process is killed."""
FIVE = 3
"""The first files: five records of each person."""
MOST_SECONDS = 300
MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class Converted:
    """One store's conversion. `seconds` are of every process together, the killed ones too, and
    `fiveRecordsSeconds` of those until five records of each person were filed; `cpuSeconds` are
    those the processors worked, PostgreSQL's own left out."""

    people: int
    payloads: int
    versions: int
    fiveRecordsSeconds: float  # noqa: N815
    seconds: float
    cpuSeconds: float  # noqa: N815
    payloadsASecond: float  # noqa: N815
    peakBytes: int  # noqa: N815
    kills: int

    @property
    def kept(self) -> bool:
        """Whether it was as fast and as small as promised, for a whole register."""
        return self.fiveRecordsSeconds < MOST_SECONDS and self.peakBytes < MOST_BYTES


def main(
    people: Annotated[int, typer.Option(help="How many people.", min=50)] = REGISTER,
    store: Annotated[list[str] | None, typer.Option(help=f"{' or '.join(STORES)}.")] = None,
    output: Annotated[Path | None, typer.Option(help="Instead of bench/conversion.json.")] = None,
) -> None:
    """Load five records of each person and then three more, one process at a time, killed twice;
    count everything."""
    console = Console(width=110)
    found: dict[str, Converted] = {}
    with tempfile.TemporaryDirectory() as folder:
        console.print(f"Writing five files about {people:,} invented people")
        files = backlog(Path(folder), people)
        for name in store or STORES:
            with _database(name) as url:
                found[name] = _convert(Run(Path(folder) / name, url), files, console)
    _show(console, found)
    whole = people == REGISTER and set(found) == set(STORES)
    if file := output or (FILE if whole else None):
        figures = {name: asdict(one) for name, one in found.items()}
        result = {"machine": machine.described(), "stores": figures}
        file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(0 if all(one.kept for one in found.values()) else 1)


@contextmanager
def _database(name: str) -> Iterator[str | None]:
    if name == "sqlite":
        yield None
        return
    with PostgresServer.running() as server:
        yield server.url


def _convert(run: Run, files: list[Backlog], console: Console) -> Converted:
    took: list[float] = []
    for number, file in enumerate(files):
        before = run.seconds
        run.load(file, kill_after=KILLS.get(number, ()))
        took.append(run.seconds - before)
        console.print(f"  {run.data_dir.name}: {file.path.name} {took[-1]:.1f} s")
    counts = check(run, files)
    return Converted(
        people=counts["people"],
        payloads=counts["payloads"],
        versions=counts["versions"],
        fiveRecordsSeconds=round(sum(took[:FIVE]), 1),
        seconds=round(run.seconds, 1),
        cpuSeconds=round(run.cpu, 1),
        payloadsASecond=round(counts["payloads"] / run.seconds, 1),
        peakBytes=run.largest,
        kills=run.kills,
    )


def _show(console: Console, found: dict[str, Converted]) -> None:
    table = Table(box=None)
    for heading in (
        "store",
        "people",
        "payloads",
        "records",
        "5 records s",
        "all s",
        "CPU s",
        "payloads/s",
    ):
        table.add_column(heading, justify="right")
    table.add_column("peak MB", justify="right")
    table.add_column("kill -9", justify="right")
    for name, one in found.items():
        table.add_row(
            name,
            f"{one.people:,}",
            f"{one.payloads:,}",
            f"{one.versions:,}",
            f"{one.fiveRecordsSeconds:.0f}",
            f"{one.seconds:.0f}",
            f"{one.cpuSeconds:.0f}",
            f"{one.payloadsASecond:,.0f}",
            f"{one.peakBytes / 1e6:.0f}",
            str(one.kills),
        )
    console.print(table)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
