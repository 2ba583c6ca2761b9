"""Where each canonical field stands in the police form: told from its table of elements."""

from collections.abc import Iterator

from adapters.fields import leaves
from adapters.visor.form import CODED, Element, Form
from adapters.visor.write import SECTIONS
from adapters.writing import Line, Way
from schemas import RECORDS
from schemas.kinds import Kind

_TAKEN = frozenset({Kind.PERSON, Kind.CASE_TEAM, Kind.MAPPA, Kind.ROSH})
"""Kinds that the register sends; the others it only receives."""
_ANSWER = "written by the gateway, not taken from a payload"
_CODE = "the source's own word beside the value; an unknown one stands here alone"


def _lines(kind: Kind, place: str, field: str, parts: tuple[Element, ...]) -> Iterator[Line]:
    for part in parts:
        here, name = f"{place}/{part.tag}", f"{field}{part.key}"
        way = Way.OUT if part.answer or kind not in _TAKEN else Way.BOTH
        note = _ANSWER if part.answer else ""
        if part.parts:
            inner = tuple(p if not part.answer else _answered(p) for p in part.parts)
            yield from _lines(kind, here, f"{name}[]." if part.many else f"{name}.", inner)
        elif part.form is Form.ENTRIES:
            yield Line(kind, name, f"{here}/@name and text", way, note)
        else:
            yield Line(kind, name, here, way, note)
            if part.form in CODED:
                yield Line(kind, f"{name}Code", f"{here}/@code", way, _CODE)


def _answered(part: Element) -> Element:
    return Element(part.tag, part.key, part.form, part.many, answer=True, parts=part.parts)


def _all() -> Iterator[Line]:
    for kind, tag, parts in SECTIONS:
        field, place = ("members[].", "team/*") if kind is Kind.CASE_TEAM else ("", tag)
        yield from _lines(kind, place, field, parts)
    own = Kind.PERSON, "identifiers[].value", "@reference"
    yield Line(*own, note="the register's own reference")
    worked_out = "worked out from the form and the check letter"
    yield Line(Kind.PERSON, "identifiers[].verified", "", Way.IN, worked_out)
    for field in ("code", "description"):
        note = "a nominal's type is kept as a flag"
        yield Line(Kind.ROSH, f"flags[].{field}", "type", Way.IN, note)


LINES = tuple(line for line in _all() if line.field in leaves(RECORDS[line.kind]))
