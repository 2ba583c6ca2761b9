"""The rules every adapter obeys for what it understands."""

import csv
import io
import json
from typing import Any

import jsonschema_rs
from lxml import etree

from adapters.base import Caution
from adapters.registry import ADAPTERS
from adapters.testing.roundtrip import read_all
from adapters.testing.tested import MEDIA_TYPES, Candidate, Sample, assert_canonical, dumps

__all__ = [
    "test_a_batch_gives_each_payload",
    "test_an_adapter_names_itself_as_the_registry_does",
    "test_an_unknown_code_is_kept_verbatim_with_a_caution",
    "test_raw_bytes_survive",
    "test_reading_twice_gives_the_same",
    "test_the_declared_schema_refuses_what_is_no_shape",
    "test_the_declared_schema_validates_the_samples",
    "test_the_output_is_canonical_and_tells_something",
]


def test_an_adapter_names_itself_as_the_registry_does(tested: Candidate) -> None:
    assert ADAPTERS[tested.system] is tested.adapter
    assert tested.adapter.version
    assert set(tested.adapter.media_types) <= MEDIA_TYPES


def test_the_declared_schema_validates_the_samples(marked_sample: Sample) -> None:
    home, raw = marked_sample.tested.home, marked_sample.raw
    if marked_sample.suffix == ".xml":
        [declared] = home.glob("*.xsd")
        etree.XMLSchema(etree.parse(str(declared))).assertValid(etree.fromstring(raw))
        return
    validator = jsonschema_rs.Draft202012Validator(json.loads((home / "schema.json").read_bytes()))
    for item in marked_sample.adapter.split(raw):
        assert [str(error) for error in validator.iter_errors(json.loads(item.raw))] == []


def test_the_declared_schema_refuses_what_is_no_shape(tested: Candidate) -> None:
    for declared in tested.home.glob("schema.json"):
        schema = json.loads(declared.read_bytes())
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        validator = jsonschema_rs.Draft202012Validator(schema)
        nothing: list[Any] = [{}, [], None, 7, "text"]
        assert [one for one in nothing if validator.is_valid(one)] == []


def test_the_output_is_canonical_and_tells_something(any_sample: Sample) -> None:
    people = read_all(any_sample.adapter, any_sample.raw)
    assert_canonical(people)
    assert any(person.records or person.merged for person in people)


def test_reading_twice_gives_the_same(any_sample: Sample) -> None:
    adapter, raw = any_sample.adapter, any_sample.raw
    assert read_all(adapter, raw) == read_all(adapter, raw)


def test_raw_bytes_survive(any_sample: Sample) -> None:
    """One payload keeps its bytes, and so does each of a JSON batch or in a wrapper. What is cut
    out of a table or an XML batch is written out once, with the head or namespaces it needs."""
    adapter, raw = any_sample.adapter, any_sample.raw
    items = adapter.split(raw)
    if len(items) == 1 and items[0].subject is None and not raw.startswith(b"["):
        assert items[0].raw == raw
    for item in items:
        assert [one.raw for one in adapter.split(item.raw)] == [item.raw]
        assert item.raw in raw or any_sample.suffix != ".json"


def test_a_batch_gives_each_payload(tested: Candidate) -> None:
    adapter = tested.adapter
    if xml := [sample.raw for sample in tested.samples(".xml")]:
        batches = [raw for raw in xml if len(adapter.split(raw)) > 1]
        assert batches
        assert all(read_all(adapter, item.raw) for raw in batches for item in adapter.split(raw))
    raws = [sample.raw for sample in tested.samples(".json")]
    payloads = [item.raw.strip() for raw in raws for item in adapter.split(raw)]
    if payloads:
        batch = b" [\n" + b" ,\t".join(payloads) + b"] \n"
        assert [item.raw for item in adapter.split(batch)] == payloads


def test_an_unknown_code_is_kept_verbatim_with_a_caution(tested_codes: Candidate) -> None:
    assert tested_codes.unknown_code is not None
    adapter, raw = tested_codes.adapter, tested_codes.unknown_code.raw
    [payload] = [item.raw for item in adapter.split(raw)]
    people = read_all(adapter, raw)
    cautions = [c for person in people for c in person.cautions if c.code == "unknown-code"]
    kept = dumps(people)
    values = [value for caution in cautions for value in _values_at(payload, caution)]
    assert any(json.dumps(value, ensure_ascii=False) in kept for value in values)


def _values_at(raw: bytes, caution: Caution) -> list[Any]:
    """What the payload holds where the caution points: RFC 6901 in JSON, a path of elements in
    XML, `/row/2/column/Status` in a table (rows from 1, the header first)."""
    steps = caution.pointer.split("/")[1:]
    if raw.lstrip().startswith(b"<"):
        element = etree.fromstring(raw)
        for step in steps[1:]:
            name, _, rank = step.removesuffix("]").partition("[")
            element = element.findall(f"{{*}}{name}")[int(rank or 1) - 1]
        return [element.text, *element.attrib.values()]
    if steps[0] == "row":
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        return [rows[int(steps[1]) - 1][rows[0].index(steps[3])]]
    value = json.loads(raw)
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return [value]
