"""Tables as spreadsheets and agencies send them (CSV), cut row by row and read without guessing.

Bytes are UTF-8, UTF-16 with its mark, or else Windows-1252, row by row and with a caution. The
delimiter is the one (comma, semicolon, tab) under which the header is recognised. Places are
`/row/7/column/Date of birth`: rows as a spreadsheet counts them, columns by our names for them,
or by number where they have none.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from adapters.base import AdapterError, Caution, Item
from adapters.cells import MOVED, Cell, Doubt, guarded, month_first, unguarded
from adapters.table_text import Carrier, Line, cells_of, grouped, rows_of

MEDIA_TYPE = "text/csv"
_HEAD = 30
_MONTH_FIRST = "dates=month-first\r\n"
"""Before the header of each payload cut from a table in which a row writes its month first."""
_SAID = re.compile(r'"?(?:sep=([,;\t])|(dates=month-first))"?[,;\t]*[\r\n]*', re.IGNORECASE)


class Column(NamedTuple):
    """A column under the name we write, and other names that it is read under.

    Names are compared without case, blanks, punctuation and what stands in brackets. A table
    without a `required` column is no table of this shape.
    """

    name: str
    also: tuple[str, ...] = ()
    required: bool = False


class _Layout(NamedTuple):
    """What the header says. `names` has `None` for a column that is not known; `prefix` is all
    text up to the header's end; `above` are the numbers of rows of words before it. `doubtful` is
    a table that was cut from one with a date that has its month first."""

    delimiter: str
    cells: list[str]
    names: list[str | None]
    prefix: str
    number: int
    above: list[int]
    doubtful: bool = False

    @property
    def known(self) -> set[str]:
        return {name for name in self.names if name}

    def month_first(self, row: Line) -> bool:
        """Whether a row proves that the table's dates may have their month first."""
        cells = zip(self.names, row.cells, strict=False)
        return self.doubtful or month_first(cell for name, cell in cells if name)


class Table:
    """Columns in the order in which they are written; the frame in which tables are read.

    Where a person takes several rows, rows that share a value in a column of `together` stay one
    payload, and so do all rows without such a value. A `closed` table refuses a value in a column
    that it does not know, which may be one that must not be kept.
    """

    def __init__(
        self, columns: Sequence[Column], *, together: Sequence[str] = (), closed: bool = False
    ) -> None:
        self.columns, self._together, self._closed = columns, tuple(together), closed
        self._required = {one.name for one in columns if one.required}
        self._names = {_plain(n): one.name for one in columns for n in (one.name, *one.also)}

    def write(self, rows: Iterable[Mapping[str, str | None]]) -> bytes:
        """UTF-8 with its mark, CRLF, every cell quoted and `guarded`: safe in a spreadsheet."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([one.name for one in self.columns])
        for row in rows:
            writer.writerow([guarded(row.get(one.name) or "") for one in self.columns])
        return codecs.BOM_UTF8 + text.getvalue().encode()

    def split(self, raw: bytes) -> list[Item]:
        """One payload for each row (or person): the header and its rows, byte for byte."""
        items = list(self.items(io.BytesIO(raw)))
        return items if len(items) > 1 else [Item(raw)]

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """The same from an open, seekable file while it is read, twice: the last row may say how
        the dates of the first are to be taken. Memory holds one row, or all of them where rows
        belong together. Raises `AdapterError` (`unsupported-shape`, `empty-batch`, `too-long`,
        `unknown-encoding`)."""
        carrier = Carrier.of(file)
        doubtful = self._doubtful(carrier, file)
        with carrier.lines(file) as lines:
            layout, rows = self._opened(lines)
            if doubtful and not layout.doubtful:
                layout = layout._replace(prefix=_MONTH_FIRST + layout.prefix)
            for group in self._grouped(layout, rows):
                whole = "".join(map(_ended, group[:-1])) + group[-1].text
                numbers = (layout.number, *(row.number for row in group))
                yield Item(carrier.carried(layout.prefix + whole), rows=numbers)

    def rows(self, raw: bytes) -> list[Cell]:
        """Every row of a payload, read. Raises `AdapterError` as `items` does, and for a row
        `not-csv`, `ragged-row`, `duplicate-key`, `bad-character`, `unknown-column`."""
        file = io.BytesIO(raw)
        carrier = Carrier.of(file)
        with carrier.lines(file) as lines:
            layout, below = self._opened(lines)
            rows = list(below)
            layout = layout._replace(doubtful=any(map(layout.month_first, rows)))
            return [self._row(carrier, layout, row) for row in rows]

    def _doubtful(self, carrier: Carrier, file: BinaryIO) -> bool:
        """Whether any row has a date with its month first; the file is left where it was."""
        start, found = file.tell(), False
        with suppress(AdapterError), carrier.lines(file) as lines:  # said when it is cut
            layout, rows = self._opened(lines)
            found = any(map(layout.month_first, rows))
        file.seek(start)
        return found

    def _opened(self, lines: Iterator[str]) -> tuple[_Layout, Iterator[Line]]:
        """The header and the rows below it; blank rows and repeated headers are left out."""
        head = list(islice(lines, _HEAD))
        first, declared, doubtful = "", "", False
        while head and (said := _SAID.fullmatch(head[0])):
            first += head.pop(0)
            declared, doubtful = said[1] or declared, doubtful or bool(said[2])
        marks = declared or [one for one in ",;\t" if one in "".join(head)]
        layouts = [one for mark in marks if (one := self._layout(head, mark))]
        if not layouts:
            needed = ", ".join(sorted(self._required))
            raise AdapterError("unsupported-shape", f"a table needs a header with: {needed}")
        layout = max(layouts, key=lambda one: len(one.known))
        below = islice(rows_of(chain(head, lines), layout.delimiter), layout.number, None)
        rows = (row for row in below if not _blank(row) and row.cells != layout.cells)
        if (top := next(rows, None)) is None:
            raise AdapterError("empty-batch", "the table holds no row")
        layout = layout._replace(prefix=first + layout.prefix, doubtful=doubtful)
        return layout, chain([top], rows)

    def _layout(self, head: list[str], delimiter: str) -> _Layout | None:
        """The first row in which all required columns are named."""
        prefix, above = "", list[int]()
        with suppress(AdapterError):  # another delimiter may fit
            for row in rows_of(head, delimiter):
                prefix += _ended(row)
                found = _Layout(delimiter, row.cells, self._named(row), prefix, row.number, above)
                if found.known >= self._required:
                    return found
                if not _blank(row):
                    above.append(row.number)
        return None

    def _named(self, row: Line) -> list[str | None]:
        names = [self._names.get(_plain(cell)) for cell in row.cells]
        while names and names[-1] is None and not row.cells[len(names) - 1].strip():
            names.pop()
        return names

    def _grouped(self, layout: _Layout, rows: Iterator[Line]) -> Iterable[list[Line]]:
        """Rows one by one, or those that share an identifier together, in the order they came."""
        if not self._together:
            return ([row] for row in rows)
        wanted = [rank for rank, name in enumerate(layout.names) if name in self._together]
        return grouped(
            rows,
            lambda row: (
                [
                    (layout.names[rank], text)
                    for rank in wanted
                    if (text := "".join(row.cells[rank : rank + 1]).strip())
                ]
                or [None]
            ),
        )

    def _row(self, carrier: Carrier, layout: _Layout, row: Line) -> Cell:
        pointer = f"/row/{row.number}"
        cautions = [Caution("unmapped-body", f"/row/{number}") for number in layout.above]
        text, assumed = carrier.decoded(row.text, pointer)
        if assumed:
            cautions.append(Caution("assumed-encoding", pointer))
        cells = cells_of(text, layout.delimiter, pointer)
        values: dict[str, str] = {}
        for rank, cell in enumerate(cells):
            name = layout.names[rank] if rank < len(layout.names) else None
            place = f"{pointer}/column/{name or rank + 1}"
            if name is None:
                self._stray(cell, rank < len(layout.names), place, cautions)
            elif values.get(name) and cell:
                if values[name] != unguarded(cell):
                    detail = "a column stands twice with two values"
                    raise AdapterError("duplicate-key", detail, place)
                cautions.append(Caution("duplicate-key", place))
            elif cell or name not in values:
                values[name] = unguarded(cell)
        for lost in filter(None, layout.names[len(cells) :]):
            cautions.append(Caution("ragged-row", f"{pointer}/column/{lost}"))
            break
        doubt = Doubt(layout.doubtful, len(cells) > len(layout.cells))
        return Cell(values, pointer, cautions, doubt)

    def _stray(self, cell: str, headed: bool, place: str, cautions: list[Caution]) -> None:
        """A cell under no column of ours; an empty one is nothing."""
        if not cell.strip():
            return
        if not headed:
            raise AdapterError("ragged-row", MOVED, place)
        if self._closed:
            raise AdapterError("unknown-column", "a column that this table must not have", place)
        cautions.append(Caution("unknown-field", place))


def _plain(name: str) -> str:
    """A column's name as compared; nothing of what is too long for one."""
    return "" if len(name) > 100 else re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*\)", "", name.lower()))


def _ended(row: Line) -> str:
    """A row's text with a line end, so that another row can follow."""
    return row.text if row.text[-1:] in ("\r", "\n") else f"{row.text}\n"


def _blank(row: Line) -> bool:
    return not row.cells or not any(map(str.strip, row.cells))
