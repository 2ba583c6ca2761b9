"""The rules every adapter obeys for what it does not understand: it says so, by name, and says
nothing of what it was sent."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.base import AdapterError
from adapters.testing.roundtrip import read_all
from adapters.testing.tested import Candidate, Sample, outcome, places, replaced

__all__ = [
    "test_a_sample_with_bytes_changed_never_breaks",
    "test_a_sample_with_values_changed_never_breaks",
    "test_a_truncated_sample_is_refused_by_name",
    "test_any_bytes_are_refused_by_name",
    "test_garbage_is_refused_by_name",
    "test_nothing_said_about_a_payload_repeats_it",
]

CANARY = "zqxCanary"
EACH = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
GARBAGE = [
    b"",
    b" ",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"null",
    b"true",
    b"0",
    b'""',
    b"[]",
    b"{}",
    b"[[]]",
    b"[{}]",
    b"[1,]",
    b"[1 2]",
    b"[1]]",
    b"NaN",
    b"[Infinity]",
    b"9" * 5000,
    b"1e999",
    b'{"a":1,"a":2}',
    b'"\\ud800"',
    b'{"\\u0000":"\\u0000"}',
    b'{"subject":"crn:\\u0000","payload":{}}',
    b'{"subject":7,"payload":{}}',
    b"[" * 100_000,
    b"[" * 200 + b"]" * 200,
    b'{"a":' * 100_000,
    b"<" * 10_000,
    b"<a/>",
    b"<a>",
    b"<a>" * 10_000,
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
    b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
    b'<?xml version="1.0" encoding="utf-16"?><a/>',
    b"a,b\n1,2\n",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "string", "1900-01-01", "0001-01-01T00:00:00Z", "31/02/2020", "null"])
    | st.text(max_size=6)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("raw", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused_by_name(tested: Candidate, raw: bytes) -> None:
    with pytest.raises(AdapterError):
        read_all(tested.adapter, raw)
    with pytest.raises(AdapterError):
        tested.adapter.read(raw)


@EACH
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(tested: Candidate, raw: bytes) -> None:
    with pytest.raises(AdapterError):
        read_all(tested.adapter, raw)


def test_a_truncated_sample_is_refused_by_name(whole_sample: Sample) -> None:
    adapter, raw = whole_sample.adapter, whole_sample.raw.rstrip()
    for end in range(0, len(raw) - 1, max(1, len(raw) // 100)):
        with pytest.raises(AdapterError):
            read_all(adapter, raw[:end])


@EACH
@given(data=st.data())
def test_a_sample_with_bytes_changed_never_breaks(tested: Candidate, data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(tested.samples())).raw
    start, length = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 20))
    middle = data.draw(st.binary(max_size=8) | st.sampled_from([b"\x00", b"null", b"</", b"[["]))
    outcome(tested.adapter, raw[:start] + middle + raw[start + length :])


@EACH
@given(data=st.data())
def test_a_sample_with_values_changed_never_breaks(
    tested_json: Candidate, data: st.DataObject
) -> None:
    document = json.loads(data.draw(st.sampled_from(tested_json.samples(".json"))).raw)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(places(document)))
        document = replaced(document, path, data.draw(VALUES))
    outcome(tested_json.adapter, json.dumps(document).encode())


def test_nothing_said_about_a_payload_repeats_it(any_sample: Sample) -> None:
    """A canary takes the place of every value, one at a time, and of a name in every object."""
    if any_sample.suffix in CANARIES:
        for variant in CANARIES[any_sample.suffix](any_sample.raw):
            assert CANARY not in outcome(any_sample.adapter, variant)


def _canaries_csv(raw: bytes) -> Iterator[bytes]:
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    for row in rows:
        for column, cell in enumerate(row):
            row[column] = CANARY
            told = io.StringIO()
            csv.writer(told).writerows(rows)
            yield told.getvalue().encode()
            row[column] = cell


def _canaries_json(raw: bytes) -> Iterator[bytes]:
    document = json.loads(raw)
    for path in places(document):
        yield json.dumps(replaced(document, path, CANARY)).encode()
        yield json.dumps(replaced(document, path, {CANARY: CANARY})).encode()


def _canaries_xml(raw: bytes) -> Iterator[bytes]:
    for index in range(sum(1 for _ in etree.fromstring(raw).iter("*"))):
        for change in ("text", "name", "child", "attributes"):
            root = etree.fromstring(raw)
            element = list(root.iter("*"))[index]
            if change == "text":
                element.text = CANARY
            elif change == "name":
                element.set(CANARY, CANARY)
            elif change == "child":
                etree.SubElement(element, CANARY).text = CANARY
            else:
                for name in element.attrib:
                    element.set(name, CANARY)
            yield etree.tostring(root)


CANARIES = {".xml": _canaries_xml, ".json": _canaries_json, ".csv": _canaries_csv}
"""How a sample of each format is varied."""
