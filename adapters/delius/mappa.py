"""The MAPPA registration. Category 0 (`X9`) and level 0 (`M0`) are *not yet determined*.

Category and level come from their own fields only, never from a note or a description.
"""

import re
from collections.abc import Mapping
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
    """The registration, or none where neither a level nor a category is given.

    Delius never says when the registration was written, so the arrival of the push counts.
    """
    category, category_code = _read(node["category"], _CATEGORIES)
    level, level_code = _read(node["level"], _LEVELS)
    if category_code is None and level_code is None:
        return []
    _compare(category_code, node["categoryDescription"])
    _compare(level_code, node["levelDescription"])
    if category == 3 and level == 1:
        node.warn("category-3-level-1")
    record = MappaRegistration(
        category=category,
        category_code=category_code,
        level=level,
        level_code=level_code,
        start=node["startDate"].day(),
        review_due=node["reviewDate"].day(),
        area=node["probationArea"]["code"].text(),
        notes=node["notes"].text(),
    )
    return [MappedRecord(record, "current")]


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
    match = _DESCRIBED.search(str(description.value))
    if code is None or match is None:
        return
    said = match[1] or "0"
    meant = "0" if code.strip().upper() in _UNDETERMINED else code.strip()[-1:]
    if said != meant:
        description.warn("contradiction")
