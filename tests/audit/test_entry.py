"""An entry has one canonical form, and its leaf tells nothing about anybody."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.entry import Entry, canonical_json, commitment, read_leaf, read_object
from audit.errors import FormatError
from audit.sealed import ERASED_LINE, SealedEntry, read_line
from tests.audit.logs import sealed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner)
    ),
    max_leaves=8,
)


def test_canonical_json_sorts_names_and_leaves_no_spaces() -> None:
    value = {"b": [1, True, None], "a": {"z": "é\u2028\x7f/", "y": '"\\\n\x1f'}}
    text = '{"a":{"y":"\\"\\\\\\n\\u001f","z":"é\u2028\x7f/"},"b":[1,true,null]}'
    assert canonical_json(value) == text.encode()


@given(JSON)
def test_canonical_json_is_json_of_the_same_value(value: Any) -> None:
    try:
        data = canonical_json(value)
    except FormatError:
        assert any("\ud800" <= c <= "\udfff" for c in json.dumps(value, ensure_ascii=False))
        return
    assert json.loads(data) == value
    assert canonical_json(json.loads(data)) == data


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), 2**53, {1: 2}, {"é": 1}, [b""], {"a": {1}}, "\ud800", object()]
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        canonical_json(value)


def test_the_leaf_is_a_salted_digest() -> None:
    leaf = commitment("e1", "2026-05-04T10:00:00.125Z", "police", b"s" * 32, b'{"a":1}')
    digest = hashlib.sha256(b"s" * 32 + b'{"a":1}').hexdigest()
    written = (
        f'{{"agency":"police","digest":"{digest}","id":"e1",'
        '"time":"2026-05-04T10:00:00.125Z","v":1}'
    )
    assert leaf == written.encode()
    assert read_leaf(leaf)["digest"] == digest


def test_the_leaf_holds_nothing_but_id_time_agency_and_digest() -> None:
    assert set(read_leaf(sealed(5).leaf())) == {"v", "id", "time", "agency", "digest"}
    assert b"N05" in sealed(5).sealed
    assert b"N05" not in sealed(5).leaf()


def test_an_entry_answers_what_the_law_asks() -> None:
    written = json.loads(sealed(1).sealed)
    assert set(written) == set(Entry.__annotations__)
    asked = {"operation", "justification", "time", "staff", "recipient", "persons"}
    assert asked <= Entry.__required_keys__


LEAF = sealed(1).leaf()


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"[]",
        b"[" * 100000,
        b"\xff",
        b"{}",
        LEAF + b" ",
        LEAF.replace(b'"v":1', b'"v":2'),
        LEAF.replace(b'"v":1', b'"v":true'),
        LEAF.replace(b'"v":1', b'"v":1,"w":1'),
        LEAF.replace(b'"digest":"', b'"digest":"0'),
        LEAF.replace(b'"digest":"', b'"digest":1,"x":"'),
        LEAF.replace(b'"agency":"police"', b'"agency":7'),
        LEAF.replace(b'":"', b'": "'),
    ],
)
def test_malformed_leaves_are_refused(leaf: bytes) -> None:
    with pytest.raises(FormatError):
        read_leaf(leaf)


def test_a_line_gives_its_entry_back() -> None:
    line = sealed(3).line()
    assert read_line(line) == sealed(3)
    assert line == canonical_json(json.loads(line)) + b"\n"
    assert read_line(ERASED_LINE) is None
    assert ERASED_LINE == b'{"erased":true}\n'


LINE = sealed(1).line()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b'{"erased": true}\n',
        b'{"erased":false}\n',
        b'{"entry":1,"salt":"AAAA"}\n',
        b'{"entry":"{}","salt":"AAAA"}\n',
        b'{"entry":"\\ud800","salt":"AAAA"}\n',
        LINE.replace(b'"salt":"', b'"salt": "'),
        LINE.replace(b'"salt":"', b'"salt":"!'),
        LINE.replace(b"{", b'{"more":1,', 1),
        LINE[:-1],
    ],
)
def test_malformed_lines_are_refused(line: bytes) -> None:
    with pytest.raises(FormatError):
        read_line(line)


@given(st.binary(max_size=80))
def test_rubbish_is_refused_with_a_typed_error(rubbish: bytes) -> None:
    for read in (read_leaf, read_line):
        with pytest.raises(FormatError):
            read(rubbish)


def test_a_sealed_entry_must_agree_with_what_is_said_of_it() -> None:
    good = sealed(2)
    good.check()
    for wrong in (
        SealedEntry("other", good.time, good.agency, good.salt, good.sealed),
        SealedEntry(good.id, good.time, good.agency, b"short", good.sealed),
        SealedEntry(good.id, good.time, good.agency, good.salt, b"[]"),
        SealedEntry(good.id, good.time, good.agency, good.salt, b'{"id":"x"}'),
    ):
        with pytest.raises(FormatError):
            wrong.check()


def test_errors_never_repeat_what_they_are_about() -> None:
    with pytest.raises(FormatError) as caught:
        read_object('{"name": "Invented Person"', "the entry")
    assert "Invented" not in str(caught.value)
