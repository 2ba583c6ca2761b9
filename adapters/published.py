"""Checking a payload against one of the JSON Schemas that the gateway itself publishes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema_rs

from adapters.base import AdapterError
from adapters.reading import Node


class PublishedSchema:
    """A JSON Schema 2020-12 file, compiled once.

    `formats` are not asserted: a bad date is read with a caution, it does not cost the payload.
    """

    def __init__(self, file: Path, definition: str = "") -> None:
        """`definition`: one of the file's `$defs`, where each shape has its own."""
        schema = json.loads(file.read_text("utf-8"))
        if definition:
            schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
        self._validator = jsonschema_rs.Draft202012Validator(schema)
        self._names = frozenset(_names(schema))

    def check(self, node: Node) -> None:
        """Raises `AdapterError` (`schema`) for the first breach, without any of its values.

        A member that the schema does not name shows as `*` in the pointer: it may be personal.
        """
        for error in self._validator.iter_errors(node.value):
            steps = (self._step(step) for step in error.instance_path)
            raise AdapterError("schema", _expected(error.kind), "".join(steps))

    def _step(self, step: str | int) -> str:
        return f"/{step}" if isinstance(step, int) or step in self._names else "/*"


def _names(schema: Any) -> Iterable[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _names(part)


def _expected(kind: Any) -> str:
    match kind.name:
        case "required":
            return f"the member {kind.property} is required here"
        case "type":
            return f"expected {' or '.join(sorted(map(str, kind.types)))}"
        case "additionalProperties":
            return "the schema does not allow a member that stands here"
    return f"the schema's rule {kind.name} does not hold here"
