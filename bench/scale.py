"""`python -m bench.scale`: is a million records as quick as a thousand?

One embedded store grows from size to size. The same reads are measured at each: random people out
of all there are, in turn with the same reads of a copy kept at the smallest size, so that what
disturbs the machine disturbs both. The top size takes about 35 GB of disk, ten minutes to fill.
"""

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import machine
from bench.cores import LOAD, memory
from bench.growth import Growth, Tell
from bench.load import Job, Result, measure
from bench.operations import plan_of, request
from bench.rounds import calm
from bench.seed import MOST, TODAY, Population, plan, populate
from bench.servers import Server, gateway
from gateway.demo.payloads import delius_person, oasys_rosh
from gateway.demo.people import Character, characters

FILE = Path(__file__).with_name("scale.json")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
FIRST = 200
RECORDS_EACH = 5
BUILDERS = (("delius", delius_person), ("oasys", oasys_rosh), ("oasys", plan))
"""Five records a person: person, case team, limited access, RoSH and plan."""
BYTES_AN_ENTRY = 4096
"""Disk per audit entry with its share of everything else, generously."""
CONNECTIONS = (16, 64)
THROUGHPUT, TAIL = 0.9, 1.5
"""What the largest store promises beside the smallest: rate at least, p99 at most."""


@dataclass(frozen=True)
class Point:
    """One size. Rates are requests a second, latencies ms, sizes bytes; by connections.

    `throughput` and `tail` are rate and p99 beside the smallest store's, round by round, medians.
    """

    records: int
    people: int
    entries: int
    rate: dict[int, float]
    p50: dict[int, float]
    p99: dict[int, float]
    throughput: dict[int, float]
    tail: dict[int, float]
    rounds: dict[int, list[float]]
    rss: int
    database: int
    log: int
    wrong: int


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A thousand and ten thousand.")] = False,
    only: Annotated[list[int] | None, typer.Option(help="Number(s) of records, rising.")] = None,
    per_record: Annotated[
        int, typer.Option("--entries", help="Audit entries for each record.", min=1)
    ] = 10,
    rounds: Annotated[int, typer.Option(help="Rounds at each size.", min=1)] = 5,
    seconds: Annotated[float, typer.Option(help="Length of one measurement.", min=0.2)] = 3,
    directory: Annotated[
        Path | None, typer.Option(help="Where the data goes while it runs.", exists=True)
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Instead of bench/scale.json.")] = None,
) -> None:
    """Throughput, p99, memory and disk as the embedded store grows."""
    console = Console(width=140)
    sizes = sorted(only or (SIZES[:2] if quick else SIZES))
    if any(size < FIRST * RECORDS_EACH or size > MOST * RECORDS_EACH for size in sizes):
        raise typer.BadParameter(f"sizes are {FIRST * RECORDS_EACH} to {MOST * RECORDS_EACH}")
    if quick:
        rounds, seconds = min(rounds, 3), min(seconds, 1.0)
    with tempfile.TemporaryDirectory(prefix="bench-scale-", dir=directory) as folder:
        needed = sizes[-1] * per_record * BYTES_AN_ENTRY
        if shutil.disk_usage(folder).free < needed:
            raise typer.BadParameter(
                f"{sizes[-1]} records with {per_record} entries each need {needed / 2**30:.0f} GB "
                "in the temporary directory; choose another --directory, or fewer --entries"
            )
        points = _measure(Path(folder), sizes, per_record, rounds, seconds, console)
    _show(points, console)
    if target := output or (None if quick or only else FILE):
        settings = {"entriesEach": per_record, "rounds": rounds, "seconds": seconds}
        content = {
            "machine": machine.described(),
            "settings": settings,
            "points": [asdict(point) for point in points],
        }
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        console.print(f"Written to {target}.")
    raise typer.Exit(1 if any(point.wrong for point in points) else 0)


def _measure(
    folder: Path,
    sizes: Sequence[int],
    per_record: int,
    rounds: int,
    seconds: float,
    console: Console,
) -> list[Point]:
    points: list[Point] = []
    data_dir = folder / "data"
    columns = (TextColumn("{task.description:<44}"), BarColumn(24), TimeElapsedColumn())
    with (
        Progress(*columns, console=console, refresh_per_second=1) as progress,
        httpx.Client(timeout=120) as http,
    ):
        task = progress.add_task("the first people", total=None)
        with gateway(data_dir) as server:
            first = _first_people(server, http)
        for size in sizes:

            def tell(what: str, done: int, total: int, size: int = size) -> None:
                text = f"{size:,} records: {what} {done:,}"
                progress.update(task, description=text, completed=done, total=total)

            _grow(data_dir, first, size, per_record, tell)
            tell("reading", 0, 1)
            if not points:
                shutil.copytree(data_dir, folder / "smallest")
            disk = (_disk(data_dir), _disk(data_dir / "log"))
            with gateway(folder / "smallest") as smallest, gateway(data_dir) as server:
                stores = (
                    Store(smallest, *_reads(Population(smallest, first, http), _people(sizes[0]))),
                    Store(server, *_reads(Population(server, first, http), _people(size))),
                )
                points.append(_point(stores, size, rounds, seconds, disk))
    return points


def _first_people(server: Server, http: httpx.Client) -> Sequence[Character]:
    """Pushed, and each read once, as real entries to copy."""
    population = populate(server, FIRST, http, BUILDERS)
    for person in population.people:
        officer = population.officer(person.staff("PP"))
        officer.get(plan_of(person.crn)).raise_for_status()
    return population.people


def _grow(
    data_dir: Path, first: Sequence[Character], size: int, per_record: int, tell: Tell
) -> None:
    growth = Growth(data_dir, first)
    try:
        tell("people", 0, 1)
        growth.people(size // RECORDS_EACH)
        growth.entries(size * per_record, tell)
        growth.log(tell)
    finally:
        growth.close()


@dataclass(frozen=True)
class Store:
    """A gateway and the reads that go to it."""

    server: Server
    requests: Sequence[str]
    names: Sequence[Sequence[str]]

    def measure(self, clients: int, seconds: float) -> Result:
        """One round."""
        port = self.server.port
        job = Job(port, self.requests, clients, seconds, warm=0.5, cores=LOAD, names=self.names)
        result = measure(job)
        calm(self.server.pids)
        return result


def _point(
    stores: tuple[Store, Store], size: int, rounds: int, seconds: float, disk: tuple[int, int]
) -> Point:
    server, people = stores[1].server, _people(size)
    pairs = {
        n: [(stores[0].measure(n, seconds), stores[1].measure(n, seconds)) for _ in range(rounds)]
        for n in CONNECTIONS
    }
    found = {n: [large for _, large in pair] for n, pair in pairs.items()}
    checkpoint = (server.data_dir / "log" / "checkpoint").read_text(encoding="utf-8")
    return Point(
        records=people * RECORDS_EACH,
        people=people,
        entries=int(checkpoint.splitlines()[1]),
        rate={n: round(median(r.rate for r in results), 1) for n, results in found.items()},
        p50={n: round(median(r.p50 for r in results), 2) for n, results in found.items()},
        p99={n: round(median(r.p99 for r in results), 2) for n, results in found.items()},
        throughput={n: _median(b.rate / a.rate for a, b in pair) for n, pair in pairs.items()},
        tail={n: _median(b.p99 / a.p99 for a, b in pair) for n, pair in pairs.items()},
        rounds={n: [round(r.rate, 1) for r in results] for n, results in found.items()},
        rss=memory(server.pids),
        database=disk[0] - disk[1],
        log=disk[1],
        wrong=sum(r.wrong + r.broken for pair in pairs.values() for two in pair for r in two),
    )


def _people(size: int) -> int:
    """How many people a size has: whole copies of the first ones."""
    return size // RECORDS_EACH // FIRST * FIRST


def _median(values: Iterable[float]) -> float:
    return round(median(values), 2)


def _reads(population: Population, people: int) -> tuple[list[str], list[list[str]]]:
    """Every person's plan asked for by the officer their original has: a request for each
    officer, and whom it may name."""
    cases = defaultdict(list)
    for person in characters(people, TODAY):
        original = population.people[person.number % len(population.people)]
        cases[original.staff("PP")].append(person.crn)
    requests = [
        request("GET", plan_of("{}"), agent.token(), agent.purpose)
        for agent in map(population.officer, cases)
    ]
    return requests, list(cases.values())


def _disk(folder: Path) -> int:
    """Bytes that a folder takes on disk, while nobody writes in it."""
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())


def _show(points: Sequence[Point], console: Console) -> None:
    table = Table(
        "records",
        "people",
        "audit entries",
        box=None,
        padding=(0, 2),
        title_justify="left",
        title="Reading as the store grows: req/s, p99 in ms, both beside the smallest store",
    )
    for name in (*(f"{n} connections" for n in CONNECTIONS), "memory MB", "database MB", "log MB"):
        table.add_column(name, justify="right")
    for point in points:
        speeds = [
            f"{point.rate[n]:,.0f} · {point.p99[n]:.1f} ({point.throughput[n]}, {point.tail[n]})"
            for n in CONNECTIONS
        ]
        sizes = [f"{value / 2**20:,.0f}" for value in (point.rss, point.database, point.log)]
        counts = [f"{value:,}" for value in (point.records, point.people, point.entries)]
        table.add_row(*counts, *speeds, *sizes)
    console.print(table)
    for n in CONNECTIONS:
        rate, tail = points[-1].throughput[n], points[-1].tail[n]
        kept = "kept" if rate >= THROUGHPUT and tail <= TAIL else "not kept"
        console.print(
            f"{kept}: {n} connections, largest beside smallest: throughput {rate} "
            f"(at least {THROUGHPUT}), p99 {tail} (at most {TAIL})"
        )


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
