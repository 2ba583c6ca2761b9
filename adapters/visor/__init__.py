"""The police register in XML, both ways.

The real ViSOR schema is not public. `nominal.xsd` is the gateway's own form of it.
"""

from adapters.visor.adapter import ADAPTER, NOMINAL_XML

__all__ = ["ADAPTER", "NOMINAL_XML"]
