"""What the conformance tests share: every adapter, its samples, and how the gateway reads them.

An adapter is a package with `ADAPTER`, `samples/` (`.json`, `.xml`, `.csv`, `.docx`), and the
declared schema of its JSON (`schema.json`, JSON Schema 2020-12) or XML (an XSD). Its sample
`unknown-code` holds a code that it does not know.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.base import Adapter, AdapterError, MappedPerson
from adapters.registry import ADAPTERS
from adapters.testing.roundtrip import read_all

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HOME = Path(__file__).parents[2] / "adapters"
SAMPLES = sorted(
    (file for system in ADAPTERS for file in (HOME / system / "samples").iterdir()),
    key=lambda file: (file.parts[-3], file.name),
)
SYSTEM = pytest.mark.parametrize("system", sorted(ADAPTERS))
SAMPLE = pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parts[-3]}/{file.name}")


UNKNOWN_CODES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "delius": ("details.json", ("mappa", "category"), "Q7"),
    "oasys": ("offending-history.json", ("gender",), "97"),
}
"""For a package without that sample: one of its others, a place in it, and a code to put there."""

INTERPRETS_CODES = sorted(ADAPTERS.keys() - {"cpr", "approved_premises"})
"""The core person record and the residents' list are passed on in their own words: no code is
looked up, none is unknown."""


def adapter_of(file: Path) -> Adapter:
    """The adapter whose sample this is."""
    return ADAPTERS[file.parts[-3]]


def samples_of(system: str, suffix: str = "") -> list[Path]:
    """The samples of one adapter: all, or those of one format."""
    return [f for f in SAMPLES if f.parts[-3] == system and f.suffix in (suffix or f.suffix)]


def unknown_code(system: str) -> bytes:
    """A payload of this system with a code that its adapter does not know."""
    if own := list((HOME / system / "samples").glob("unknown-code.*")):
        return own[0].read_bytes()
    name, place, code = UNKNOWN_CODES[system]
    document = json.loads((HOME / system / "samples" / name).read_bytes())
    return json.dumps(replaced(document, place, code)).encode()


def dumps(people: list[MappedPerson]) -> str:
    """All records as stored."""
    return "\n".join(
        one.record.model_dump_json(by_alias=True) for person in people for one in person.records
    )


def assert_canonical(people: list[MappedPerson]) -> None:
    """Each record survives its own JSON, belongs to somebody and names its document."""
    for person in people:
        assert person.identifiers
        for mapped in person.records:
            body = mapped.record.model_dump_json(by_alias=True)
            assert type(mapped.record).model_validate_json(body) == mapped.record
            assert mapped.source_ref
            assert mapped.written_at is None or mapped.written_at.tzinfo is not None


def outcome(adapter: Adapter, raw: bytes) -> str:
    """Read bytes that may be anything: refused by name, or canonical. Gives all that was said."""
    try:
        people = read_all(adapter, raw)
    except AdapterError as error:
        refusal = error
    else:
        assert_canonical(people)
        return "\n".join(f"{one.code} {one.pointer}" for p in people for one in p.cautions)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", refusal.code)
    return str(refusal)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value, itself first."""
    found = [path]
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in rows:
            found += places(inner, (*path, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of a JSON document with the value at `path` replaced."""
    if not path:
        return value
    step, *rest = path
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[step] = replaced(copy[step], tuple(rest), value)
    return copy
