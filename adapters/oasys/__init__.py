"""OASys and its assess-risks-and-needs interface: RoSH, plans, predictors,
needs, offences. JSON, both ways."""

from adapters.oasys.shapes import ADAPTER

__all__ = ["ADAPTER"]
