"""Canonical records to try an adapter with: made from the models, in the fields that are asked for.

The text is what people write (other alphabets, quotes, line breaks, leading zeros, what a
spreadsheet would take for a formula or a date) and says something: it is never a placeholder and
has no blanks at its ends. Times are whole seconds between six and ten, so that a source that
writes London time can say them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from adapters.fields import covers, holds_list
from schemas.base import Canonical, parts_of
from schemas.identifiers import CHECK_LETTERS, Scheme
from schemas.person import Identifier

Strategy = st.SearchStrategy[Any]

_LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
_ODD = [
    "007",
    "0",
    "1E5",
    "01/02/2020",
    "=1+1",
    "+44",
    "-3",
    "@x",
    "O\u2019Brien",
    '"so"',
    "a,b;c",
    "ŵ",
    "<b>&amp;</b>",
    "{}",
    "[1]",
    "\\n",
    "null",
    "N/A",
    "ﬁ",
    "مرحبا",
    "😀",
    "é",
    "é",
    "£5",
]
_WORDS = st.text(_LETTERS, min_size=1, max_size=8) | st.sampled_from(_ODD)
_BREAKS = st.sampled_from([" ", " ", "  ", "\n", "\n\n", "\t"])
TEXT = st.lists(st.tuples(_WORDS, _BREAKS), min_size=1, max_size=4).map(
    lambda pairs: "".join(word + gap for word, gap in pairs).strip() + "."
)
WILD = st.text(max_size=12)
"""Any text at all: what a format has no place for must not break what is written."""

_DAYS = st.dates(date(1901, 1, 1), date(2100, 1, 1))
_TIMES = st.builds(
    "{}T{:02}:{:02}:{:02}Z".format,
    _DAYS,
    st.integers(6, 21),
    st.integers(0, 59),
    st.integers(0, 59),
)
_SIMPLE: dict[Any, Strategy] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(0, 1000),
    float: st.integers(0, 10_000).map(lambda hundredths: hundredths / 100),
}


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**count - 1).map(lambda number: str(number).zfill(count))


IDENTIFIERS: dict[Scheme, st.SearchStrategy[str]] = {
    Scheme.CRN: _digits(6).map(lambda digits: f"X{digits}"),
    Scheme.NOMS: _digits(4).map(lambda digits: f"A{digits}BC"),
    Scheme.PNC: st.tuples(st.integers(1950, 2020), _digits(7)).map(
        lambda p: f"{p[0]}/{p[1]}{CHECK_LETTERS[int(str(p[0])[2:] + p[1]) % 23]}"
    ),
    Scheme.CRO: st.tuples(_digits(6), _digits(2)).map(
        lambda p: f"{p[0]}/{p[1]}{CHECK_LETTERS[int(p[1] + p[0]) % 23]}"
    ),
    Scheme.VISOR: _digits(4).map(lambda digits: f"V/12/{digits}"),
    Scheme.VCMS: _digits(4).map(lambda digits: f"VC-{digits}"),
    Scheme.BOOKING: _digits(5).map(lambda digits: f"{digits}A"),
}
"""Identifiers of each scheme whose form and check letter hold."""


def identifiers(*schemes: Scheme, bad: bool = False) -> Strategy:
    """At most one identifier of each scheme, as the person record lists them.

    With `bad`, a PNC whose check letter fails is among them: it is carried and never linked by.
    """
    told = {scheme.value: _identifier(scheme) for scheme in schemes}
    if bad:
        told["bad"] = st.just({"scheme": "pnc", "value": "2009/44", "verified": False})
    return st.fixed_dictionaries({}, optional=told).map(lambda chosen: list(chosen.values()))


def _identifier(scheme: Scheme) -> Strategy:
    return st.fixed_dictionaries(
        {
            "scheme": st.just(scheme.value),
            "value": IDENTIFIERS[scheme],
            "verified": st.just(True),
        }
    )


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes JSON values of a model's fields `wanted` (paths; all, where `None`).

    `narrowed` gives a strategy of its own to a path, such as `identifiers` or `scores[].tool`.
    """

    wanted: Collection[str] | None = None
    narrowed: Mapping[str, Strategy] = field(default_factory=dict)
    text: st.SearchStrategy[str] = TEXT

    def record(self, model: type[Canonical], at: str = "") -> Strategy:
        """A document of this model. What it must hold is there, the rest may be missing."""
        needed: dict[str, Strategy] = {}
        optional: dict[str, Strategy] = {}
        for name, info in model.model_fields.items():
            key = info.alias or name
            path = f"{at}{key}"
            tag = get_origin(info.annotation) is Literal and key == "type"
            if tag or self._wants(path, list(parts_of(info.annotation))):
                many = holds_list(info.annotation)
                value = self._value(info.annotation, f"{path}[]" if many else path, path)
                (needed if info.is_required() or tag else optional)[key] = value
        return st.fixed_dictionaries(needed, optional=optional)

    def _wants(self, path: str, parts: Collection[object]) -> bool:
        if self.wanted is None or covers(self.wanted, path):
            return True
        starts = (f"{path}.", f"{path}[].")
        return bool(parts) and any(one.startswith(starts) for one in self.wanted)

    def _value(self, annotation: Any, inside: str, path: str) -> Strategy:
        if path in self.narrowed:
            return self.narrowed[path]
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._value(arguments[0], inside, path)
        if origin in (Union, UnionType):
            return st.one_of([self._value(one, inside, path) for one in arguments])
        if origin is Literal:
            return st.sampled_from(arguments)
        if origin is list:
            if arguments[0] is Identifier:
                return identifiers(Scheme.CRN, Scheme.NOMS, Scheme.PNC, Scheme.CRO)
            return st.lists(self._value(arguments[0], inside, inside), max_size=2)
        if origin is dict:
            return st.dictionaries(self.text, self.text, max_size=2)
        if issubclass(annotation, Canonical):
            return self.record(annotation, f"{inside}.")
        return self._leaf(annotation)

    def _leaf(self, annotation: type) -> Strategy:
        if annotation in _SIMPLE:
            return _SIMPLE[annotation]
        if issubclass(annotation, Enum):
            return st.sampled_from([one.value for one in annotation])
        if annotation is str:
            return self.text
        return _DAYS.map(str) if annotation is date else _TIMES
