"""Minutes and referrals, in Word or JSON, and a case written as either or as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from adapters.base import Item, MappedPerson, Subject
from adapters.json_adapter import JsonAdapter, Shape, finished
from adapters.mappa import documents, meeting, request
from adapters.mappa.exports import DOCX
from adapters.mappa.package import is_package
from adapters.reading import Node
from adapters.writing import Export, Line

_SHAPES = (
    Shape("minutes", meeting.recognises, meeting.read),
    Shape("referral", request.recognises, request.read),
)


@dataclass(slots=True)
class MappaAdapter:
    """An `adapters.base.Adapter`. The bytes decide whether they are a document or JSON."""

    lines: Sequence[Line]
    exports: Sequence[Export]
    system: str = "mappa"
    version: str = "2"
    media_types: Sequence[str] = ("application/json", DOCX)

    def split(self, raw: bytes) -> list[Item]:
        """A document is one payload; a JSON array is a batch. Raises `AdapterError`."""
        return [Item(raw)] if is_package(raw) else self._json().split(raw)

    def read(self, raw: bytes, subject: Subject | None = None) -> Sequence[MappedPerson]:
        """Map one payload. Raises `AdapterError`: what `documents.payload` and `JsonAdapter`
        raise."""
        if not is_package(raw):
            return self._json().read(raw, subject)
        name, told = documents.payload(raw)
        take = next(shape.read for shape in _SHAPES if shape.name == name)
        node = Node(told.value, "", [])
        return finished(name, partial(take, node, subject), subject, told.cautions)

    def _json(self) -> JsonAdapter:
        return JsonAdapter(self.system, _SHAPES, self.version)
