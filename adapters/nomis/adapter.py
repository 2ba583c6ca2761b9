"""The NOMIS adapter: JSON shapes, and a batch of alerts read as the one list that it is."""

from dataclasses import dataclass

from adapters.base import Item
from adapters.json_adapter import JsonAdapter
from adapters.nomis.alert_list import whole
from adapters.nomis.mapping import LINES
from adapters.nomis.shapes import SHAPES
from adapters.nomis.write import EXPORTS


@dataclass(slots=True)
class NomisAdapter(JsonAdapter):
    """An array is a batch, but for a list of alerts: a person's alerts are one record."""

    def split(self, raw: bytes) -> list[Item]:
        """One payload, or the payloads of a batch. Raises `AdapterError`."""
        items = JsonAdapter.split(self, raw)
        return [Item(raw)] if raw.lstrip().startswith(b"[") and whole(items) else items


ADAPTER = NomisAdapter("nomis", SHAPES, version="2", lines=LINES, exports=EXPORTS)
