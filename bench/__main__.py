"""`python -m bench`: how fast, beside a bare endpoint and beside what a team would else write."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import machine, results, rounds, subjects, table
from bench.operations import OPERATIONS

README = Path(__file__).parent.parent / "README.md"


def main(
    quick: Annotated[bool, typer.Option("--quick", help="One short round: two minutes.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Operation(s): {', '.join(OPERATIONS)}.")
    ] = None,
    subject: Annotated[
        list[str] | None, typer.Option(help=f"Subject(s): {', '.join(subjects.TITLES)}.")
    ] = None,
    connections: Annotated[
        list[int] | None, typer.Option(help="Connections at once (several times).")
    ] = None,
    people: Annotated[int, typer.Option(help="How many people.", min=20)] = 1000,
    times: Annotated[int, typer.Option("--rounds", help="Interleaved rounds.", min=1)] = 5,
    seconds: Annotated[float, typer.Option(help="Length of one measurement.", min=0.2)] = 1.2,
    minutes: Annotated[float, typer.Option(help="No new round after this long.")] = 13,
    output: Annotated[
        Path | None,
        typer.Option(help="Where the results go; a whole run: bench/results.json."),
    ] = None,
    readme: Annotated[
        bool, typer.Option("--readme", help="Write the kept results into the README; no run.")
    ] = False,
) -> None:
    """Measure throughput and latency, and print them as ratios to the floor."""
    console = Console(width=180)
    if readme:
        table.put(README, table.markdown(*results.load(results.FILE)))
        return
    if quick:
        people, times, seconds = min(people, 200), 1, min(seconds, 0.6)
    operations = _known(only, list(OPERATIONS))
    chosen = _known(subject, list(subjects.TITLES))
    plan = rounds.Plan(
        operations, connections or [1, 16, 64], times, seconds, time.monotonic() + minutes * 60
    )
    measured, absent = _measure(console, [*subjects.FLOORS, *chosen], people, plan)
    found = results.figures(measured)
    table.show(console, found)
    for name, why in absent.items():
        console.print(f"{name} did not come up: {why}", style="red", markup=False)
    whole = not (quick or only or subject or connections or absent)
    if file := output or (results.FILE if whole else None):
        settings = {
            "people": people,
            "rounds": max(one.round for one in measured) + 1,
            "seconds": seconds,
            "delayMs": subjects.DELAY_MS,
        }
        results.save(file, machine.described(), settings, found)
        console.print(f"Written to {file}; `python -m bench --readme` puts it into the README.")
    raise typer.Exit(1 if absent or any(figure.wrong for figure in found) else 0)


def _known(asked: list[str] | None, known: list[str]) -> list[str]:
    """What was asked for, or everything. Names may be separated by commas."""
    names = [name for text in asked or [] for name in text.split(",")] or known
    if unknown := set(names) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: not one of {', '.join(known)}")
    return names


def _measure(
    console: Console, chosen: list[str], people: int, plan: rounds.Plan
) -> tuple[list[rounds.Measured], dict[str, str]]:
    columns = (
        TextColumn("{task.description:<64}"),
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # Drawn seldom: the machine is being measured.
    with Progress(*columns, console=console, refresh_per_second=1) as progress:
        task = progress.add_task("starting", total=None)

        def tell(index: int, total: int, what: str) -> None:
            progress.update(task, completed=index, total=total, description=what)

        def say(what: str) -> None:
            progress.console.print(what, style="red", markup=False)

        def preparing(what: str) -> None:
            progress.update(task, description=f"preparing: {what}")

        with subjects.opened(chosen, people, preparing) as (opened, absent):
            return rounds.run(opened, plan, tell, say), absent


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
