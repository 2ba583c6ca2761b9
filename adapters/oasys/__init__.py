"""OASys and its assess-risks-and-needs interface: RoSH, plans, predictors. JSON in."""

from adapters.oasys.shapes import ADAPTER

__all__ = ["ADAPTER"]
