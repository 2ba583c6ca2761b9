"""A person as the linkage compares them: spelling evened out, nothing added or guessed."""

import re
from typing import Any

NUMBERS = ("pnc", "cro", "noms", "crn")
_LETTERS = re.compile(r"[^\w' -]")
_NOT_CODE = re.compile(r"[^0-9A-Z]")
GENDERS = {"m": "male", "f": "female", "male": "male", "female": "female"}
PNC_DIGITS = 11
INWARD = 3
"""Characters of a postcode after its district."""

LISTS = ("aliases", "postcodes", "districts")
COLUMNS = (
    *("id", "forename", "others", "initials", "surname", "born", "gender", "any_pnc"),
    *LISTS,
    *NUMBERS,
    *(f"loose_{name}" for name in NUMBERS),
)
Described = dict[str, Any]


def described(person: str, record: dict[str, Any]) -> Described:
    """One person record (as stored, camelCase JSON) in the columns of the linkage."""
    name = record.get("name") or {}
    given = [part for text in name.get("forenames") or () for part in _plain(text).split()]
    postcodes = sorted(
        {code for one in record.get("addresses") or () if (code := _code(one.get("postcode")))}
    )
    aliases = [_plain(one.get("surname")) for one in record.get("aliases") or ()]
    return {
        "id": person,
        "forename": given[0] if given else None,
        "others": " ".join(given[1:]) or None,
        "initials": " ".join(one[0] for one in given[1:]) or None,
        "surname": _plain(name.get("surname")) or None,
        "aliases": sorted({one for one in aliases if one}),
        "born": (record.get("dateOfBirth") or "").replace("-", "") or None,
        "gender": GENDERS.get((record.get("gender") or "").strip().lower()),
        "postcodes": postcodes or None,
        "districts": sorted({code[:-INWARD] for code in postcodes if len(code) > INWARD}) or None,
        **_numbers(record.get("identifiers") or ()),
    }


def _plain(text: str | None) -> str:
    """Case, punctuation and white space evened out."""
    return " ".join(_LETTERS.sub(" ", text or "").replace("-", " ").casefold().split())


def _code(text: str | None) -> str:
    return _NOT_CODE.sub("", (text or "").upper())


def _numbers(identifiers: Any) -> Described:
    """The first valid and the first malformed number of each scheme; of the PNC also what comes
    before its letter."""
    found: Described = dict.fromkeys((*NUMBERS, *(f"loose_{name}" for name in NUMBERS)))
    for one in identifiers:
        key = one["scheme"] if one["verified"] else f"loose_{one['scheme']}"
        if key in found and found[key] is None:
            found[key] = _code(one["value"]) or None
    pnc = found["pnc"] or found["loose_pnc"]
    return found | {"any_pnc": pnc and pnc[:PNC_DIGITS]}
