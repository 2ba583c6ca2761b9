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

from bench import crash, machine
from bench.cores import SERVER
from bench.pressure import Pressure, press
from bench.seed import MOST, TODAY, populate
from bench.servers import gateway
from gateway.demo.people import characters
from tests.postgres import PostgresServer

FILE = Path(__file__).with_name("soak.json")
PARTS = ("kill-sqlite", "kill-postgres", "kill-database", "pressure-sqlite", "pressure-postgres")
PEOPLE = 500


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A few kills, short pressure.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Part(s): {', '.join(PARTS)}.")] = None,
    kills: Annotated[int, typer.Option(help="Kills of the server, for each store.", min=1)] = 50,
    database_kills: Annotated[int, typer.Option(help="Kills of PostgreSQL.", min=1)] = 10,
    seconds: Annotated[float, typer.Option(help="Length of the pressure.", min=2)] = 20,
    workers: Annotated[int, typer.Option(help="Workers on PostgreSQL.", min=1)] = 2,
    output: Annotated[Path | None, typer.Option(help="Instead of bench/soak.json.")] = None,
) -> None:
    """Kill the service and its database under load; press it; check every promise."""
    console = Console(width=120)
    names = [name for text in only or [] for name in text.split(",")] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        raise typer.BadParameter(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    if quick:
        kills, database_kills, seconds = min(kills, 3), min(database_kills, 2), min(seconds, 6)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rounds = {"kill-sqlite": kills, "kill-postgres": kills, "kill-database": database_kills}
    found: dict[str, Any] = {}
    for name in names:
        if name in rounds:
            found[name] = _kill(name, rounds[name], workers, console)
        else:
            found[name] = asdict(_press(name, seconds, console))
        for fault in found[name]["faults"]:
            console.print(f"  [red]{fault}[/]")
    if target := output or (None if quick or only else FILE):
        content = {"machine": machine.described(), "parts": found}
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        console.print(f"Written to {target}.")
    raise typer.Exit(1 if any(part["faults"] for part in found.values()) else 0)


def _house(stack: ExitStack, postgres: bool, workers: int) -> crash.House:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-soak-")))
    if not postgres:
        return crash.House("SQLite", folder / "data")
    engine = stack.enter_context(PostgresServer.running())
    return crash.House("PostgreSQL", folder / "data", engine, engine.url, workers)


def _kill(name: str, rounds: int, workers: int, console: Console) -> dict[str, Any]:
    witness, people = crash.Witness(), characters(MOST, TODAY)
    step = crash.kill_database if name == "kill-database" else crash.kill_server
    size = 0
    with ExitStack() as stack:
        house = _house(stack, name != "kill-sqlite", workers)
        for _ in _counted(console, f"{name}: kill -9 under load", rounds):
            size = step(house, people, witness)
            if witness.faults:
                break
        with house.served():
            pass
        size = crash.check(house, witness)
        crash.check_history(house, witness, size)
    result = {
        "kills": rounds,
        "pushesAcknowledged": len(witness.pushed),
        "answers": len(witness.entries),
        "refused": witness.refused,
        "entries": size,
        "checkpointsSeen": len(witness.checkpoints),
        "faults": witness.faults,
    }
    console.print(
        f"{name}: {result['kills']} kills, {result['pushesAcknowledged']:,} pushes acknowledged, "
        f"{result['answers']:,} answers, {size:,} entries, "
        f"{result['checkpointsSeen']:,} checkpoints seen: "
        f"{'nothing lost, nothing forked' if not witness.faults else 'PROMISES BROKEN'}"
    )
    return result


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
