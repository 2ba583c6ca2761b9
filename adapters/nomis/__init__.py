"""NOMIS and the prisoner search in front of it (prison service)."""

from adapters.nomis.adapter import ADAPTER

__all__ = ["ADAPTER"]
