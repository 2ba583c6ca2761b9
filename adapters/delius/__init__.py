"""nDelius (probation): person, officer and team, MAPPA, registrations, limited access. JSON in."""

from adapters.delius.shapes import ADAPTER

__all__ = ["ADAPTER"]
