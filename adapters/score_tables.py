"""Assessments as tables: one row is one assessment of one person by one agency.

In JSON an assessment is an object whose members are the columns in camelCase (`Assessment date`
is `assessmentDate`). Columns of the person come first, then `Agency` (who scored: `police`,
`probation`, `prison`), `Reference` (the agency's own, if any), `Assessment date`, and the results
of the tool. Two agencies that score one person send two rows, and both stand. An assessment is
known by agency and reference, or by agency and day where a spreadsheet spoilt the reference.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pydantic.alias_generators import to_camel

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.cells import Cell, identifiers_in, sound
from adapters.json_adapter import JsonAdapter, Shape, identifiers_of
from adapters.reading import Node
from adapters.table_adapter import TableAdapter
from adapters.tables import MEDIA_TYPE, Column, Table
from adapters.writing import Case, Export, Line, Way
from schemas.identifiers import Scheme
from schemas.kinds import Kind
from schemas.rosh import RiskScore, Rosh

_PERSON = {
    "CRN": Scheme.CRN,
    "Prison number": Scheme.NOMS,
    "PNC": Scheme.PNC,
    "ViSOR reference": Scheme.VISOR,
}
_ALSO = {
    "CRN": ("case reference number",),
    "Prison number": ("noms", "noms number", "nomis id", "prisoner number"),
    "PNC": ("pnc number", "pnc id"),
    "ViSOR reference": ("visor", "visor id", "visor number"),
}
AGENCY, REFERENCE, DATE = "Agency", "Reference", "Assessment date"


class Result(NamedTuple):
    """Where a row states a result: a word of `words`, and perhaps a figure."""

    band: str
    scale: str | None
    words: frozenset[str]
    figure: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A tool, its results, and the columns that are only looked at by `check`.

    `check` leaves cautions where the row contradicts what the tool is for; nothing is corrected.
    """

    system: str
    tool: str
    results: tuple[Result, ...]
    looked_at: tuple[Column, ...] = ()
    check: Callable[[Node], None] = lambda row: None

    @property
    def table(self) -> Table:
        """The columns in the order in which they are written."""
        results = (
            column
            for one in self.results
            for column in (
                Column(one.band, one.also, required=one is self.results[0]),
                *([Column(one.figure)] if one.figure else []),
            )
        )
        return Table(
            [
                *(Column(name, _ALSO[name]) for name in _PERSON),
                Column(AGENCY, ("assessed by", "assessor agency"), required=True),
                Column(REFERENCE, ("assessment id",)),
                Column(DATE, ("date", "assessed on", "date of assessment"), required=True),
                *results,
                *self.looked_at,
            ]
        )

    def person(self, row: Node, named: list[Any], cautions: list[Any]) -> MappedPerson:
        """What one row says of one person."""
        self.check(row)
        agency, on = _word(row[AGENCY]), row[DATE]
        day = on.day()
        record = Rosh(scores=list(self.scores(row, agency, day)))
        ref = f"{agency or 'unknown'}/{sound(row[REFERENCE]) or day or 'undated'}"
        written = on.time() if day else None
        return MappedPerson(named, [MappedRecord(record, ref, written)], cautions)

    def scores(self, row: Node, agency: str | None, day: date | None) -> Iterator[RiskScore]:
        """The results of a row, each a score; what is blank was not assessed."""
        for one in self.results:
            band = _word(row[one.band])
            figure = row[one.figure].number() if one.figure else None
            if band and _plain(band) not in one.words:
                row[one.band].warn("unknown-code")
            if band or figure is not None:
                yield RiskScore(
                    tool=self.tool,
                    scale=one.scale,
                    score=figure,
                    band=band,
                    assessed_by=agency,
                    assessed_on=day,
                )

    def write(self, case: Case) -> bytes:
        """The tool's scores of a case, a row for each assessor and day."""
        return self.table.write(self._rows(case))

    def _rows(self, case: Case) -> list[dict[str, str]]:
        person = _identifiers(case.documents.get(Kind.PERSON, {}))
        columns = {one.scale: one for one in self.results}
        rows: list[dict[str, str]] = []
        for score in case.documents.get(Kind.ROSH, {}).get("scores") or []:
            one = columns.get(score.get("scale"))
            if one is None or _plain(score.get("tool") or "") != _plain(self.tool):
                continue
            head = {AGENCY: score.get("assessedBy") or "", DATE: score.get("assessedOn") or ""}
            told = {one.band: score.get("band") or ""}
            if one.figure and (figure := score.get("score")) is not None:
                told[one.figure] = f"{figure:g}"
            _place(rows, person | head, {name: text for name, text in told.items() if text})
        return rows


def _place(rows: list[dict[str, str]], head: dict[str, str], told: Mapping[str, str]) -> None:
    """Into the row of the same assessor and day that has room, or a new one."""
    for row in rows:
        if head.items() <= row.items() and not told.keys() & row.keys():
            row.update(told)
            return
    rows.append({**head, **told})


def _identifiers(person: Mapping[str, Any]) -> dict[str, str]:
    told = {
        one.get("scheme"): one.get("value") or ""
        for one in person.get("identifiers") or []
        if one.get("verified")
    }
    return {name: told[scheme] for name, scheme in _PERSON.items() if scheme in told}


def _word(node: Node) -> str | None:
    return (node.text() or "").strip() or None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


class _Members(Node):
    """A JSON object whose members are found under the names of columns."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Node:
        return super().__getitem__(member(key))


def member(column: str) -> str:
    """`Assessment date` is `assessmentDate`, `ViSOR reference` is `visorReference`."""
    return to_camel(re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_"))


def adapter(tool: ScoreTable, lines: Iterable[Line] = ()) -> TableAdapter:
    """The adapter of a tool: its table, the same rows in JSON, and `scores.csv`."""
    results = [member(one.band) for one in tool.results]

    def rows(cells: Sequence[Cell], subject: Subject | None) -> list[MappedPerson]:
        return [
            tool.person(row, identifiers_in(tool.system, _named(row), subject), row.cautions)
            for row in cells
        ]

    def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
        row = _Members(node.value, node.pointer, node.cautions)
        named = identifiers_of(tool.system, ((s, row[c]) for c, s in _PERSON.items()), subject)
        return [tool.person(row, named, node.cautions)]

    def recognises(node: Node) -> bool:
        return node.has(member(AGENCY), member(DATE)) and any(map(node.has, results))

    return TableAdapter(
        tool.system,
        tool.table,
        rows,
        JsonAdapter(tool.system, [Shape("assessment", recognises, read)]),
        lines=(*_lines(tool), *lines),
        exports=[Export("scores.csv", MEDIA_TYPE, (Kind.PERSON, Kind.ROSH), tool.write)],
    )


def _named(row: Cell) -> Iterator[tuple[Scheme, Cell]]:
    return ((scheme, row[name]) for name, scheme in _PERSON.items())


def _lines(tool: ScoreTable) -> Iterator[Line]:
    bands = ", ".join(one.band for one in tool.results)
    figures = ", ".join(one.figure for one in tool.results if one.figure)
    yield Line(Kind.ROSH, "scores[].tool", "", note=f"{tool.tool} only")
    yield Line(Kind.ROSH, "scores[].scale", "the column", note="a scale without a column is lost")
    yield Line(Kind.ROSH, "scores[].band", bands)
    if figures:
        yield Line(Kind.ROSH, "scores[].score", figures)
    yield Line(Kind.ROSH, "scores[].assessedBy", AGENCY)
    yield Line(Kind.ROSH, "scores[].assessedOn", DATE)
    about = "whom the row is about; verified ones only"
    for field in ("scheme", "value"):
        yield Line(Kind.PERSON, f"identifiers[].{field}", ", ".join(_PERSON), Way.OUT, about)
