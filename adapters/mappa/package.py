"""Opening a Word document that a stranger sent.

What the package says of itself is checked before anything is expanded, and every part is then
read in small steps up to its declared size: a part that holds more fails its checksum. Only the
parts that minutes are read from are expanded at all; pictures and fonts never are. Nothing that
a document points to is ever fetched.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from docx.oxml import parse_xml
from lxml import etree

from adapters.base import AdapterError

MAX_PARTS = 2000
MAX_PART, MAX_WHOLE = 24 * 1024 * 1024, 256 * 1024 * 1024
"""Bytes, expanded: of a part that is read, and of all parts as the package declares them."""
MAX_RATIO = 250
"""Expanded to packed, of a part above a megabyte. Word's own text reaches about forty."""
_STEP = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN_PART = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^>]*/officeDocument[\"'])[^>]*Target\s*=\s*[\"']/?([^\"']+)"
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_LOCAL = re.compile(rb"Target\s*=\s*[\"'](?:file:/{3})?[A-Za-z]:[\\/%]")
_TEMPLATE = re.compile(rb"Type\s*=\s*[\"'][^\"']*/attachedTemplate[\"']")


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a document that are read. `notes`: footnotes or comments that hold text."""

    document: etree._Element
    styles: etree._Element | None
    notes: tuple[str, ...]


def is_package(raw: bytes) -> bool:
    """Whether the bytes are a zip or an old Office file: no JSON begins so."""
    return raw.startswith((b"PK", _OLE))


def open_package(raw: bytes) -> Package:
    """Raises `AdapterError`: `password-protected`, `not-a-docx`, `too-large`, `zip-bomb`,
    `macros`, `external-reference`, `entities`."""
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise AdapterError("password-protected", "remove the password and send it again")
        raise AdapterError("not-a-docx", "an old .doc: save it as .docx and send it again")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            _check(package)
            return _parts(package)
    except AdapterError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError) as error:
        raise AdapterError("not-a-docx", "the file is damaged or no Word document") from error
    except (RuntimeError, NotImplementedError, etree.LxmlError) as error:
        raise AdapterError("not-a-docx", "the file is packed in a way Word does not") from error


def _check(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if "[Content_Types].xml" not in names:
        raise AdapterError("not-a-docx", "a zip, but no Word document")
    if any(entry.flag_bits & 1 for entry in entries):
        raise AdapterError("password-protected", "remove the password and send it again")
    if len(names) != len(set(names)):
        raise AdapterError("not-a-docx", "the package names a part twice")
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_WHOLE:
        raise AdapterError("too-large", "leave out pictures and attachments and send it again")
    for entry in entries:
        if entry.file_size > max(1 << 20, MAX_RATIO * entry.compress_size):
            raise AdapterError("zip-bomb", "a part expands to more than any document would")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise AdapterError("macros", "the document holds macros: save it as .docx without them")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    entry = package.getinfo(name)
    if entry.file_size > MAX_PART:
        raise AdapterError("too-large", "the text of the document is too long")
    with package.open(entry) as part:
        content = b"".join(iter(lambda: part.read(_STEP), b""))
    if (
        b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
        or content[:2] in (b"\xfe\xff", b"\xff\xfe")
    ):
        raise AdapterError("entities", "the document declares a document type")
    return content


def _parts(package: zipfile.ZipFile) -> Package:
    names = package.namelist()
    types = _read(package, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise AdapterError("macros", "the document is of a kind that holds macros")
    for name in names:
        if name.endswith(".rels"):
            _check_relations(_read(package, name))
    main = _MAIN_PART.search(_read(package, "_rels/.rels"))
    if _MAIN not in types or not main:
        raise AdapterError("not-a-docx", "the package holds no Word text")
    notes = [n for n in ("footnotes", "endnotes", "comments") if f"word/{n}.xml" in names]
    styles = "word/styles.xml" in names
    return Package(
        parse_xml(_read(package, main[1].decode("ascii", "replace"))),
        parse_xml(_read(package, "word/styles.xml")) if styles else None,
        tuple(n for n in notes if re.search(rb"<w:t[ >]", _read(package, f"word/{n}.xml"))),
    )


def _check_relations(content: bytes) -> None:
    """Links in the text are words here. Anything else outside the package would be loaded by a
    word processor; only the name of a template on the writer's own disk is harmless."""
    for relation in _RELATION.findall(content):
        harmless = _LINK.search(relation) or (
            _TEMPLATE.search(relation) and _LOCAL.search(relation)
        )
        if _EXTERNAL.search(relation) and not harmless:
            raise AdapterError(
                "external-reference", "the document loads a part from elsewhere: paste it in"
            )
