"""The tenancies of a housing authority, both ways: an adapter outside the gateway's own house."""

from housing_adapter.tenancies import ADAPTER

__all__ = ["ADAPTER"]
