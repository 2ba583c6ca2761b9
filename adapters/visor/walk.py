"""Reading an element into the values of a canonical record, by the table of elements.

Each value goes through `reading.Node`, so that text, days, times and placeholders are read here
as they are in every other adapter.
"""

import math
from typing import Any

from lxml import etree

from adapters.reading import Node
from adapters.visor.form import CODED, NAMESPACE, Element, Form
from schemas.rosh import RoshLevel

_CODES: dict[Form, dict[str, Any]] = {
    Form.CATEGORY: {str(number): number for number in (1, 2, 3, 4)},
    Form.LEVEL: {str(number): number for number in (1, 2, 3)},
    Form.ROSH: {level.value: level for level in RoshLevel},
}


class Place:
    """An element and its pointer; `cautions` of `node` is where cautions go."""

    __slots__ = ("element", "node")

    def __init__(self, element: etree._Element, node: Node) -> None:
        self.element, self.node = element, node

    def children(self, tag: str) -> list["Place"]:
        """The children of that name, in order."""
        found = self.element.findall(f"{{{NAMESPACE}}}{tag}")
        return [self._child(one, tag, rank) for rank, one in enumerate(found, 1)]

    def child(self, tag: str) -> "Place | None":
        """The only child of that name."""
        return next(iter(self.children(tag)), None)

    def _child(self, element: etree._Element, tag: str, rank: int) -> "Place":
        pointer = f"{self.node.pointer}/{tag}" + (f"[{rank}]" if rank > 1 else "")
        return Place(element, Node(element.text or None, pointer, self.node.cautions))

    def attribute(self, name: str) -> Node:
        """An attribute; a missing one is a node whose value is `None`."""
        pointer = f"{self.node.pointer}/@{name}"
        return Node(self.element.get(name) or None, pointer, self.node.cautions)

    def read(self, parts: tuple[Element, ...]) -> dict[str, Any]:
        """The values of a canonical record (by camelCase key), only those that are present."""
        values: dict[str, Any] = {}
        for part in parts:
            places = self.children(part.tag)
            if places and part.answer:
                places[0].node.warn("unknown-field")
            elif places:
                values.update(_values(part, places))
        return {key: value for key, value in values.items() if value is not None}


def _values(part: Element, places: list[Place]) -> dict[str, Any]:
    if part.form in CODED:
        return _coded(part, places[0])
    if part.form is Form.ENTRIES:
        named = ((one.element.get("name", ""), one.node.text()) for one in places)
        return {part.key: {name: text or "" for name, text in named}}
    read = [one.read(part.parts) if part.parts else _leaf(part.form, one.node) for one in places]
    if part.many:
        return {part.key: [value for value in read if value is not None]}
    return {part.key: read[0]}


def _leaf(form: Form, node: Node) -> Any:
    if form is Form.WORD:
        return (node.value or "").replace("\r\n", "\n").replace("\r", "\n")
    if form is Form.TEXT:
        return node.text()
    trimmed = Node((node.value or "").strip(), node.pointer, node.cautions)
    match form:
        case Form.DAY:
            return trimmed.day()
        case Form.TIME:
            return trimmed.time()
        case Form.FLAG:
            return trimmed.flag()
    number = float(trimmed.value)
    if math.isfinite(number):
        return number
    return trimmed.warn("unreadable-value")


def _coded(part: Element, place: Place) -> dict[str, Any]:
    """The canonical value, and the source's word: from `code`, or the text if it is unknown."""
    text, code = place.node.text(), place.attribute("code").text()
    value = _CODES[part.form].get((text or "").strip().upper().replace(" ", "_").replace("-", "_"))
    if value is None and (text or code):
        place.node.warn("unknown-code" if text else "not-yet-determined")
    if text is not None and (value is None or (code is None and text != str(value))):
        code = f"{code}: {text}" if code else text
    return {part.key: value, f"{part.key}Code": code}
