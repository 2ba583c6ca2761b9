"""NOMIS and the prisoner search in front of it (prison service), inbound."""

from adapters.json_adapter import JsonAdapter
from adapters.nomis.shapes import SHAPES

ADAPTER = JsonAdapter(system="nomis", version="1", shapes=SHAPES)

__all__ = ["ADAPTER"]
