"""Minutes of MAPPA meetings in JSON, inbound, under the gateway's own published schema."""

from adapters.json_adapter import JsonAdapter, Shape
from adapters.mappa.meeting import read, recognises

ADAPTER = JsonAdapter("mappa", [Shape("minutes", recognises, read)])

__all__ = ["ADAPTER"]
