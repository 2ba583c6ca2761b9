"""The police register in XML, both ways.

The real ViSOR schema is not public. `nominal.xsd` is the gateway's own form of it.
"""

from adapters.visor.adapter import ADAPTER
from adapters.visor.write import write

__all__ = ["ADAPTER", "write"]
