"""The figures as tables: on the terminal, and as Markdown for the README."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.operations import OPERATIONS
from bench.promises import promises
from bench.results import Figure
from bench.subjects import TITLES

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
PARTS = ("server", "database", "load")
Grid = tuple[str, list[str], list[list[str]]]


def grids(found: Sequence[Figure]) -> Iterator[Grid]:
    """Per operation: its title, the head, and a row for each subject."""
    for operation in OPERATIONS.values():
        here = [figure for figure in found if figure.operation == operation.name]
        if not here:
            continue
        clients = sorted({figure.connections for figure in here})
        cells = {(figure.subject, figure.connections): figure for figure in here}
        head = ["", *(f"{n} connection{'s' * (n > 1)}" for n in clients)]
        rows = [
            [TITLES[name], *(_cell(cells.get((name, n))) for n in clients)]
            for name in TITLES
            if any(figure.subject == name for figure in here)
        ]
        yield operation.title, head, rows


def _cell(figure: Figure | None) -> str:
    """Ratio, requests a second, p50 and p99."""
    if figure is None:
        return "-"
    ratio = "-" if figure.ratio is None else f"{figure.ratio:.2f}"
    records = f", {figure.records:,.0f} rec/s" if figure.records else ""
    wrong = f" ({figure.wrong} failed)" if figure.wrong else ""
    return (
        f"{ratio} · {figure.rate:,.0f}/s{records} · {_ms(figure.p50)} / {_ms(figure.p99)} ms{wrong}"
    )


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def cpu_grid(found: Sequence[Figure]) -> Grid:
    """CPU time of one read, by part: why one worker or two reach what they reach. The last column
    is what the ratio would be if CPU time were all that counts; other loads disturb it least."""
    reads = [figure for figure in found if figure.operation == "read"]
    floors = {f.connections: f.cpu["server"] for f in reads if f.subject == "floor"}
    rows = [
        [
            TITLES[figure.subject],
            str(figure.connections),
            f"{figure.rate:,.0f}",
            *(str(figure.cpu.get(part, "-")) for part in PARTS),
            _share(floors.get(figure.connections), figure),
        ]
        for figure in sorted(reads, key=lambda f: (list(TITLES).index(f.subject), f.connections))
    ]
    head = ["", "connections", "requests/s", "server µs", "database µs", "load µs", "floor's share"]
    return "CPU time of one read", head, rows


def _share(floor: float | None, figure: Figure) -> str:
    served = figure.cpu["server"] + figure.cpu.get("database", 0)
    return f"{floor / served:.2f}" if floor and served else "-"


def show(console: Console, found: Sequence[Figure]) -> None:
    """Print every table."""
    for title, head, rows in [*grids(found), cpu_grid(found)]:
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2))
        for number, name in enumerate(head):
            table.add_column(name, justify="right" if number else "left", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print()
    for promise in promises(found):
        mark = "[green]kept[/]" if promise.kept else "[red]not kept[/]"
        console.print(f"{mark}: {promise.what}: {promise.reached:g} (at least {promise.least:g})")
    noisy = max((figure.foreign for figure in found), default=0)
    console.print(f"Other processes took up to {noisy:.0%} of the machine meanwhile.")


def markdown(machine: dict[str, Any], settings: dict[str, Any], found: Sequence[Figure]) -> str:
    """The same for the README."""
    lines = [
        f"Measured {machine['date'][:10]} on {machine['cores']} cores ({machine['cpu']}, "
        f"{machine['system']}), Python {machine['python']}, one server core, one load core; "
        f"{settings['people']} people, medians of {settings['rounds']} interleaved rounds. "
        "A cell is: ratio to the floor · requests a second · p50 / p99.",
    ]
    for title, head, rows in grids(found):
        lines += ["", f"**{title[0].upper()}{title[1:]}**", "", _line(head)]
        lines += [_line(["---", *["---:"] * (len(head) - 1)]), *map(_line, rows)]
    lines += ["", _line(["Promise", "at least", "measured", "kept"])]
    lines += [_line(["---", "---:", "---:", "---"])]
    lines += [
        _line([p.what, f"{p.least:g}", f"{p.reached:g}", "yes" if p.kept else "no"])
        for p in promises(found)
    ]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def put(readme: Path, text: str) -> None:
    """Replace what stands between the markers. Raises `ValueError` where they are missing."""
    whole = readme.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme.name} has no {BEGIN} … {END}")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
