"""A prisoner's movements: only where they lead to is a fact about today.

Times are London wall time to the second. The last stay decides: where it is open, the place of
the newest arrival; where it is closed, the day of its release.
"""

from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject
from adapters.json_adapter import identifiers_of, objects
from adapters.nomis.custody import place
from adapters.reading import LONDON, Node
from schemas.custody import Custody
from schemas.identifiers import Scheme

_NEVER = datetime.min.replace(tzinfo=UTC)


class _Event(NamedTuple):
    moment: datetime
    order: int
    """Leaving comes before an arrival of the same second."""
    prison: Node | None


def timeline(node: Node, subject: Subject | None) -> MappedPerson:
    """Map the last stay. It is as old as its newest movement, so that it never stands in front
    of a prisoner's full record that came later. Raises `AdapterError` where no stay is dated."""
    identifiers = identifiers_of("nomis", [(Scheme.NOMS, node["prisonerNumber"])], subject)
    stay = _last_stay(node["prisonPeriod"])
    events = sorted(_events(stay), key=lambda event: event[:2])
    released = stay["releaseDate"].time()
    at = events[-1].prison if events and _only_open(stay, node["prisonPeriod"]) else None
    prison, elsewhere = place(at) if at is not None else (None, None)
    record = Custody(
        prison=prison,
        location_code=elsewhere,
        booking_number=stay["bookNumber"].text(),
        release=released.astimezone(LONDON).date() if released else None,
    )
    newest = max([released or _NEVER, stay["entryDate"].time() or _NEVER, *(e[0] for e in events)])
    records = [MappedRecord(record, "prison-timeline", newest)]
    return MappedPerson(identifiers, records, node.cautions)


def _last_stay(periods: Node) -> Node:
    """The stay entered last. Two open stays, or one begun before another ended, contradict."""
    dated = [(entry, one) for one in objects(periods) if (entry := one["entryDate"].time())]
    if not dated:
        raise AdapterError("no-dated-stay", "no prison period has an entry date", periods.pointer)
    dated.sort(key=lambda pair: pair[0])
    for (_, earlier), (entry, _) in pairwise(dated):
        left = earlier["releaseDate"].time()
        if left is None or left > entry:
            periods.warn("contradiction")
    return dated[-1][1]


def _only_open(stay: Node, periods: Node) -> bool:
    """Whether this stay, and no other, is still going on."""
    still = [one.pointer for one in objects(periods) if not one["releaseDate"]]
    return still == [stay.pointer]


def _events(stay: Node) -> list[_Event]:
    """Arrivals with their prison, departures without; none where a time cannot be read, because
    the newest of the others might not be the newest."""
    arrivals = [(row, "admittedIntoPrisonId") for row in objects(stay["movementDates"])]
    arrivals += [(row, "toPrisonId") for row in objects(stay["transfers"])]
    events = []
    for row, where in arrivals:
        arrived, left = row["dateInToPrison"].time(), row["dateOutOfPrison"].time()
        if arrived is None or (left is None and row["dateOutOfPrison"]):
            row.warn("unreadable-date")
            return []
        events.append(_Event(arrived, 1, row[where]))
        if left is not None:
            events.append(_Event(left, 0, None))
    return events
