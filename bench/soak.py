"""`python -m bench.soak`: what the service survives. Kills under load, and four times the load."""

import json
import resource
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import machine
from bench.cores import SERVER
from bench.pressure import Pressure, press
from bench.seed import populate
from bench.servers import gateway
from tests.gateway.crash import Service
from tests.postgres import PostgresServer

FILE = Path(__file__).with_name("soak.json")
SHAPES = {
    "kill-sqlite": (1, 1),
    "kill-postgres": (2, 1),
    "kill-worker": (1, 2),
    "kill-database": (2, 1),
}
"""How many machines there are, and how many workers on each."""
PARTS = (*SHAPES, "pressure-sqlite", "pressure-postgres")
PEOPLE = 500


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A few kills, short pressure.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Part(s): {', '.join(PARTS)}.")] = None,
    kills: Annotated[int, typer.Option(help="Kills of the server, for each store.", min=1)] = 50,
    worker_kills: Annotated[int, typer.Option(help="Kills of one worker.", min=1)] = 10,
    database_kills: Annotated[int, typer.Option(help="Kills of PostgreSQL.", min=1)] = 10,
    seconds: Annotated[float, typer.Option(help="Length of the pressure.", min=2)] = 20,
    output: Annotated[Path | None, typer.Option(help="Instead of bench/soak.json.")] = None,
) -> None:
    """Kill the service and its database under load; press it; check every promise."""
    console = Console(width=120)
    names = [name for text in only or [] for name in text.split(",")] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        raise typer.BadParameter(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    counts = (kills, kills, worker_kills, database_kills)
    rounds = {part: min(n, 2) if quick else n for part, n in zip(SHAPES, counts, strict=True)}
    seconds = min(seconds, 6) if quick else seconds
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found: dict[str, Any] = {}
    for name in names:
        if name in rounds:
            found[name] = _kill(name, rounds[name], console)
        else:
            found[name] = asdict(_press(name, seconds, console))
        for fault in found[name]["faults"]:
            console.print(f"  [red]{fault}[/]")
    if target := output or (None if quick or only else FILE):
        content = {"machine": machine.described(), "parts": found}
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        console.print(f"Written to {target}.")
    raise typer.Exit(1 if any(part["faults"] for part in found.values()) else 0)


def _kill(name: str, rounds: int, console: Console) -> dict[str, Any]:
    faults, entries = [], 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-soak-")))
        engine = None if name == "kill-sqlite" else stack.enter_context(PostgresServer.running())
        machines, workers = SHAPES[name]
        service = stack.enter_context(
            Service.running(folder, engine.url if engine else None, machines, workers)
        )
        try:
            with service.loaded():
                for _ in _counted(console, f"{name}: kill -9 under load", rounds):
                    _kill_once(name, service, engine)
            service.end()
            entries = service.evidence.committed()
        except AssertionError as error:
            faults = [str(error), *(server.said for server in service.servers)]
    witness = service.witness
    found = {
        "kills": rounds,
        "pushesAcknowledged": len(witness.pushed),
        "answers": len(witness.entries),
        "refused": witness.refused,
        "entries": entries,
        "checkpointsSeen": len(witness.checkpoints),
        "faults": faults,
    }
    console.print(
        f"{name}: {rounds} kills, {len(witness.pushed):,} pushes acknowledged, "
        f"{len(witness.entries):,} answers, {entries:,} entries, "
        f"{len(witness.checkpoints):,} checkpoints seen: "
        f"{'PROMISES BROKEN' if faults else 'nothing lost, nothing forked'}"
    )
    return found


def _kill_once(name: str, service: Service, engine: PostgresServer | None) -> None:
    if name == "kill-worker":
        service.kill_worker()
    elif name == "kill-database" and engine:
        service.kill_database(engine)
    else:
        service.kill_servers()


def _press(name: str, seconds: float, console: Console) -> Pressure:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-soak-")))
        http = stack.enter_context(httpx.Client(timeout=120))
        if name == "pressure-postgres":
            engine = stack.enter_context(PostgresServer.running(cores=set(SERVER)))
            opened = gateway(folder / "data", database_url=engine.url, database=[engine.pid])
        else:
            opened = gateway(folder / "data")
        server = stack.enter_context(opened)
        with console.status(f"{name}: four times the load for {seconds:.0f} s"):
            found = press(name, populate(server, PEOPLE, http), seconds)
    console.print(
        f"{name}: {found.sustainable:,.0f}/s sustainable; offered {found.offered:,.0f}/s: "
        f"{found.accepted:,.0f}/s answered (p99 {found.accepted_p99:,.0f} ms), "
        f"{found.refused:,.0f}/s refused with 503 (p99 {found.refused_p99:,.0f} ms); "
        f"memory {found.rest_mb:,.0f} to {found.peak_mb:,.0f} MB; "
        f"afterwards {found.afterwards:,.0f}/s"
    )
    return found


def _counted(console: Console, what: str, rounds: int) -> Iterator[int]:
    columns = (TextColumn("{task.description:<44}"), BarColumn(24), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, refresh_per_second=2) as progress:
        yield from progress.track(range(rounds), description=what)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
