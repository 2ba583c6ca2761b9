"""The weekly residents' list of approved premises: a row for each resident and stay.

A list says who is there. Who is not on it has not therefore left: a stay ends when a list gives
the day (`Departed`). Each stay is a document of its own, so that the next list changes that stay
and no other.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.cells import Cell, agreed, identifiers_in, sound
from adapters.tables import Column, Table
from schemas.identifiers import Scheme
from schemas.person import Identifier, Name, Person
from schemas.residence import Residence, Stay

SYSTEM: Final = "approved_premises"
LISTED, ARRIVED, EXPECTED, DEPARTED = "List date", "Arrived", "Expected departure", "Departed"

NAMED: Final = {
    Scheme.CRN: "CRN",
    Scheme.NOMS: "NOMS number",
    Scheme.PNC: "PNC",
    Scheme.CRO: "CRO",
}
IDENTITY: Final = ("Surname", "Forenames", "Date of birth")

STAY: Final[dict[str, tuple[str, Callable[[Cell], Any]]]] = {
    "reference": ("Stay reference", Cell.reference),
    "premises": ("Premises", Cell.word),
    "premises_code": ("Premises code", Cell.reference),
    "address": ("Premises address", Cell.lines),
    "postcode": ("Premises postcode", Cell.word),
    "telephone": ("Premises telephone", Cell.telephone),
    "room": ("Room", Cell.reference),
    "status": ("Status", Cell.word),
    "start": (ARRIVED, Cell.day),
    "expected_end": (EXPECTED, Cell.day),
    "end": (DEPARTED, Cell.day),
    "end_reason": ("Departure reason", Cell.word),
    "key_worker": ("Key worker", Cell.word),
    "key_worker_telephone": ("Key worker telephone", Cell.telephone),
    "curfew": ("Curfew", Cell.word),
    "notes": ("Notes", Cell.text),
}
"""Each field of a stay: its column, and how the cell is read."""

_ALSO: Final = {
    "CRN": ("case reference number",),
    "NOMS number": ("NOMIS number", "prison number", "NOMS"),
    "PNC": ("PNC number", "PNC ID"),
    "CRO": ("CRO number",),
    "Surname": ("last name", "family name"),
    "Forenames": ("forename", "first name", "first names", "forename(s)", "given names"),
    "Date of birth": ("DOB", "birth date"),
    LISTED: ("as at", "date of list", "report date", "week commencing", "w/c"),
    "Stay reference": ("placement id", "placement reference", "booking reference", "booking id"),
    "Premises": ("premises name", "approved premises", "AP", "AP name", "hostel"),
    "Premises code": ("AP code", "q code"),
    "Premises address": ("AP address",),
    "Premises postcode": ("AP postcode",),
    "Premises telephone": ("AP telephone", "premises phone", "AP phone"),
    "Room": ("room number", "room no", "bed", "bed name"),
    "Status": ("residency status", "placement status"),
    ARRIVED: ("arrival date", "date of arrival", "date arrived", "actual arrival date",
              "admission date", "date of admission", "admitted"),
    EXPECTED: ("expected departure date", "planned departure date", "planned departure",
               "expected date of departure", "expected move on date"),
    DEPARTED: ("date departed", "date of departure", "actual departure date", "date left"),
    "Departure reason": ("reason for departure", "reason for leaving"),
    "Key worker": ("key worker name", "keyworker name"),
    "Key worker telephone": ("key worker phone", "key worker number"),
    "Curfew": ("curfew times", "curfew hours"),
    "Notes": ("comments", "remarks"),
}  # fmt: skip
"""Other names of the columns. "Departure date" and "Address" are not among them: the first may be
expected or past, the second the resident's own."""

TABLE: Final = Table(
    [
        Column(name, _ALSO[name], required=name in ("Premises", ARRIVED))
        for name in (*NAMED.values(), *IDENTITY, LISTED, *(column for column, _ in STAY.values()))
    ],
    together=tuple(NAMED.values()),
)


def take(rows: Sequence[Cell], subject: Subject | None) -> list[MappedPerson]:
    """One person's rows of a list. Raises `AdapterError`."""
    named = [(scheme, row[column]) for row in rows for scheme, column in NAMED.items()]
    identifiers = identifiers_in(SYSTEM, named, subject)
    written = max((time for row in rows if (time := row[LISTED].time())), default=None)
    stays = _stays(rows)
    documents: dict[str, list[Stay]] = {}
    for one in stays:
        _doubt(one, rows[0][LISTED].day())
        documents.setdefault(one.key, []).append(one.stay)
    _two_places(stays)
    records = [MappedRecord(Residence(stays=own), key, written) for key, own in documents.items()]
    records.append(MappedRecord(_person(rows, identifiers), "current", written))
    return [MappedPerson(identifiers, records, [c for row in rows for c in row.cautions])]


def _person(rows: Sequence[Cell], identifiers: list[Identifier]) -> Person:
    surname, forenames, born = IDENTITY
    given = agreed(rows, forenames, Cell.word)
    return Person(
        name=Name(
            surname=agreed(rows, surname, Cell.word), forenames=given.split() if given else []
        ),
        date_of_birth=agreed(rows, born, Cell.day),
        identifiers=identifiers,
    )


class _Listed(NamedTuple):
    """A stay, the name of its document, and the first row that tells of it."""

    key: str
    row: Cell
    stay: Stay


def _stays(rows: Sequence[Cell]) -> list[_Listed]:
    """A stay is known by its reference if that is `sound`, or by its premises and first day; one
    without either is not told apart from others like it, and a row that has nothing of a stay
    tells of none."""
    known: dict[str, list[Cell]] = {}
    for row in rows:
        if any(row[column] for column, _ in STAY.values()):
            known.setdefault(_key(row) or row.pointer, []).append(row)
    return [_Listed(_key(own[0]) or "current", own[0], _stay(own)) for own in known.values()]


def _key(row: Cell) -> str | None:
    if reference := sound(row["Stay reference"]):
        return reference
    premises, start = sound(row["Premises code"]) or row["Premises"].word(), row[ARRIVED].day()
    return f"{' '.join(premises.casefold().split())} {start}" if premises and start else None


def _stay(rows: Sequence[Cell]) -> Stay:
    told = {field: agreed(rows, column, read) for field, (column, read) in STAY.items()}
    return Stay(**{field: value for field, value in told.items() if value is not None})


def _doubt(one: _Listed, listed: date | None) -> None:
    """Days in an order that cannot be are kept, and pointed at."""
    stay = one.stay
    for column, day in ((EXPECTED, stay.expected_end), (DEPARTED, stay.end)):
        if stay.start and day and day < stay.start:
            one.row[column].warn("contradiction")
    if listed and stay.end and stay.end > listed:
        one.row[DEPARTED].warn("contradiction")


def _two_places(stays: Sequence[_Listed]) -> None:
    """Somebody in two places for more than the day of a move is shown in both, and pointed at."""
    latest: tuple[date, _Listed] | None = None
    dated = [(one.stay.start, one) for one in stays if one.stay.start]
    for start, one in sorted(dated, key=lambda pair: pair[0]):
        if latest and start < latest[0]:
            for either in (latest[1], one):
                either.row[ARRIVED].warn("contradiction")
        end = one.stay.end or date.max
        latest = (end, one) if latest is None or end > latest[0] else latest
