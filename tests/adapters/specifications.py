"""Bodies that a published OpenAPI specification allows, to try an adapter with.

The specifications lie beside the repository. Text is what such fields hold in practice, so that
codes, dates and numbers of every generation meet; each member that is not required may be absent.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.adapters.mutation import ODD_TEXT, SHARED

OPENAPI = SHARED.parent / "openapi"
EACH = settings(
    deadline=None,
    max_examples=int(os.environ.get("OPENAPI_EXAMPLES", "15")),
    suppress_health_check=list(HealthCheck),
)
"""Set `OPENAPI_EXAMPLES` for a long run."""

Strategy = st.SearchStrategy[Any]
_TELLING = [
    *("X710001", "A7101BC", "2011/0045678R", "045678/11W", "M1", "M0", "RVHR", "RVRH", "MAPP"),
    *("RCCO", "31/12/2024", "14/06/2024 09:30", "Fri Jun 14 00:00:00 BST 2024", "09:30:00"),
    *("Yes", "LOW", "0", "-2147483648", "a\r\nb", "N54UATU", "Very High RoSH"),
]
_TEXT = st.sampled_from([*ODD_TEXT, *_TELLING]) | st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8
)
_DAYS = st.dates().map(str) | st.sampled_from(["1900-01-01", "2129-09-14", "0001-01-01"])
_TIMES = st.datetimes().map(datetime.isoformat)
_FORMATS: dict[str, Strategy] = {
    "date": _DAYS,
    "date-time": st.tuples(_TIMES, st.sampled_from(["Z", "+01:00", ""])).map("".join),
    "int32": st.integers(-(2**31), 2**31 - 1) | st.integers(0, 5),
    "uuid": st.uuids().map(str),
}
_TYPES: dict[str, Strategy] = {
    "string": _TEXT,
    "integer": st.integers(-(2**40), 2**40) | st.integers(0, 5),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 99),
    "boolean": st.booleans(),
    "null": st.none(),
}


def answers(name: str) -> dict[str, Strategy]:
    """The bodies of every operation of a specification, as `get /path`; none where it is absent.

    Operations that answer alike are told once, by the first of them.
    """
    return dict(_answers(name)) if (OPENAPI / f"{name}.json").exists() else {}


def _answers(name: str) -> Iterator[tuple[str, Strategy]]:
    document = json.loads((OPENAPI / f"{name}.json").read_text())
    told: set[str] = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            bodies = [
                body["schema"]
                for answer in operation.get("responses", {}).values()
                for body in (answer.get("content") or {}).values()
                if "schema" in body
            ]
            if bodies and (known := json.dumps(bodies, sort_keys=True)) not in told:
                told.add(known)
                yield f"{method} {path}", st.one_of([_Schemas(document).of(one) for one in bodies])


class _Schemas:
    """Strategies for the schemas of one document; those that refer to themselves are deferred."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._named = cache(self._build)

    def of(self, schema: Any) -> Strategy:
        if reference := schema.get("$ref"):
            return st.deferred(lambda: self._named(reference))
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return st.one_of([self.of(one) for one in schema[key]])
        if "allOf" in schema:
            return st.tuples(*map(self.of, schema["allOf"])).map(_merged)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        kinds = schema.get("type", "object")
        return st.one_of(
            [self._kind(k, schema) for k in ([kinds] if isinstance(kinds, str) else kinds)]
        )

    def _build(self, reference: str) -> Strategy:
        found = self._document
        for step in reference.split("/")[1:]:
            found = found[step]
        return self.of(found)

    def _kind(self, kind: str, schema: Any) -> Strategy:
        if kind == "array":
            return st.lists(self.of(schema.get("items", {})), max_size=3)
        if kind != "object":
            return _FORMATS.get(schema.get("format", ""), _TYPES[kind])
        members = {key: self.of(part) for key, part in schema.get("properties", {}).items()}
        needed = set(schema.get("required") or ()) & members.keys()
        if not members:
            return st.dictionaries(_TEXT, _TEXT, max_size=2)
        return st.fixed_dictionaries(
            {key: members[key] for key in sorted(needed)},
            optional={key: part for key, part in members.items() if key not in needed},
        )


def _merged(parts: tuple[Any, ...]) -> Any:
    return {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
