"""The MAPPA registration. Category 0 (`X9`) and level 0 (`M0`) are *not yet determined*.

Category and level come from their own fields only, never from a note or a description: `M1` to
`M3` are a category in one field and a level in the other.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from adapters.base import MappedRecord
from adapters.reading import Node
from schemas.mappa import Category, Level, MappaRegistration

T = TypeVar("T", bound=int)

_UNDETERMINED = frozenset({"0", "M0", "X9"})
_CATEGORIES: dict[str, Category] = {
    "1": 1, "2": 2, "3": 3, "4": 4, "M1": 1, "M2": 2, "M3": 3, "M4": 4
}  # fmt: skip
_LEVELS: dict[str, Level] = {"1": 1, "2": 2, "3": 3, "M1": 1, "M2": 2, "M3": 3}
_DESCRIBED = re.compile(r"\b(?:M|(?:Level|Cat|Category) )([0-9])\b|\b(X9)\b", re.IGNORECASE)


def registration(node: Node) -> list[MappedRecord]:
    """`{level, category, …}` as every answer about one person has it.

    Delius never says when the registration was written, so the arrival of the push counts.
    """
    return record(
        node,
        (node["category"], node["categoryDescription"]),
        (node["level"], node["levelDescription"]),
        start=node["startDate"].day(),
        review_due=node.first("reviewDate", "nextReviewDate").day(),
        area=node["probationArea"]["code"].text(),
        notes=node["notes"].text(),
    )


def record(
    node: Node,
    category: tuple[Node, Node],
    level: tuple[Node, Node],
    written_at: datetime | None = None,
    **told: date | str | None,
) -> list[MappedRecord]:
    """The record of the codes (each beside its description) and what else is told.

    None where neither is given: dates alone must not stand in front of what is known.
    """
    number, category_code = _read(category[0], _CATEGORIES)
    rank, level_code = _read(level[0], _LEVELS)
    _compare(category_code, category[1])
    _compare(level_code, level[1])
    if number == 3 and rank == 1:
        node.warn("category-3-level-1")
    codes = {"category_code": category_code, "level_code": level_code}
    if not any(codes.values()):
        return []
    found = MappaRegistration.model_validate(codes | told | {"category": number, "level": rank})
    return [MappedRecord(found, "current", written_at)]


def _read(node: Node, known: Mapping[str, T]) -> tuple[T | None, str | None]:
    code = node.text()
    if code is None:
        return None, None
    spelling = code.strip().upper()
    if spelling in known:
        return known[spelling], code
    node.warn("not-yet-determined" if spelling in _UNDETERMINED else "unknown-code")
    return None, code


def _compare(code: str | None, description: Node) -> None:
    """A description that names another number than the code beside it is a contradiction."""
    match = _DESCRIBED.search(str(description.text()))
    if code is None or match is None:
        return
    said = match[1] or "0"
    meant = "0" if code.strip().upper() in _UNDETERMINED else code.strip()[-1:]
    if said != meant:
        description.warn("contradiction")
