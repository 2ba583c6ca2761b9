"""Files of every sort are cut into the payloads that a push of them would give."""

import io
import json
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import AdapterError
from adapters.reading import split_json
from adapters.registry import ADAPTERS
from gateway.load import json_stream, rejects, xml_stream
from gateway.load.errors import LoadError
from gateway.load.stream import Cutter, Payload

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
LONGEST = 4000


def cut(raw: bytes, name: str, system: str = "delius", longest: int = LONGEST) -> list[Payload]:
    return list(Cutter(ADAPTERS[system], longest).payloads(io.BytesIO(raw), name))


def raws(raw: bytes, name: str, system: str = "delius", longest: int = LONGEST) -> list[bytes]:
    return [one.item.raw for one in cut(raw, name, system, longest)]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, raw in members:
            packed.writestr(name, raw)
    return out.getvalue()


@given(
    st.lists(VALUES, min_size=1, max_size=8),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.integers(1, 64),
)
def test_an_array_is_cut_as_a_push_cuts_it(
    values: list[Any], indent: int | None, ascii_only: bool, chunk: int
) -> None:
    raw = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_stream, "CHUNK", chunk)
        found = list(json_stream.payloads(io.BytesIO(raw), lines=False, longest=100_000))
    assert [json.loads(one) for one in found] == values
    try:
        pushed = [item.raw for item in split_json(raw)]
    except AdapterError:
        return  # a lone surrogate: a push takes no part of it
    wrapped = any(isinstance(one, dict) and one.keys() == {"subject", "payload"} for one in values)
    assert wrapped or found == pushed


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (b'{"a":1}\n\n {"b":2}\r\n', "x.ndjson", [b'{"a":1}', b'{"b":2}']),
        (b'{"a":1}\n{broken\n{"b":2}', "x.json", [b'{"a":1}', b"{broken", b'{"b":2}']),
        (b'{broken\n{"b":2}', "x.jsonl", [b"{broken", b'{"b":2}']),
        (b'{\n "a": 1\n}\n', "x.json", [b'{\n "a": 1\n}\n']),
        (b'\xef\xbb\xbf[{"a":1} , {"b":"\xff"}]', "x.json", [b'{"a":1}', b'{"b":"\xff"}']),
        (b'\n\n[ {"a":"]"},[1] ]\n', "x.json", [b'{"a":"]"}', b"1"]),
        (b'[{"subject":"crn:X123456","payload":{"a":1}}]', "x.json", [b'{"a":1}']),
        (b'[{"a":"\t"}, 12]', "x.json", [b'{"a":"\t"}', b"12"]),
        (b"[" + b"1" * 3000 + b", 2]", "x.json", [b"1" * 3000, b"2"]),
    ],
)
def test_json_in_its_forms(raw: bytes, name: str, expected: list[bytes]) -> None:
    assert raws(raw, name) == expected


@pytest.mark.parametrize(
    ("raw", "before", "words"),
    [
        (b'[{"a":1},{"b":2', 1, "not well-formed JSON after byte 9"),
        (b'[{"a":1} {"b":2}]', 1, "after byte 9"),
        (b'[{"a":1}] more', 1, "after byte 10"),
        (b'[{"a":1},]', 1, "after byte 9"),
        (b"[]", 0, "nothing to load"),
        (b'[{"a":"' + b"x" * 5000 + b'"}]', 0, "longer than"),
        (b'{\n"a":"' + b"x" * 5000 + b'"}', 0, "longer than"),
        (b'{"a":1}\n{"a":"' + b"x" * 5000 + b'"}', 1, "line 2 is longer than"),
        (b"[" + b"[" * 100_000, 0, "longer than"),
    ],
)
def test_what_comes_before_a_fault_is_there_and_the_fault_is_named(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, before: int, words: str
) -> None:
    monkeypatch.setattr(json_stream, "CHUNK", 512)
    found = []
    with pytest.raises(LoadError, match=words):  # noqa: PT012
        for one in Cutter(ADAPTERS["delius"], LONGEST).payloads(io.BytesIO(raw), "x.json"):
            found.append(one)  # noqa: PERF402
    assert len(found) == before


NOMINALS = b'<nominals xmlns="urn:mappa-gateway:visor:1">%b</nominals>'


def test_xml_short_and_long_gives_the_same_payloads() -> None:
    nominals = [
        b'<nominal reference="13/%d" a="&lt;">\n<type>x</type></nominal>' % n for n in range(60)
    ]
    raw = NOMINALS % b"\n".join(nominals)
    held = raws(raw, "x.xml", "visor", len(raw))
    assert len(held) == 60
    assert raws(raw, "x.xml", "visor", len(raw) - 1) == held


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (NOMINALS % (b"<nominal/>words" + b"<nominal/>" * 500), "text between"),
        (NOMINALS % (b"<nominal/>" * 500 + b"<nominal>"), "not well-formed XML in line 1"),
        (b'<!DOCTYPE n [<!ENTITY e "x">]>' + NOMINALS % (b"<nominal/>" * 500), "document type"),
        (b"<a>" + b"<b>" * 300 + b"x" * 5000, "not well-formed XML"),
    ],
)
def test_long_xml_that_must_not_be_read(raw: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        raws(raw, "x.xml", "visor")


def test_a_child_longer_than_a_payload_may_be_is_refused_before_it_is_whole() -> None:
    endless = io.BytesIO(b"<nominals><nominal>" + b"<a/>" * 200_000)
    with pytest.raises(LoadError, match="longer than 4000 bytes"):
        list(xml_stream.children(endless, LONGEST))


HEADER = b"CRN,Agency,Assessment date,Overall level\r\n"
HEADLESS = b"crn,level\r\nX123456,MEDIUM\r\n"


def test_a_table_is_cut_by_its_adapter_and_keeps_its_rows() -> None:
    rows = [b"X7200%02d,police,2026-02-20,Medium\r\n" % n for n in range(40)]
    raw = HEADER + b"".join(rows)
    found = cut(raw, "x.csv", "arms", longest=len(raw) - 1)
    assert [one.item.raw for one in found] == [HEADER + row for row in rows]
    assert [one.item.placed("/row/2") for one in found] == [f"/row/{n}" for n in range(2, 42)]
    with pytest.raises(AdapterError, match="a table needs a header"):
        cut(HEADLESS, "x.csv", "arms")


def test_members_of_a_zip_come_one_after_the_other_and_are_counted() -> None:
    raw = zipped(("a.ndjson", b'{"a":1}\n{"a":2}'), ("folder/", b""), ("b.json", b'[{"b":1}]'))
    found = cut(raw, "x.zip")
    assert [(one.member, one.item.raw) for one in found] == [
        (1, b'{"a":1}'),
        (1, b'{"a":2}'),
        (2, b'{"b":1}'),
    ]


def test_a_word_document_is_one_payload_also_in_a_zip() -> None:
    out = io.BytesIO()
    Document().save(out)
    alone = cut(out.getvalue(), "minutes.docx", "mappa", 1 << 20)
    packed = cut(zipped(("m.docx", out.getvalue())), "all.zip", "mappa", 1 << 20)
    assert [one.item.raw for one in alone] == [one.item.raw for one in packed] == [out.getvalue()]


INNER = zipped(("a.json", b"[1]"))
LONG = b'{\n"a":"' + b"x" * 5000 + b'"}'


@pytest.mark.parametrize(
    ("name", "raw", "before", "words"),
    [
        ("a.csv", HEADLESS, 0, "a table needs a header with"),
        ("a.json", b'[{"a":1},{"b":2', 1, "not well-formed JSON after byte 9"),
        ("a.zip", INNER, 0, "a zip file in the zip file"),
    ],
)
def test_a_bad_member_is_refused_whole_and_those_after_it_are_read(
    name: str, raw: bytes, before: int, words: str
) -> None:
    found = cut(zipped((name, raw), ("b.json", b'{"b":1}')), "x.zip", "arms")
    assert [one.member for one in found] == [1] * (before + 1) + [2]
    refused, after = found[before:]
    assert refused.error is not None
    assert "member 1 of the zip file: " in refused.error.detail
    assert words in refused.error.detail
    assert (refused.item.raw, after.item.raw, after.error) == (raw, b'{"b":1}', None)


@pytest.mark.parametrize(
    "raw",
    [
        zipped(("a.json", LONG), ("b.json", b"{}")),
        zipped(("a.json", b'{"a":1}'), ("b.json", b"{}"), method=zipfile.ZIP_STORED).replace(
            b'"a":1', b'"a":2', 1
        ),
    ],
    ids=["too long", "garbled"],
)
def test_a_bad_member_that_cannot_be_held_is_refused_by_its_number(raw: bytes) -> None:
    refused, after = cut(raw, "x.zip")
    assert refused.error is not None
    assert refused.error.code == "bad-member"
    assert (refused.member, refused.item.raw) == (1, b"")
    assert (after.member, after.item.raw) == (2, b"{}")


def _locked() -> bytes:
    raw = bytearray(zipped(("a.json", b"[1]")))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + at] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (zipped(("bomb.json", b"0" * 50_000_000)), "unpacks to too much"),
        (zipped(("a.json", b"[1]"))[:-10], "damaged"),
        (zipped(("a.json", b'["%b"]' % bytes(range(97, 123))))[:34] + b"xx", "damaged"),
        (zipped(), "empty|damaged"),
        (_locked(), "locked"),
    ],
    ids=["bomb", "cut off", "garbled", "empty", "locked"],
)
def test_zip_files_that_are_refused(raw: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        cut(raw if raw[:4] == b"PK\x03\x04" else b"PK\x03\x04" + raw, "x.zip")


@pytest.mark.parametrize(
    "raw",
    [b'{"a": 1}', b'{\r\n "a": "caf\xc3\xa9"\n}', b"{broken", b"<nominal/>\n", b"\xff\x00", b'"x"'],
)
@pytest.mark.parametrize("subject", [None, "crn:X123456"])
def test_what_is_rejected_can_be_read_again(raw: bytes, subject: str | None) -> None:
    item = split_json(b'{"subject":"crn:X123456","payload":1}')[0]
    item = type(item)(raw, item.subject if subject else None)
    line = rejects.line(item, {"payload": 7, "code": "schema", "quarantine": "abc"})
    assert line.count(b"\n") == 1
    assert json.loads(line)["rejected"]["code"] == "schema"
    reformatted = json.dumps(json.loads(line), indent=None, separators=(" , ", " : ")).encode()
    for form in (line, reformatted):
        (found,) = cut(form, "x.rejects.ndjson")
        assert (found.kept, found.item.subject) == ("abc", item.subject)
        assert found.item.raw == raw or json.loads(found.item.raw) == json.loads(raw)


@pytest.mark.parametrize(
    "line",
    [
        b'{"rejected":{}}',
        b'{"rejected":[],"payload":1}',
        b'{"rejected":{},"base64":"?"}',
        b'{"rejected":{},"text":7}',
        b'{"rejected":{},"subject":"nonsense","payload":1}',
        b'{"rejected":{},"payload":',
    ],
)
def test_a_line_that_was_mended_wrongly_is_rejected_again(line: bytes) -> None:
    (found,) = cut(line, "x.rejects.ndjson")
    assert found.error is not None
    assert found.error.code in ("bad-reject", "bad-subject")


def test_the_same_file_is_always_cut_alike() -> None:
    raw = json.dumps([{"n": n} for n in range(100)]).encode()
    assert all(a == b for a, b in pairwise([raws(raw, "x.json") for _ in range(3)]))


LISTS = {
    "nomis": [{"alertId": n, "offenderNo": "A1234BC", "alertCode": "PL3"} for n in (1, 2)],
    "delius": [
        {"registrationId": n, "register": {"code": "1"}, "type": {"code": "MAPP"}} for n in (1, 2)
    ],
}
"""Rows that make one record of one person."""


@pytest.mark.parametrize("system", LISTS)
def test_rows_that_make_one_record_stay_together_as_in_a_push(system: str) -> None:
    raw = json.dumps(LISTS[system]).encode()
    assert [item.raw for item in ADAPTERS[system].split(raw)] == [raw], "a push takes it for one"
    assert raws(raw, "x.json", system) == [raw]
    with pytest.raises(LoadError, match="cut it by person"):
        cut(raw, "x.json", system, longest=len(raw) - 1)
