"""Making payloads that a JSON Schema of an OpenAPI file allows, by chance, thousands a second.

What a schema leaves open is filled with what real systems send there: placeholders, dates in every
spelling, identifiers good and bad, null and empty text wherever they are allowed.
"""

import base64
from collections.abc import Callable
from random import Random
from typing import Any

DEEP = 9
"""Levels below which nothing is added that need not be: some schemas hold themselves."""
LONG = "\n".join(["A line of notes.", "\tand \u201canother\u201d", "caf\u00e9 \U0001f600"] * 20)
TEXTS = ["", " ", "string", "Larkspur", "O\u2019Neil", "N/A", "Yes", "NO", "0", "007", "1.5"]
TEXTS += [
    "X9",
    "M2",
    "RVHR",
    "RHRH",
    "HIGH",
    "Very High",
    "COMPLETE",
    "LOCKED_INCOMPLETE",
    "X700001",
]
TEXTS += ["A7001BC", "2010/0045678X", "UNKNOWN PNC", "12/345678L", "1900-01-01", "2024-02-30"]
TEXTS += ["31/12/2024", "31/12/2024 23:59:59", "{{crn}}", "$date", "\u202eabc", "a\r\nb\rc", LONG]
CODES = ["", "A", "XA", "PC1", "P99", "LEI", "OUT", "SENTENCED", "MAPP", "RCCO", "0", "1", "3", "4"]
DAYS = ["2024-02-29", "1900-01-01", "2129-09-14", "0001-01-01", "9999-12-31", "2026-03-29"]
TIMES = ["2024-06-01T10:15:30Z", "2024-06-01T10:15:30.123456789+01:00", "2026-03-29T01:30:00"]
TIMES += ["2024-06-01T10:15", "0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "2024-06-01"]
INTEGERS = [0, 1, 2, 3, 4, -1, 100, 2**31 - 1, -(2**31)]
NUMBERS = [0.0, 1.5, 99.99, -3.25, 1e15, 5e-7]
BY_NAME = {
    "crn": ["X700001", "X700002", "CRN1", ""],
    "noms": ["A7001BC", "A7002BC", "AA1234Z"],
    "prisonernumber": ["A7001BC", "A7002BC", "AA1234Z"],
    "prisonnumber": ["A7001BC", "A7003BC"],
    "pnc": ["2010/0045678R", "2010/0045678A", "UNKNOWN PNC"],
    "cro": ["SF98/12345A", "123456/00A"],
}
"""What stands in a field of such a name."""


class Maker:
    """Makes values of schemas of one OpenAPI document. The same seed makes the same payload."""

    def __init__(self, document: dict[str, Any], seed: str) -> None:
        self.document, self.chance = document, Random(seed)
        self.fullness = self.chance.choice([0.1, 0.5, 0.9, 1.0])

    def value(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        """A value the schema allows; `name` is that of the field it stands in."""
        schema = self._resolved(schema)
        types = schema.get("type", "object" if "properties" in schema else "any")
        kinds = list(types) if isinstance(types, list) else [types]
        if schema.get("nullable") and "null" not in kinds:
            kinds.append("null")
        if "null" in kinds and len(kinds) > 1:
            kinds = ["null"] if self.chance.random() < 0.2 else [k for k in kinds if k != "null"]
        if "enum" in schema and kinds != ["null"]:
            return self.chance.choice([one for one in schema["enum"] if one is not None])
        return self._make(self.chance.choice(kinds), schema, name, depth)

    def _make(self, kind: str, schema: dict[str, Any], name: str, depth: int) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "object": lambda: self._object(schema, depth),
            "array": lambda: self._array(schema, name, depth),
            "string": lambda: self._text(schema, name.lower()),
            "integer": lambda: self.chance.choice(INTEGERS),
            "number": lambda: self.chance.choice(NUMBERS),
            "boolean": lambda: self.chance.random() < 0.5,
            "null": lambda: None,
            "any": lambda: self.chance.choice([None, True, 7, "text", [], {}]),
        }
        return makers[kind]()

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Without references and choices: one of `oneOf` and `anyOf`, all of `allOf` together."""
        while True:
            if ref := schema.get("$ref"):
                target: Any = self.document
                for step in ref.removeprefix("#/").split("/"):
                    target = target[step.replace("~1", "/").replace("~0", "~")]
                schema = target
            elif choices := schema.get("oneOf") or schema.get("anyOf"):
                others = {k: v for k, v in schema.items() if k not in ("oneOf", "anyOf")}
                schema = others | self._tagged(schema, self.chance.choice(choices))
            elif parts := schema.get("allOf"):
                schema = self._together(schema, [self._resolved(part) for part in parts])
            else:
                return schema

    def _tagged(self, schema: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
        """A choice that says which it is, where the schema names a field for that."""
        tag = schema.get("discriminator", {}).get("propertyName")
        ref = chosen.get("$ref", "")
        if not tag or not ref:
            return chosen
        named = {v: k for k, v in schema["discriminator"].get("mapping", {}).items()}
        inner = self._resolved(chosen)
        fixed = {tag: {"type": "string", "enum": [named.get(ref, ref.rpartition("/")[2])]}}
        properties = inner.get("properties", {}) | fixed
        return inner | {"properties": properties, "required": [*inner.get("required", []), tag]}

    @staticmethod
    def _together(schema: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
        whole = {key: value for key, value in schema.items() if key != "allOf"}
        for part in parts:
            properties = whole.get("properties", {}) | part.get("properties", {})
            required = [*whole.get("required", []), *part.get("required", [])]
            whole = part | whole | {"properties": properties, "required": required}
        return whole

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", [])
        made = {
            key: self.value(part, key, depth + 1)
            for key, part in schema.get("properties", {}).items()
            if key in required or (depth < DEEP and self.chance.random() < self.fullness)
        }
        if isinstance(more := schema.get("additionalProperties"), dict) and depth < DEEP:
            keys = self.chance.sample(["LOW", "HIGH", "VERY_HIGH", "Children", "other"], 2)
            made |= {key: self.value(more, key, depth + 1) for key in keys}
        return made

    def _array(self, schema: dict[str, Any], name: str, depth: int) -> list[Any]:
        least = schema.get("minItems", 0)
        most = max(least, min(schema.get("maxItems", 3), 3 if depth < DEEP else 0))
        count = self.chance.randint(least, most)
        return [self.value(schema.get("items", {}), name, depth + 1) for _ in range(count)]

    def _text(self, schema: dict[str, Any], name: str) -> str:
        match schema.get("format"):
            case "date":
                return self.chance.choice(DAYS)
            case "date-time":
                return self.chance.choice(TIMES)
            case "uuid":
                return f"4858CD8B-bca6-4f11-b6ee-{self.chance.randrange(16**12):012x}"
            case "byte" | "binary":
                return base64.b64encode(self.chance.randbytes(9)).decode()
        if "pattern" in schema:
            return "A1" if "A-Z0-9" in schema["pattern"] else "asc"
        named = next((texts for part, texts in BY_NAME.items() if part in name), None)
        pool = CODES if "code" in name and self.chance.random() < 0.6 else TEXTS
        text = self.chance.choice(named if named and self.chance.random() < 0.8 else pool)
        return text.ljust(schema.get("minLength", 0), "x")[
            : schema.get("maxLength", len(text) + 99)
        ]
