"""JSON as real systems send it: strict where it must be, patient where it can be."""

import contextlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import AdapterError, Subject
from adapters.reading import Node, load, split_json
from schemas.identifiers import Scheme
from tests.adapters.mutation import values


def node(value: Any) -> Node:
    return Node(value, "/x", [])


def warned(one: Node) -> list[str]:
    return [caution.code for caution in one.cautions]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_load_or_raise_an_adapter_error(raw: bytes) -> None:
    for read in (load, split_json):
        with contextlib.suppress(AdapterError):
            read(raw)


@given(
    st.lists(
        st.text('[]{},:"\\ \n019.-eEtrufalsnpydcobj', max_size=12).map(str.encode), max_size=6
    ).map(b"".join)
)
def test_any_json_like_bytes_load_or_raise_an_adapter_error(raw: bytes) -> None:
    for read in (load, split_json):
        with contextlib.suppress(AdapterError):
            read(raw)


@given(
    st.lists(values, min_size=1, max_size=4),
    st.sampled_from([(",", ":"), (" , ", " : "), (",\r\n", ":\t")]),
)
def test_a_batch_is_cut_into_its_elements_own_bytes(
    elements: list[Any], separators: tuple[str, str]
) -> None:
    texts = [json.dumps(e, separators=separators, ensure_ascii=False) for e in elements]
    raw = f" [ {separators[0].join(texts)}\n] ".encode()
    assert [item.raw for item in split_json(raw)] == [text.encode() for text in texts]


def test_one_payload_keeps_every_byte() -> None:
    raw = b'\xef\xbb\xbf { "a" : 1 }\r\n'
    assert [item.raw for item in split_json(raw)] == [raw]
    assert load(raw)["a"].integer() == 1


def test_a_wrapper_names_the_subject_and_keeps_the_payloads_own_bytes() -> None:
    raw = (
        b'[{"subject":"pnc:2011-0045678R", "payload": {"a" : [1, 2] }},'
        b' {"payload":7,"subject":"crn:X710001"}]'
    )
    first, second = split_json(raw)
    assert first.raw == b'{"a" : [1, 2] }'
    assert first.subject == Subject(Scheme.PNC, "2011/0045678R")
    assert (second.raw, second.subject) == (b"7", Subject(Scheme.CRN, "X710001"))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff", "not-utf-8"),
        (b"{", "not-json"),
        (b"[NaN]", "not-json"),
        (b"9" * 5000, "not-json"),
        (b"[" * 100_000, "not-json"),
        (b"[" * 70 + b"]" * 70, "too-deep"),
        (b'"\\u0000"', "bad-character"),
        (b'{"\\ud800": 1}', "bad-character"),
        (b'{"a": 1, "a": 2}', "duplicate-key"),
    ],
)
def test_what_is_not_plain_json_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(AdapterError) as error:
        load(raw)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[]", "empty-batch"),
        (b"[1,]", "not-json"),
        (b"[,1]", "not-json"),
        (b"[1 2]", "not-json"),
        (b"[1", "not-json"),
        (b"[1] x", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b'{"subject": 1, "payload": 2}', "bad-subject"),
        (b'{"subject": "crn:\\ud800", "payload": 2}', "bad-subject"),
        (b'{"subject": "name:Somebody", "payload": 2}', "bad-subject"),
    ],
)
def test_a_malformed_batch_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(AdapterError) as error:
        split_json(raw)
    assert error.value.code == code


def test_the_same_key_twice_with_the_same_value_is_a_caution() -> None:
    assert warned(load(b'{"a": {"sex": "F", "sex": "F"}}')) == ["duplicate-key"]


@pytest.mark.parametrize("value", ["string", "{createdDate}", "$releaseDate", "{{x}}", -2147483648])
def test_placeholders_are_no_values(value: Any) -> None:
    one = node(value)
    assert one.text() is None
    assert warned(one) == ["placeholder"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("", None), ("a\r\nb\rc", "a\nb\nc"), (12, "12"), (1.5, "1.5")],
)
def test_text(value: Any, text: str | None) -> None:
    one = node(value)
    assert one.text() == text
    assert not warned(one)


@pytest.mark.parametrize("value", [True, [], {}])
def test_what_is_no_text_leaves_a_caution(value: Any) -> None:
    one = node(value)
    assert (one.text(), one.integer(), one.number()) == (None, None, None)
    assert set(warned(one)) == {"unreadable-value"}


def test_numbers_may_be_written_as_text() -> None:
    assert node("12").integer() == 12
    assert node("-1.5e-3").number() == -0.0015
    assert node(None).integer() is node("").number() is None
    for bad in ("1.5", "twelve"):
        one = node(bad)
        assert one.integer() is None
        assert warned(one) == ["unreadable-value"]
    assert node("1/2").number() is None


def test_flags() -> None:
    assert [node(v).flag() for v in (True, "Yes", "y", "NO", "false", None)] == [
        True, True, True, False, False, None,
    ]  # fmt: skip
    one = node("Don't know")
    assert one.flag() is None
    assert warned(one) == ["unreadable-value"]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-06-14", date(2024, 6, 14)),
        ("14/06/2024", date(2024, 6, 14)),
        ("14/06/2024 23:30:00", date(2024, 6, 14)),
        ("2024-06-13T23:30:00Z", date(2024, 6, 14)),
        ("2024-06-13T23:30:00.123456789+00:00", date(2024, 6, 14)),
        ("Fri Jun 14 00:00:00 BST 2024", date(2024, 6, 14)),
        ("Thu Jun 13 23:30:00 GMT 2024", date(2024, 6, 14)),
        (None, None),
    ],
)
def test_days_are_london_days(value: Any, day: date | None) -> None:
    assert node(value).day() == day


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2024-06-14T09:30", datetime(2024, 6, 14, 8, 30, tzinfo=UTC)),
        ("14/01/2024 09:30", datetime(2024, 1, 14, 9, 30, tzinfo=UTC)),
        ("2024-06-14T09:30:00+01:00", datetime(2024, 6, 14, 8, 30, tzinfo=UTC)),
        ("2024-06-14", datetime(2024, 6, 13, 23, 0, tzinfo=UTC)),
        ("Fri Jun 14 10:16:59 BST 2024", datetime(2024, 6, 14, 9, 16, 59, tzinfo=UTC)),
        ("2024-03-09T14:59:05Z[Europe/London]", datetime(2024, 3, 9, 14, 59, 5, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_london_time(value: str, time: datetime) -> None:
    assert node(value).time() == time


@pytest.mark.parametrize("value", ["1900-01-01", "1900-01-01T00:00:00", "2129-09-14"])
def test_placeholder_days_are_neither_day_nor_time(value: str) -> None:
    one = node(value)
    assert one.day() is one.time() is None
    assert set(warned(one)) == {"placeholder"}


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "2024-13-01",
        "31/02/2024",
        "Fri Jux 14 00:00:00 BST 2024",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_a_date_that_cannot_be_is_a_caution(value: str) -> None:
    one = node(value)
    assert one.day() is one.time() is None
    assert set(warned(one)) == {"unreadable-date"}


def test_walking() -> None:
    one = node({"rows": [{"a": None, "b": ""}, {"b": "x"}], "odd": {}})
    first, second = one["rows"]
    assert second.pointer == "/x/rows/1"
    assert first.has("a", "b")
    assert not second.has("a")
    assert second.first("a", "b").text() == "x"
    assert second.first("c", "d").pointer == "/x/rows/1/c"
    assert not one["nowhere"]["deeper"]
    assert list(one["nowhere"]) == []
    assert list(one["odd"]) == []
    assert warned(one) == ["unreadable-value"]
