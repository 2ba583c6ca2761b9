"""What speaks for one person and what against, made from two records as the asker may see them.

It is worked out of the redacted records, when somebody asks: so it can never show more than those
do, and never what is no longer so.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson

from gateway.identity.describe import NUMBERS, described

Shown = Mapping[str, Any]
KNOWN = {
    "forenames": ("identity", ("forename", "others")),
    "surname": ("identity", ("surname",)),
    "dateOfBirth": ("identity", ("born",)),
    "gender": ("identity", ("gender",)),
    "postcode": ("addresses", ("postcodes",)),
    **{name: ("identifiers", (name,)) for name in NUMBERS},
}
"""Fields that are compared, with their section and what `described` makes of them."""


def compared(one: Shown, other: Shown, released: Collection[str]) -> list[dict[str, str]]:
    """Of each field that both records may show: agrees, differs, or not known of both."""
    left, right = described("", dict(one)), described("", dict(other))
    found = []
    for field, (section, columns) in KNOWN.items():
        if section in released:
            a, b = ([side[name] for name in columns] for side in (left, right))
            found.append({"field": field, "outcome": _outcome(field)(a, b)})
    return found


def _outcome(field: str) -> Callable[[list[Any], list[Any]], str]:
    return _overlap if field == "postcode" else _equal


def _equal(a: list[Any], b: list[Any]) -> str:
    if a[0] is None or b[0] is None:
        return "not-known"
    return "agrees" if a == b else "differs"


def _overlap(a: list[Any], b: list[Any]) -> str:
    if not a[0] or not b[0]:
        return "not-known"
    return "agrees" if set(a[0]) & set(b[0]) else "differs"


def weighed(evidence: str | None, released: Collection[str]) -> list[dict[str, Any]]:
    """The parts of the match weight that rest on sections both records may show."""
    parts = orjson.loads(evidence) if evidence else []
    return [part for part in parts if part["section"] in released]
