"""Word documents as co-ordinators make them, none of them on our template."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import docx

from adapters.base import MappedPerson, Subject
from adapters.mappa import ADAPTER
from schemas.identifiers import Scheme
from schemas.minutes import MappaMinutes

Rows = Sequence[Sequence[str]]
SOMEBODY = Subject(Scheme.CRN, "X417009")


class Sheet:
    """A document put together line by line."""

    def __init__(self) -> None:
        self.document = docx.Document()

    def bold(self, text: str) -> "Sheet":
        """A heading that is only a bold line."""
        self.document.add_paragraph().add_run(text).bold = True
        return self

    def heading(self, text: str, level: int = 1) -> "Sheet":
        self.document.add_heading(text, level)
        return self

    def text(self, *lines: str) -> "Sheet":
        for line in lines:
            self.document.add_paragraph(line)
        return self

    def label(self, label: str, text: str) -> "Sheet":
        """A bold label with its text on the same line."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(text)
        return self

    def table(self, *rows: Sequence[str]) -> "Sheet":
        """A table; a row of one cell is merged over all columns."""
        width = max(map(len, rows))
        table: Any = self.document.add_table(len(rows), width)
        for row, texts in zip(table.rows, rows, strict=True):
            cells = row.cells
            if len(texts) == 1:
                cells[0].merge(cells[-1])
            for cell, text in zip(cells, texts, strict=False):
                cell.text = text
        return self

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


FACTS: Rows = (
    ("CRN", "X417009", "Date of meeting", "18th February 2026"),
    ("Level", "Level 2", "Chair", "DCI Wren"),
)


def minutes() -> Sheet:
    """The least that is minutes: whom, when, and one heading."""
    return Sheet().table(*FACTS).bold("1. Confidentiality").text("Read out.")


def repacked(raw: bytes, changes: Mapping[str, bytes | None], **options: Any) -> bytes:
    """The package with parts replaced, added or (where `None`) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            content = changes.get(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name] or b"")
    return out.getvalue()


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return package.read(name)


def names(raw: bytes) -> Iterable[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return package.namelist()


def read(sheet: Sheet) -> MappedPerson:
    (person,) = ADAPTER.read(sheet.bytes(), SOMEBODY)
    return person


def record(sheet: Sheet) -> MappaMinutes:
    found = read(sheet).records[0].record
    assert isinstance(found, MappaMinutes)
    return found


def codes(sheet: Sheet) -> set[tuple[str, str]]:
    return {(one.code, one.pointer) for one in read(sheet).cautions}
