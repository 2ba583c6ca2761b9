"""The answers of the upstream systems, as their OpenAPI files describe them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPENAPI = Path(__file__).parents[4] / "shared" / "upstream" / "openapi"
READ_BY = {
    "ndelius": "delius",
    "probation-offender-search": "delius",
    "assess-risks-and-needs": "oasys",
    "prisoner-search": "nomis",
    "alerts-api": "nomis",
    "create-and-vary-licence-public": "cvl",
    "core-person-record": "cpr",
}
"""Which adapter takes the answers of which file."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation's good answer. `document` resolves the references in `schema`."""

    system: str
    name: str
    schema: dict[str, Any]
    document: dict[str, Any]


def operations() -> list[Operation]:
    """Every operation that answers with JSON; none where the files are not there."""
    files = sorted(OPENAPI.glob("*.json"))
    return [one for file in files if file.stem in READ_BY for one in _of(file)]


def _of(file: Path) -> Iterator[Operation]:
    document = json.loads(file.read_bytes())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for schema in _answers(operation):
                name = f"{file.stem}: {method.upper()} {path}"
                yield Operation(READ_BY[file.stem], name, schema, document)


def _answers(operation: Any) -> Iterator[dict[str, Any]]:
    responses = operation.get("responses", {}) if isinstance(operation, dict) else {}
    for status, answer in responses.items():
        for media_type, body in answer.get("content", {}).items():
            if status.startswith("2") and media_type in ("application/json", "*/*"):
                if schema := body.get("schema"):
                    yield schema
                return
