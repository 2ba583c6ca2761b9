"""Create and vary a licence (prison and probation)."""

from adapters.cvl.mapping import LINES
from adapters.cvl.shapes import SHAPES
from adapters.cvl.write import EXPORTS
from adapters.json_adapter import JsonAdapter

ADAPTER = JsonAdapter("cvl", SHAPES, version="2", lines=LINES, exports=EXPORTS)

__all__ = ["ADAPTER"]
