"""Invented documents of any model, each leaf marked with the section it belongs to."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from schemas.base import PARTS, Canonical, section_of

MARK = "§"
JUNK = f"{MARK}unlabelled"


def documents(model: type[Canonical], *, junk: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Any document: keys may be missing, parts empty or null; with `junk`, keys no model knows."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    needed: dict[str, st.SearchStrategy[Any]] = {}
    for name, info in model.model_fields.items():
        key, label = info.alias or name, section_of(model, name)
        if get_origin(info.annotation) is Literal and name == "type":
            needed[key] = st.sampled_from(get_args(info.annotation))
        elif label is PARTS:
            fields[key] = _parts(info.annotation, junk)
        else:
            mark = f"{MARK}{label.name}"
            fields[key] = st.sampled_from([mark, [mark], {"deep": mark}])
    if junk:
        fields["notInTheModel"] = st.sampled_from([JUNK, {"type": JUNK}, [JUNK]])
    return st.fixed_dictionaries(needed, optional=fields)


def _parts(annotation: Any, junk: bool) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _parts(arguments[0], junk)
    if origin is list:
        return st.lists(_parts(arguments[0], junk), max_size=3)
    if origin in (Union, UnionType):
        return st.one_of(*(_parts(argument, junk) for argument in arguments))
    if annotation is type(None):
        return st.none()
    return documents(annotation, junk=junk)


def marks(value: Any) -> Iterator[str]:
    """The sections of every marked leaf in a document, repeats included."""
    if isinstance(value, str) and value.startswith(MARK):
        yield value.removeprefix(MARK)
    elif isinstance(value, dict):
        for part in value.values():
            yield from marks(part)
    elif isinstance(value, list):
        for part in value:
            yield from marks(part)
