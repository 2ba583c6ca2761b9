"""PPUD (public protection casework, recall). Read only: nothing is written back to it."""

from adapters.json_adapter import JsonAdapter
from adapters.ppud.mapping import LINES
from adapters.ppud.shapes import SHAPES

ADAPTER = JsonAdapter(system="ppud", version="1", shapes=SHAPES, lines=LINES)

__all__ = ["ADAPTER"]
