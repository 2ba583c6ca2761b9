"""nDelius (probation): person, officer and team, MAPPA, registrations, contacts, limited access.

JSON of its several interfaces and its events in; a case in the shapes of its own answers out.
"""

from adapters.delius.shapes import ADAPTER

__all__ = ["ADAPTER"]
