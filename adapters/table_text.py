"""The bytes of a table as lines and rows, exact enough to be written back byte for byte."""

import codecs
import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from adapters.base import AdapterError

MAX_LINE: Final = 1 << 20
"""Characters in one line. A cell holds at most 131,072, the limit of the csv module."""

MAX_TOGETHER: Final = 64 << 20
"""Characters of a table whose rows belong together: they are held until the last one is read, in
about three times the room. Nothing bounds a file that is loaded, and a person's last row may be
its last."""


class Line(NamedTuple):
    """A row: its number as a spreadsheet counts (from 1, blank ones too), its text as carried."""

    number: int
    text: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Carrier:
    """How bytes carry text while rows are cut. UTF-16 is decoded; in every other form commas,
    quotes and line ends are the same bytes, so each byte stands for a character until `decoded`
    tells which form a row really has."""

    mark: bytes
    codec: str

    @classmethod
    def of(cls, file: BinaryIO) -> "Carrier":
        """By the byte order mark; the file is left after it."""
        head = file.read(3)
        for mark, codec in (
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF8, "latin-1"),
            (b"", "latin-1"),
        ):
            if head.startswith(mark):
                file.seek(len(mark) - len(head), io.SEEK_CUR)
                return cls(mark, codec)
        raise AssertionError

    @contextmanager
    def lines(self, file: BinaryIO) -> Iterator[Iterator[str]]:
        """The lines of the file with their ends; `AdapterError` for what is no text."""
        text = io.TextIOWrapper(file, self.codec, newline="")
        try:
            yield _lines(text)
        except UnicodeDecodeError:
            raise AdapterError("unknown-encoding", "not well-formed UTF-16; send UTF-8") from None
        finally:
            text.detach()

    def carried(self, text: str) -> bytes:
        """The bytes that carried this text."""
        return self.mark + text.encode(self.codec)

    def decoded(self, text: str, pointer: str) -> tuple[str, bool]:
        """The text of a row, and whether its form had to be assumed (Windows-1252).

        Raises `AdapterError` where it can be neither that nor UTF-8, or holds nulls.
        """
        assumed = False
        if self.codec == "latin-1":
            text, assumed = self._told(text.encode("latin-1"), pointer)
        if "\x00" in text:
            raise AdapterError("bad-character", "a row holds null characters", pointer)
        return text, assumed

    def _told(self, raw: bytes, pointer: str) -> tuple[str, bool]:
        for codec in ("utf-8",) if self.mark else ("utf-8", "cp1252"):
            try:
                return raw.decode(codec), codec != "utf-8"
            except UnicodeDecodeError:
                continue
        raise AdapterError("unknown-encoding", "send UTF-8", pointer)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            raise AdapterError("too-long", f"a line is longer than {MAX_LINE} characters")
        yield line


def rows_of(lines: Iterable[str], delimiter: str) -> Iterator[Line]:
    """Cut lines into rows, as a spreadsheet does where quotes are wrong. Raises `AdapterError`."""
    taken: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    number = 1
    try:
        for number, cells in enumerate(csv.reader(noted(), delimiter=delimiter), 1):
            yield Line(number, "".join(taken), cells)
            taken.clear()
    except csv.Error:
        detail = "a cell is too long; is a quotation mark not closed?"
        raise AdapterError("too-long", detail, f"/row/{number + 1}") from None


def cells_of(text: str, delimiter: str, pointer: str) -> list[str]:
    """The cells of one row, whose quotes must be right. Raises `AdapterError` (`not-csv`)."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        detail = "its quotation marks do not match; double those inside a cell, close the last"
        raise AdapterError("not-csv", detail, pointer) from None
    return rows[0]


@dataclass(slots=True)
class _Group:
    rows: list[Line]
    keys: list[Hashable]


def grouped(rows: Iterable[Line], keys: Callable[[Line], Iterable[Hashable]]) -> list[list[Line]]:
    """Rows that share a key, directly or through other rows, together; groups by first row.

    Only their text is kept. Raises `AdapterError` (`too-long`) above `MAX_TOGETHER` characters.
    """
    held = 0
    holders: dict[Hashable, _Group] = {}
    groups: list[_Group] = []
    for row in rows:
        if (held := held + len(row.text)) > MAX_TOGETHER:
            detail = f"at most {MAX_TOGETHER} characters where a person has several rows: cut it by"
            raise AdapterError("too-long", f"{detail} person", f"/row/{row.number}")
        mine, named = _Group([row._replace(cells=[])], []), list(keys(row))
        groups.append(mine)
        for key in named:
            mine = _joined(holders[key], mine, holders) if key in holders else mine
        mine.keys += [key for key in named if key not in holders]
        holders.update(dict.fromkeys(named, mine))
    return sorted(sorted(one.rows) for one in groups if one.rows)


def _joined(one: _Group, other: _Group, holders: dict[Hashable, _Group]) -> _Group:
    """The larger of two groups with the rows and keys of both; the smaller is left empty."""
    if one is other:
        return one
    large, small = (one, other) if len(one.keys) >= len(other.keys) else (other, one)
    large.rows += small.rows
    large.keys += small.keys
    holders.update(dict.fromkeys(small.keys, large))
    small.rows, small.keys = [], []
    return large
