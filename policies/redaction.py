"""Building an answer from the sections that may leave.

Nothing is ever deleted from a full copy: a key that the model does not label, or whose section is
not released, is simply never looked at. Plans are worked out once per model and once per set of
released sections, so that the hot path is plain loops over dictionaries.
"""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from schemas.base import PARTS, Canonical, parts_of, section_of, sections_of

REMEMBERED = 256
"""Sets of released sections a redactor keeps plans for; policies only ever produce a handful."""

Build = Callable[[Any], Any]


class _Nothing:
    """What a part becomes of which nothing is released. `None` is a value and may be released."""


NOTHING = _Nothing()


class Redactor:
    """Redacts documents of one model. Raises `TypeError` for a model it cannot follow safely."""

    def __init__(self, model: type[Canonical]) -> None:
        self.model = model
        self.sections = frozenset(sections_of(model))
        self._plans: dict[frozenset[str], Build] = {}
        _object(model, self.sections)

    def redact(self, document: Mapping[str, Any], released: frozenset[str]) -> dict[str, Any]:
        """The released part of a JSON-ready document (keys by alias, as the models dump them).

        Values are shared with `document`, not copied.
        """
        build = self._plans.get(released)
        if build is None:
            build = _object(self.model, released & self.sections)
            if len(self._plans) < REMEMBERED:
                self._plans[released] = build
        answer = build(document if isinstance(document, dict) else dict(document))
        return {} if answer is NOTHING else answer


def _object(model: type[Canonical], released: frozenset[str]) -> Build:
    """A function that builds what is released of one object of this model."""
    leaves: list[str] = []
    nested: list[tuple[str, Build]] = []
    for name, info in model.model_fields.items():
        section, key = section_of(model, name), info.alias or name
        if section is not PARTS and section.name not in released:
            continue
        if any(parts_of(info.annotation)):
            if any(released.intersection(sections_of(m)) for m in parts_of(info.annotation)):
                nested.append((key, _value(info.annotation, released)))
        else:
            leaves.append(key)

    def build(document: Any) -> Any:
        if not isinstance(document, dict):
            return NOTHING
        answer = {key: document[key] for key in leaves if key in document}
        for key, part in nested:
            if key in document:
                value = part(document[key])
                if value is not NOTHING:
                    answer[key] = value
        return answer if answer or not document else NOTHING

    return build


def _value(annotation: Any, released: frozenset[str]) -> Build:
    """A function for a field that holds parts: an object, a list of them, or either optional."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], released)
    if origin is list:
        return _list(_value(arguments[0], released))
    if origin in (Union, UnionType):
        choices = [argument for argument in arguments if argument is not type(None)]
        build = _value(choices[0], released) if len(choices) == 1 else _tagged(choices, released)
        return _optional(build) if len(choices) < len(arguments) else build
    if isinstance(annotation, type) and issubclass(annotation, Canonical):
        return _object(annotation, released)
    raise TypeError(f"cannot redact parts held in {annotation}")


def _list(element: Build) -> Build:
    def build(value: Any) -> Any:
        if not isinstance(value, list):
            return NOTHING
        return [part for part in map(element, value) if part is not NOTHING]

    return build


def _optional(present: Build) -> Build:
    def build(value: Any) -> Any:
        return None if value is None else present(value)

    return build


def _tagged(models: list[type[Canonical]], released: frozenset[str]) -> Build:
    """A union told apart by `type`. An element with an unknown tag is left out."""
    plans: dict[str, Build] = {}
    for model in models:
        tag = model.model_fields.get("type") if issubclass(model, Canonical) else None
        tags = get_args(tag.annotation) if tag else ()
        if not tags or plans.keys() & set(tags):
            raise TypeError(f"{model.__name__} has no tag of its own to tell it by")
        whole = _object(model, released)
        plans |= dict.fromkeys(tags, whole)

    def build(value: Any) -> Any:
        plan = plans.get(str(value.get("type"))) if isinstance(value, dict) else None
        return plan(value) if plan else NOTHING

    return build
