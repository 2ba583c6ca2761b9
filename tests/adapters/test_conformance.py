"""The rules every adapter obeys for what it understands. A new adapter is held to them by name."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from lxml import etree

from adapters.base import Caution
from adapters.registry import ADAPTERS
from adapters.testing.roundtrip import read_all
from tests.adapters.conformance import (
    DOCX,
    HOME,
    INTERPRETS_CODES,
    SAMPLE,
    SAMPLES,
    SYSTEM,
    adapter_of,
    assert_canonical,
    dumps,
    samples_of,
    unknown_code,
)


def test_every_package_of_an_adapter_is_registered() -> None:
    packages = {file.parts[-2] for file in HOME.glob("*/__init__.py")}
    assert packages - {"testing"} == set(ADAPTERS)


@SYSTEM
def test_an_adapter_names_itself_as_the_registry_does(system: str) -> None:
    adapter = ADAPTERS[system]
    assert adapter.system == system
    assert adapter.version
    assert set(adapter.media_types) <= {"application/json", "application/xml", "text/csv", DOCX}


@pytest.mark.parametrize("file", [f for f in SAMPLES if f.suffix in (".json", ".xml")], ids=str)
def test_the_declared_schema_validates_the_samples(file: Path) -> None:
    home, raw = file.parents[1], file.read_bytes()
    if file.suffix == ".xml":
        [declared] = home.glob("*.xsd")
        etree.XMLSchema(etree.parse(str(declared))).assertValid(etree.fromstring(raw))
        return
    validator = jsonschema_rs.Draft202012Validator(json.loads((home / "schema.json").read_bytes()))
    for item in adapter_of(file).split(raw):
        assert [str(error) for error in validator.iter_errors(json.loads(item.raw))] == []


@SYSTEM
def test_the_declared_schema_refuses_what_is_no_shape(system: str) -> None:
    for declared in (HOME / system).glob("schema.json"):
        schema = json.loads(declared.read_bytes())
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        validator = jsonschema_rs.Draft202012Validator(schema)
        nothing: list[Any] = [{}, [], None, 7, "text"]
        assert [one for one in nothing if validator.is_valid(one)] == []


@SAMPLE
def test_the_output_is_canonical_and_tells_something(file: Path) -> None:
    people = read_all(adapter_of(file), file.read_bytes())
    assert_canonical(people)
    assert any(person.records or person.merged for person in people)


@SAMPLE
def test_reading_twice_gives_the_same(file: Path) -> None:
    raw = file.read_bytes()
    assert read_all(adapter_of(file), raw) == read_all(adapter_of(file), raw)


@SAMPLE
def test_raw_bytes_survive(file: Path) -> None:
    """One payload keeps its bytes, and so does each of a JSON batch or in a wrapper. What is cut
    out of a table or an XML batch is written out once, with the head or namespaces it needs."""
    adapter, raw = adapter_of(file), file.read_bytes()
    items = adapter.split(raw)
    if len(items) == 1 and items[0].subject is None and not raw.startswith(b"["):
        assert items[0].raw == raw
    for item in items:
        assert [one.raw for one in adapter.split(item.raw)] == [item.raw]
        assert item.raw in raw or file.suffix != ".json"


@SYSTEM
def test_a_batch_gives_each_payload(system: str) -> None:
    adapter = ADAPTERS[system]
    if xml := [file.read_bytes() for file in samples_of(system, ".xml")]:
        batches = [raw for raw in xml if len(adapter.split(raw)) > 1]
        assert batches
        assert all(read_all(adapter, item.raw) for raw in batches for item in adapter.split(raw))
    raws = [file.read_bytes() for file in samples_of(system, ".json")]
    payloads = [item.raw.strip() for raw in raws for item in adapter.split(raw)]
    if payloads:
        batch = b" [\n" + b" ,\t".join(payloads) + b"] \n"
        assert [item.raw for item in adapter.split(batch)] == payloads


@pytest.mark.parametrize("system", INTERPRETS_CODES)
def test_an_unknown_code_is_kept_verbatim_with_a_caution(system: str) -> None:
    adapter, raw = ADAPTERS[system], unknown_code(system)
    [payload] = [item.raw for item in adapter.split(raw)]
    people = read_all(adapter, raw)
    cautions = [c for person in people for c in person.cautions if c.code == "unknown-code"]
    kept = dumps(people)
    values = [value for caution in cautions for value in values_at(payload, caution)]
    assert any(json.dumps(value, ensure_ascii=False) in kept for value in values)


def values_at(raw: bytes, caution: Caution) -> list[Any]:
    """What the payload holds where the caution points: RFC 6901 in JSON, a path in XML."""
    steps = caution.pointer.split("/")[1:]
    if raw.lstrip().startswith(b"<"):
        element = etree.fromstring(raw)
        for step in steps[1:]:
            name, _, rank = step.removesuffix("]").partition("[")
            element = element.findall(f"{{*}}{name}")[int(rank or 1) - 1]
        return [element.text, *element.attrib.values()]
    value = json.loads(raw)
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return [value]
