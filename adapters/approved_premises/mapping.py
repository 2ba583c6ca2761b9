"""Where each canonical field stands in the residents' list."""

from typing import Final

from pydantic.alias_generators import to_camel

from adapters.approved_premises.residents import NAMED, STAY
from adapters.writing import Line, Way
from schemas.kinds import Kind

_NOTES: Final = {
    "reference": "rows with one reference, or one premises and first day, are one stay; one that a "
    "spreadsheet made a number or a date of is shown, and tells no stays apart",
    "address": "a line of the cell for each line of the address",
}
_NUMBERS = ", ".join(NAMED.values())

LINES: Final = (
    *(
        Line(Kind.RESIDENCE, f"stays[].{to_camel(name)}", column, Way.BOTH, _NOTES.get(name, ""))
        for name, (column, _) in STAY.items()
    ),
    Line(Kind.PERSON, "name.surname", "Surname"),
    Line(Kind.PERSON, "name.forenames", "Forenames", Way.BOTH, "parted at blanks"),
    Line(Kind.PERSON, "dateOfBirth", "Date of birth"),
    Line(Kind.PERSON, "identifiers[].scheme", _NUMBERS, Way.BOTH, "the first of each is written"),
    Line(Kind.PERSON, "identifiers[].value", _NUMBERS),
    Line(
        Kind.PERSON,
        "identifiers[].verified",
        "",
        Way.IN,
        "worked out from the form and the check letter",
    ),
)
