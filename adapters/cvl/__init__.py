"""Create and vary a licence (prison and probation), inbound."""

from adapters.cvl.shapes import SHAPES
from adapters.json_adapter import JsonAdapter

ADAPTER = JsonAdapter(system="cvl", version="1", shapes=SHAPES)

__all__ = ["ADAPTER"]
