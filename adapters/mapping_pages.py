"""`docs/mapping/`: for each system, field by field, what its format holds and what it loses.

`python -m adapters.mapping_pages` writes the pages from the adapters' own `lines`; `--check` fails
where one is out of date. A round-trip test holds the adapters to what the pages say.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adapters.base import Adapter
from adapters.fields import leaves
from adapters.registry import ADAPTERS
from adapters.writing import Line, Way
from schemas import RECORDS
from schemas.kinds import Kind

PAGES = Path(__file__).parents[1] / "docs" / "mapping"
_HEAD = """# {system}: what its format holds

Written by `python -m adapters.mapping_pages` from the adapter's own table; a test reads back what
the adapter writes and compares, field by field. *in*: taken from a payload. *out*: written into an
export. Both: the same after the way there and back. A field without a row below is one that the
format cannot hold; those of each record are listed under it.
"""


def pages() -> dict[str, str]:
    """Every page by its file name."""
    found = {f"{system}.md": page(ADAPTERS[system]) for system in sorted(ADAPTERS)}
    return found | {"README.md": _index(sorted(ADAPTERS))}


def page(adapter: Adapter) -> str:
    """The page of one system."""
    parts = [_HEAD.format(system=adapter.system), _forms(adapter)]
    for kind in Kind:
        lines = [line for line in adapter.lines if line.kind is kind]
        if lines:
            parts.append(_record(kind, lines))
    others = [kind.value for kind in Kind if kind not in {line.kind for line in adapter.lines}]
    parts.append(f"## Other records\n\nNothing is held of: {', '.join(others)}.\n")
    return "\n".join(parts)


def _index(systems: Iterable[str]) -> str:
    listed = "".join(f"- [{system}]({system}.md)\n" for system in systems)
    return (
        f"# Mappings\n\nWhat each agency's format holds of a record, and what it loses.\n\n{listed}"
    )


def _forms(adapter: Adapter) -> str:
    rows = [f"Takes: {', '.join(f'`{name}`' for name in adapter.media_types)}.\n"]
    for form in adapter.exports:
        kinds = ", ".join(form.kinds)
        back = "" if form.readable else "; for people to read, not taken back"
        rows.append(f"Writes `{form.name}` (`{form.media_type}`): {kinds}{back}.\n")
    if not adapter.exports:
        rows.append("Writes nothing: the system is only read.\n")
    return "\n".join(rows)


def _record(kind: Kind, lines: Sequence[Line]) -> str:
    known = leaves(RECORDS[kind])
    ordered = sorted(lines, key=lambda line: (known.index(line.field), lines.index(line)))
    lost = [field for field in known if field not in {line.field for line in lines}]
    rows = "\n".join(_row(line) for line in ordered)
    table = f"## {kind}\n\n| field | place | in | out | note |\n|---|---|---|---|---|\n{rows}\n"
    return table + "\n" + "\n".join(_losses(lines, lost))


def _row(line: Line) -> str:
    ways = ("" if line.way is Way.OUT else "yes", "" if line.way is Way.IN else "yes")
    place = f"`{line.place}`" if line.place else ""
    cells = (f"`{line.field}`", place, *ways, line.note)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _losses(lines: Sequence[Line], lost: Iterable[str]) -> Iterator[str]:
    one_way = {way: {line.field for line in lines if line.way in (way, Way.BOTH)} for way in Way}
    for title, fields in (
        ("Read and never written", one_way[Way.IN] - one_way[Way.OUT]),
        ("Written and never read", one_way[Way.OUT] - one_way[Way.IN]),
        ("Not held at all", set(lost)),
    ):
        if fields == {line.field for line in lines}:
            yield f"{title}: all of it.\n"
        elif fields:
            yield f"{title}: {', '.join(f'`{field}`' for field in sorted(fields))}.\n"


def main(arguments: Sequence[str], directory: Path = PAGES) -> int:
    """Write or check; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m adapters.mapping_pages [--check]", file=sys.stderr)
        return 2
    current, held = pages(), {file.name: file for file in directory.glob("*.md")}
    if not arguments:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in current.items():
            (directory / name).write_text(text, encoding="utf-8")
        for name in held.keys() - current.keys():
            held[name].unlink()
        return 0
    texts = {name: file.read_text(encoding="utf-8") for name, file in held.items()}
    if differing := sorted(n for n in current | texts if current.get(n) != texts.get(n)):
        print(f"docs/mapping is out of date in {', '.join(differing)}", file=sys.stderr)
        print("run: python -m adapters.mapping_pages", file=sys.stderr)
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
