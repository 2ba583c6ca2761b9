"""An adapter under test with its samples, and what the tests share."""

import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.base import Adapter, AdapterError, MappedPerson
from adapters.registry import ADAPTERS, package_of
from adapters.testing.roundtrip import read_all

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES = {"application/json", "application/xml", "text/csv", DOCX}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An adapter and its package: `samples/` (`.json`, `.xml`, `.csv`, `.docx`), and the declared
    schema of its JSON (`schema.json`, JSON Schema 2020-12) or XML (an XSD). A sample named
    `unknown-code` holds a code that the adapter does not know."""

    adapter: Adapter
    home: Path

    @classmethod
    def of(cls, system: str) -> "Candidate":
        """The adapter of this name, of the house or installed."""
        package = importlib.import_module(package_of(system))
        return cls(ADAPTERS[system], Path(str(package.__file__)).parent)

    @property
    def system(self) -> str:
        """Its name."""
        return self.adapter.system

    def samples(self, *suffixes: str) -> list["Sample"]:
        """Its samples: all, or those of some formats."""
        files = sorted((self.home / "samples").iterdir())
        return [Sample(self, file) for file in files if file.suffix in (suffixes or file.suffix)]

    @property
    def unknown_code(self) -> "Sample | None":
        """The sample with the unknown code; `None` for an adapter that looks no code up."""
        return next((one for one in self.samples() if one.file.stem == "unknown-code"), None)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of an adapter."""

    tested: Candidate
    file: Path

    @property
    def adapter(self) -> Adapter:
        """Whose sample it is."""
        return self.tested.adapter

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.file.read_bytes()

    @property
    def suffix(self) -> str:
        """Its format."""
        return self.file.suffix


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
