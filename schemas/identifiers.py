"""Identifiers of a person: forms, check letters, canonical spelling (DOMAIN.md §7).

Every `canonical_…` function returns the one canonical spelling of a valid identifier and `None`
for anything else. Digits are ASCII digits only.
"""

import re
from datetime import date
from enum import StrEnum

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


class Scheme(StrEnum):
    """A family of identifiers. The value is the prefix in paths (`crn:X123456`)."""

    CRN = "crn"
    NOMS = "noms"
    PNC = "pnc"
    CRO = "cro"
    VISOR = "visor"
    VCMS = "vcms"
    BOOKING = "booking"


LINKING = frozenset({Scheme.CRN, Scheme.NOMS, Scheme.PNC, Scheme.CRO, Scheme.VISOR})
"""Schemes that name one person for good. A booking or victim-scheme reference does not."""

_CRN = re.compile(r"[A-Z]{1,2}[0-9]{6}")
_NOMS = re.compile(r"[A-Z][0-9]{4}[A-Z]{2}")
_OPAQUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{1,31}")
_PNC_SLASH = re.compile(r"([0-9]{4}|[0-9]{2})/([0-9]{1,7})([A-Z])")
_PNC_PLAIN = re.compile(r"([0-9]{4})([0-9]{7})([A-Z])|([0-9]{2})([0-9]{1,7})([A-Z])")
_CRO = re.compile(r"([0-9]{1,6})/([0-9]{2})([A-Z])")
_CRO_FILE = re.compile(r"SF([0-9]{2})/([0-9]{1,6})([A-Z])")


def _letter(digits: str) -> str:
    return CHECK_LETTERS[int(digits) % 23]


def canonical_pnc(text: str, this_year: int | None = None) -> str | None:
    """`YYYY/NNNNNNNL`. A two-digit year later than `this_year` (default: today's) is 19xx."""
    if match := _PNC_SLASH.fullmatch(text):
        year, serial, letter = match.groups()
    elif match := _PNC_PLAIN.fullmatch(text):
        year, serial, letter = (part for part in match.groups() if part is not None)
    else:
        return None
    serial = serial.zfill(7)
    if _letter(year[-2:] + serial) != letter:
        return None
    if len(year) == 2:
        current = this_year or date.today().year
        year = f"{'19' if 2000 + int(year) > current else '20'}{year}"
    return f"{year}/{serial}{letter}"


def canonical_cro(text: str) -> str | None:
    """`NNNNNN/YYL`, or the file-only form `SFYY/NL` whose serial is never padded."""
    if match := _CRO_FILE.fullmatch(text):
        year, serial, letter = match.groups()
        return f"SF{year}/{serial}{letter}" if _letter(year + serial) == letter else None
    if match := _CRO.fullmatch(text):
        serial, year, letter = match.groups()
        serial = serial.zfill(6)
        return f"{serial}/{year}{letter}" if _letter(year + serial) == letter else None
    return None


def canonical_crn(text: str) -> str | None:
    """A Delius case reference: one letter (two in some systems) and six digits."""
    return text if _CRN.fullmatch(text) else None


def canonical_noms(text: str) -> str | None:
    """A prison number, `A1234AA`."""
    return text if _NOMS.fullmatch(text) else None


def canonical(scheme: Scheme, text: str) -> str | None:
    """The canonical spelling under `scheme`, or `None` where the identifier is not valid."""
    match scheme:
        case Scheme.PNC:
            return canonical_pnc(text)
        case Scheme.CRO:
            return canonical_cro(text)
        case Scheme.CRN:
            return canonical_crn(text)
        case Scheme.NOMS:
            return canonical_noms(text)
        case _:
            return text if _OPAQUE.fullmatch(text) else None
