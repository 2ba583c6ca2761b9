"""The fields of a canonical record as paths: `name.surname`, `addresses[].lines`.

The same spelling as `adapters.writing.Line.field`; the tables that map them, the pages made from
those, and the tests of the way there and back all walk a record by these.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from schemas.base import Canonical, parts_of

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def leaves(model: type[Canonical]) -> list[str]:
    """The path of every field that holds values and no parts, in the order of the model."""
    return list(dict.fromkeys(_leaves(model)))


def _leaves(model: type[Canonical]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        key, parts = info.alias or name, list(parts_of(info.annotation))
        start = f"{key}[]." if holds_list(info.annotation) else f"{key}."
        for part in parts:
            yield from (start + leaf for leaf in _leaves(part))
        if not parts:
            yield key


def holds_list(annotation: Any) -> bool:
    """Whether a field is a list, or a list or nothing."""
    origin = get_origin(annotation)
    if origin in (Annotated, Union, UnionType):
        return any(holds_list(one) for one in get_args(annotation))
    return origin is list


def covers(paths: Collection[str], leaf: str) -> bool:
    """Whether one of the paths is this field or holds it."""
    return any(leaf == path or leaf.startswith((f"{path}.", f"{path}[].")) for path in paths)


def told(value: Any, paths: Collection[str], at: str = "") -> Any:
    """What a JSON value says in these fields: nothing empty, and objects of a list once each, in
    an order of their own. Two documents that say the same give the same."""
    if isinstance(value, Mapping):
        parts = {
            key: told(part, paths, f"{at}.{key}" if at else key) for key, part in value.items()
        }
        return {key: part for key, part in parts.items() if part not in _EMPTY}
    if isinstance(value, list):
        rows = [told(one, paths, f"{at}[]" if isinstance(one, Mapping) else at) for one in value]
        rows = [row for row in rows if row not in _EMPTY]
        if not any(isinstance(row, dict) for row in rows):
            return rows
        return [json.loads(row) for row in sorted({json.dumps(r, sort_keys=True) for r in rows})]
    return value if covers(paths, at) else None
