"""Core person record (justice-wide identity): persons only. JSON in."""

from adapters.cpr.record import ADAPTER

__all__ = ["ADAPTER"]
