"""A Word document is opened as what it is: a package from a stranger."""

import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import AdapterError
from adapters.mappa import ADAPTER, package
from tests.adapters.mappa_documents import minutes, part, repacked

PLAIN = minutes().bold("Actions").table(("Action", "Owner"), ("Visit", "A Teal")).bytes()
MAIN = part(PLAIN, "word/document.xml")
TYPES = part(PLAIN, "[Content_Types].xml")
RELATIONS = part(PLAIN, "word/_rels/document.xml.rels")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EVERY = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def refusal(raw: bytes) -> str:
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(raw)
    return caught.value.code


def related(kind: str, target: str) -> bytes:
    """The document with one more relationship to something outside it."""
    place = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    line = f'<Relationship Id="r99" TargetMode="External" Type="{place}" Target="{target}"/>'
    content = RELATIONS.replace(b"</Relationships>", line.encode() + b"</Relationships>")
    return repacked(PLAIN, {"word/_rels/document.xml.rels": content})


def doctype(name: str, content: bytes) -> bytes:
    entities = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return repacked(PLAIN, {name: content.replace(b"?>", b"?>" + entities, 1)})


def bomb(size: int) -> bytes:
    return repacked(PLAIN, {"word/document.xml": MAIN + b" " * size})


def understated(raw: bytes) -> bytes:
    """The package with the main part declared small, and the checksum of what is declared."""
    with zipfile.ZipFile(io.BytesIO(raw)) as held:
        entry = held.getinfo("word/document.xml")
        content = held.read(entry)
    small = content[:10]
    real = struct.pack("<LLL", entry.CRC, entry.compress_size, entry.file_size)
    said = struct.pack("<LLL", zlib.crc32(small), entry.compress_size, len(small))
    return raw.replace(real, said)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (OLE, "not-a-docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        (b"PK\x03\x04", "not-a-docx"),
        (b"PK\x05\x06" + b"\0" * 18, "not-a-docx"),
        (PLAIN[:-40], "not-a-docx"),
        (repacked(PLAIN, {"[Content_Types].xml": None}), "not-a-docx"),
        (repacked(PLAIN, {"word/document.xml": None}), "not-a-docx"),
        (repacked(PLAIN, {"_rels/.rels": None}), "not-a-docx"),
        (repacked(PLAIN, {"word/document.xml": b"<a"}), "not-a-docx"),
        (repacked(PLAIN, {"word/document.xml": b"<a/>"}), "not-a-docx"),
        (repacked(PLAIN, {"[Content_Types].xml": b"<Types/>"}), "not-a-docx"),
        (repacked(PLAIN, {"word/vbaProject.bin": b"x"}), "macros"),
        (
            repacked(PLAIN, {"[Content_Types].xml": TYPES + b"<!-- macroEnabled -->"}),
            "macros",
        ),
        (bomb(20_000_000), "zip-bomb"),
        (doctype("word/document.xml", MAIN), "entities"),
        (doctype("[Content_Types].xml", TYPES), "entities"),
        (understated(bomb(900_000)), "not-a-docx"),
        (related("attachedTemplate", "http://example.org/t.dotm"), "external-reference"),
        (related("attachedTemplate", "file://///server/share/t.dotx"), "external-reference"),
        (related("image", "http://example.org/i.png"), "external-reference"),
        (related("oleObject", "file:///C:/x.xls"), "external-reference"),
        (b"{\\rtf1 minutes}", "not-json"),
        (b"%PDF-1.7", "not-json"),
    ],
)
def test_what_is_no_plain_document_is_refused_by_name(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "mailto:co-ordinator@example.org"),
        ("hyperlink", "https://example.org/"),
        ("attachedTemplate", "file:///C:\\Users\\A\\Normal.dotm"),
    ],
)
def test_a_link_in_the_text_and_ones_own_template_are_only_words(kind: str, target: str) -> None:
    assert ADAPTER.read(related(kind, target))


def test_encrypted_parts_and_parts_named_twice_are_refused() -> None:
    locked = bytearray(PLAIN)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + at] |= 1
    assert refusal(bytes(locked)) == "password-protected"
    out = io.BytesIO(PLAIN)
    with (
        zipfile.ZipFile(out, "a") as twice,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        twice.writestr("word/document.xml", MAIN)
    assert refusal(out.getvalue()) == "not-a-docx"


def test_sizes_are_checked_before_anything_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    many = repacked(PLAIN, {f"word/media/{number}.png": b"" for number in range(3000)})
    assert refusal(many) == "too-large"
    monkeypatch.setattr(package, "MAX_PART", len(MAIN) - 1)
    assert refusal(PLAIN) == "too-large"
    bombed = bomb(20_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert refusal(bombed) == "zip-bomb"


def test_tables_in_tables_end_somewhere() -> None:
    inner = b"<w:p/>"
    for _ in range(40):
        inner = b"<w:tbl><w:tr><w:tc>" + inner + b"</w:tc></w:tr></w:tbl>"
    deep = MAIN.replace(b"<w:body>", b"<w:body>" + inner)
    assert refusal(repacked(PLAIN, {"word/document.xml": deep})) == "too-deep"
    wide = MAIN.replace(b"<w:tc>", b'<w:tc><w:tcPr><w:gridSpan w:val="9999999"/></w:tcPr>')
    assert ADAPTER.read(repacked(PLAIN, {"word/document.xml": wide}))


def answers(raw: bytes) -> None:
    try:
        for item in ADAPTER.split(raw):
            ADAPTER.read(item.raw)
    except AdapterError as error:
        assert error.code.islower()  # noqa: PT017


@EVERY
@given(st.integers(0, len(PLAIN)))
def test_a_document_cut_short_is_refused_or_read(end: int) -> None:
    answers(PLAIN[:end])


@EVERY
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_flipped_bits_of_the_package_are_refused_or_read(seed: int, count: int) -> None:
    dice, raw = random.Random(seed), bytearray(PLAIN)
    for _ in range(count):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    answers(bytes(raw))


@EVERY
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_document_that_is_shuffled_inside_is_refused_or_read(seed: int, count: int) -> None:
    dice = random.Random(seed)
    pieces = MAIN.split(b"<w:")
    for _ in range(count):
        one, other = (dice.randrange(1, len(pieces)) for _ in range(2))
        pieces[one] = pieces[other]
        if dice.random() < 0.3:
            del pieces[dice.randrange(1, len(pieces))]
    answers(repacked(PLAIN, {"word/document.xml": b"<w:".join(pieces)}))


@EVERY
@given(st.integers(0, 2**32))
def test_styles_that_make_no_sense_are_refused_or_read(seed: int) -> None:
    dice, styles = random.Random(seed), part(PLAIN, "word/styles.xml")
    start = dice.randrange(len(styles))
    changed = styles[:start] + styles[start + dice.randrange(400) :]
    answers(repacked(PLAIN, {"word/styles.xml": changed}))
