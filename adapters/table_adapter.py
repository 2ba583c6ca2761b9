"""The frame of an adapter that takes tables, and JSON too where the system sends both."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from adapters.base import Item, MappedPerson, Subject
from adapters.cells import Cell
from adapters.json_adapter import JsonAdapter, finished
from adapters.tables import MEDIA_TYPE, Table
from adapters.writing import Export, Line


@dataclass(slots=True)
class TableAdapter:
    """An `adapters.base.Adapter` over one table; `take` maps the rows of a payload.

    A body that opens as JSON does goes to `json`, where there is one.
    """

    system: str
    table: Table
    take: Callable[[Sequence[Cell], Subject | None], list[MappedPerson]]
    json: JsonAdapter | None = None
    version: str = "1"
    lines: Sequence[Line] = ()
    exports: Sequence[Export] = ()

    @property
    def media_types(self) -> Sequence[str]:
        """The table first; the bytes decide."""
        return (MEDIA_TYPE, *(self.json.media_types if self.json else ()))

    def split(self, raw: bytes) -> list[Item]:
        """As `Table.split` or `JsonAdapter.split`. Raises `AdapterError`."""
        if self.json and _opens_json(raw):
            return self.json.split(raw)
        return self.table.split(raw)

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """As `Table.items`: a table too large to be held."""
        return self.table.items(file)

    def read(self, raw: bytes, subject: Subject | None = None) -> Sequence[MappedPerson]:
        """Map one payload. Raises `AdapterError` as `Table.rows` and `json_adapter.finished`."""
        if self.json and _opens_json(raw):
            return self.json.read(raw, subject)
        take = partial(self.take, self.table.rows(raw), subject)
        return finished(f"the {self.system} table", take, subject)


def _opens_json(raw: bytes) -> bool:
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
