"""The scheme as a table: a row for each victim, and further rows for further entries.

A victim takes as many rows as the longest of the three lists needs; what is said once may stand
in one of the rows or in all of them. A table whose export joined the lists says entries more than
once, and each is read once.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.cells import Cell, agreed, identifiers_in, spoilt
from adapters.tables import Column, Table
from adapters.vcms import words
from adapters.vcms.victims import SYSTEM, mapped
from schemas.identifiers import Scheme
from schemas.victim_contact import VictimCase

T = TypeVar("T")

NOBODY: Final = "NONE_IN_SCHEME"
"""The status of a row without a victim: this person's case has none. A blank says nothing."""

NAMED: Final = {
    Scheme.CRN: "CRN",
    Scheme.NOMS: "NOMS number",
    Scheme.PNC: "PNC",
    Scheme.VCMS: "VCMS reference",
}
REQUEST: Final = ("Request", "Requested", "Request outcome", "Request reason")
CONSULTATION: Final = (
    "Consultation",
    "Consultation answer",
    "Consulted",
    "Consultation outcome",
)
TOLD: Final = ("Information given", "Given")
OFFICER: Final = ("VLO staff id", "VLO name", "VLO telephone", "VLO email")
TABLE: Final = Table(
    [
        Column("CRN", ("case reference number",)),
        Column("NOMS number", ("prison number", "NOMIS number", "NOMS ID")),
        Column("PNC", ("PNC number", "PNC ID")),
        Column("VCMS reference", ("offender reference",)),
        Column("Written at", ("extracted at", "extract date")),
        Column("Victim reference", ("victim ref", "victim id"), required=True),
        Column("Status", ("scheme status", "opt in status"), required=True),
        Column("Status since", ("status date",)),
        *map(Column, (*OFFICER, *REQUEST, *CONSULTATION, *TOLD, "Representations")),
    ],
    together=tuple(NAMED.values()),
    closed=True,
)

_NOT_OF_VICTIMS = frozenset((*OFFICER, *NAMED.values()))
_REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9/_.-]{1,31}")


def take(rows: Sequence[Cell], subject: Subject | None) -> list[MappedPerson]:
    """One person's rows. Raises `AdapterError` (`schema`, `victim-contact-details`)."""
    for row in rows:
        words.pseudonymous(row[name] for name in row.value if name not in _NOT_OF_VICTIMS)
    identifiers = identifiers_in(
        SYSTEM, ((scheme, row[name]) for row in rows for scheme, name in NAMED.items()), subject
    )
    victims: dict[str, list[Cell]] = {}
    for row in rows:
        if (reference := _reference(row)) is not None:
            victims.setdefault(reference, []).append(row)
    read = [_victim(reference, own) for reference, own in victims.items()]
    times = [time for row in rows if (time := row["Written at"].time())]
    cautions = [caution for row in rows for caution in row.cautions]
    return mapped(identifiers, read, max(times, default=None), cautions)


def _reference(row: Cell) -> str | None:
    cell = row["Victim reference"]
    if (text := cell.word()) and _REFERENCE.fullmatch(text) and not spoilt(cell):
        return text
    if text is None and row["Status"].word() == NOBODY:
        return None
    detail = f"a pseudonymous reference with a digit in it, or the status {NOBODY}, is required"
    raise AdapterError("schema", detail, cell.pointer)


def _victim(reference: str, rows: Sequence[Cell]) -> VictimCase:
    status, code = agreed(rows, "Status", words.status) or ("unknown", None)
    staff_id, name, telephone, email = OFFICER
    return VictimCase(
        victim_ref=reference,
        status=status,
        status_code=code,
        since=agreed(rows, "Status since", Cell.day),
        vlo_staff_id=agreed(rows, staff_id, Cell.word),
        vlo_name=agreed(rows, name, Cell.word),
        vlo_telephone=agreed(rows, telephone, Cell.telephone),
        vlo_email=agreed(rows, email, Cell.word),
        requests=_each(rows, REQUEST, words.request),
        consultations=_each(rows, CONSULTATION, words.consultation),
        information_given=_each(rows, TOLD, words.told),
        representations=agreed(rows, "Representations", Cell.text),
    )


def _each(rows: Sequence[Cell], columns: Sequence[str], read: Callable[..., T]) -> list[T]:
    """The entries in these columns, each once. What belongs to no entry is not read."""
    found: list[T] = []
    for row in rows:
        first, *others = (row[column] for column in columns)
        if first:
            found.append(read(first, *others))
        else:
            for stray in filter(None, others):
                stray.warn("unmapped-body")
    return list(dict.fromkeys(found))
