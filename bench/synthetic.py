"""Invented people as two systems write them down, with the errors that records really have.

A seed always makes the same population. Names are made of syllables, a few frequent and many
rare; nobody in it exists. How often each error occurs is in `ERRORS` (docs/identity.md).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from schemas.identifiers import CHECK_LETTERS

ERRORS = {
    "forename mistyped": 0.012,
    "surname mistyped": 0.015,
    "names swapped": 0.01,
    "day and month swapped": 0.01,
    "a digit of the date of birth wrong": 0.008,
    "date of birth missing": 0.003,
    "surname changed": 0.015,
    "middle names missing": 0.3,
    "middle names as initials": 0.15,
    "moved": 0.25,
    "former address not kept": 0.5,
    "address missing": 0.15,
    "gender missing": 0.05,
    "pnc missing": 0.45,
    "cro missing": 0.55,
    "pnc or cro mistyped": 0.2,
}
"""Of each record, independently; a changed surname leaves the former one as an alias in half, and
only whoever has moved can have a former address."""


def _words(text: str) -> list[str]:
    return text.split()


_STARTS = _words("Ald Bar Cal Den Ed Fen Gar Hol Kil Lor Mar Nor Os Pen Ros Stan Tor Wex Yar Ash")
_MIDDLES = _words("a e i o ing er am en")
_ENDS = _words("by combe dale field ford gate ham ley more ridge ton wick worth well stow")
_GIVEN = _words("Ad Ben Cor Da El Fin Gar Har Ja Ke Lu Mar Na Or Pat Ro Sam Te Vin Wil")
_GIVEN_ENDS = _words("an en in on ick ard el y ie us o am is eth")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
FIRST = date(1945, 1, 1)


@dataclass(frozen=True, slots=True)
class Human:
    """One person as they are. `kin` says how they are related to the one before."""

    number: int
    forenames: tuple[str, ...]
    surname: str
    born: date
    gender: str
    postcode: str
    pnc: str
    kin: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class Population:
    """Records, which of them are one person's, and which are relatives'."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    same: set[tuple[str, str]] = field(default_factory=set)
    kin: dict[tuple[str, str], str] = field(default_factory=dict)


def population(people: int, seed: int = 327) -> Population:
    """So many people; every fourth is known to two systems that share no valid number.

    Of each hundred there are three pairs of relatives with PNC numbers one after the other:
    twins, a sibling born the same day in another year, a son of his father's name.
    """
    dice, made, before = random.Random(seed), Population(), list[str]()  # noqa: S311 - invented
    for human in _humans(people, dice):
        twice = dice.random() < 0.25 or bool(human.kin)
        names = [f"{human.number:06d}a", f"{human.number:06d}b"][: 1 + twice]
        for n, name in enumerate(names):
            made.records[name] = _written(human, n, dice)
        if twice:
            _part(made.records[names[0]], made.records[names[1]])
            made.same.add((names[0], names[1]))
        if human.kin:
            made.kin |= {(one, other): human.kin for one in before for other in names}
        before = names
    return made


def _part(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two records that share a valid number are linked already; what is left shares none."""
    valid = {(i["scheme"], i["value"]) for i in one["identifiers"] if i["verified"]}
    other["identifiers"] = [
        i for i in other["identifiers"] if (i["scheme"], i["value"]) not in valid
    ]


def _humans(people: int, dice: random.Random) -> Iterator[Human]:
    surnames = [s + m + e for s in _STARTS for m in _MIDDLES for e in _ENDS]
    forenames = [s + e for s in _GIVEN for e in _GIVEN_ENDS]
    dice.shuffle(surnames)
    dice.shuffle(forenames)
    number = 0
    while number < people:
        one = Human(
            number,
            tuple(_frequent(forenames, dice) for _ in range(dice.choice((1, 2, 2, 2, 3)))),
            _frequent(surnames, dice),
            FIRST + timedelta(days=dice.randrange(22_000)),
            "Female" if dice.random() < 0.05 else "Male",
            _postcode(dice),
            _pnc(dice),
        )
        yield one
        number += 1
        if dice.random() < 0.03 and number < people:
            yield _relative(one, number, forenames, dice)
            number += 1


def _frequent(names: list[str], dice: random.Random) -> str:
    """A few names are borne by many."""
    return names[int(len(names) * dice.random() ** 3)]


def _relative(one: Human, number: int, forenames: list[str], dice: random.Random) -> Human:
    kin = dice.choice(("twin", "twin", "sibling born the same day", "son of the same name"))
    given = (_alike(one.forenames[0], dice), *one.forenames[1:])
    if dice.random() < 0.6:
        given = tuple(_frequent(forenames, dice) for _ in one.forenames)
    next_number = _pnc_of(int(one.pnc[:4]), (int(one.pnc[5:12]) + 1) % 10_000_000)
    mine = replace(one, number=number, pnc=next_number, kin=kin)
    match kin:
        case "twin" if given[0] != one.forenames[0]:
            return replace(mine, forenames=given)
        case "sibling born the same day" if given[0] != one.forenames[0]:
            years = dice.randrange(2, 9)
            born = one.born.replace(year=one.born.year + years, day=min(one.born.day, 28))
            return replace(mine, forenames=given, born=born)
        case _:
            days = timedelta(days=dice.randrange(18 * 365, 40 * 365))
            return replace(mine, kin="son of the same name", born=one.born + days)


def _alike(name: str, dice: random.Random) -> str:
    """As parents of twins like it: Aaron and Aron."""
    return dice.choice((name[:-1] + dice.choice("aeiy"), name + "e", name[:-1] or name + "a"))


def _postcode(dice: random.Random) -> str:
    district = f"{dice.choice(('LS', 'BD', 'NE', 'ME', 'DH'))}{dice.randrange(1, 30)}"
    return f"{district} {dice.randrange(1, 10)}{dice.choice('ABDEF')}{dice.choice('GHJLN')}"


def _pnc(dice: random.Random) -> str:
    return _pnc_of(dice.randrange(1980, 2024), dice.randrange(9_999_999))


def _pnc_of(year: int, serial: int) -> str:
    return f"{year}/{serial:07d}{CHECK_LETTERS[int(f'{year % 100:02d}{serial:07d}') % 23]}"


def _cro_of(pnc: str) -> str:
    """As if both registers had given out their numbers on one day."""
    year, serial = pnc[2:4], int(pnc[5:12]) % 1_000_000
    return f"{serial:06d}/{year}{CHECK_LETTERS[int(f'{year}{serial:06d}') % 23]}"


def _written(human: Human, system: int, dice: random.Random) -> dict[str, Any]:
    """The person record of one system, with its errors."""

    def errs(name: str) -> bool:
        return dice.random() < ERRORS[name]

    (forename, *others), surname, born = human.forenames, human.surname, human.born
    aliases: tuple[str, ...] = ()
    if errs("surname changed"):
        aliases = (surname,) if dice.random() < 0.5 else ()
        surname = dice.choice(_STARTS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)
    forename = _mistyped(forename, dice) if errs("forename mistyped") else forename
    surname = _mistyped(surname, dice) if errs("surname mistyped") else surname
    if errs("names swapped"):
        forename, surname = surname, forename
    if errs("middle names missing"):
        others = []
    elif errs("middle names as initials"):
        others = [one[0] for one in others]
    postcodes = _postcodes(human, errs, dice)
    return {
        "name": {"forenames": [forename, *others], "surname": surname},
        "aliases": [{"surname": one} for one in aliases],
        "dateOfBirth": _date(born, errs, dice),
        "gender": None if errs("gender missing") else human.gender,
        "addresses": [{"postcode": one} for one in postcodes],
        "identifiers": [_own(human, system), *_police(human, errs, dice)],
    }


def _postcodes(human: Human, errs: Any, dice: random.Random) -> list[str]:
    if errs("address missing"):
        return []
    if not errs("moved"):
        return [human.postcode]
    return [_postcode(dice), *([] if errs("former address not kept") else [human.postcode])]


def _own(human: Human, system: int) -> dict[str, Any]:
    crn, noms = f"X{human.number:06d}", f"A{human.number % 10_000:04d}{_letters(human.number)}"
    value = {"scheme": "crn", "value": crn} if system == 0 else {"scheme": "noms", "value": noms}
    return value | {"verified": True}


def _letters(number: int) -> str:
    tens = number // 10_000
    return chr(65 + tens // 26 % 26) + chr(65 + tens % 26)


def _police(human: Human, errs: Any, dice: random.Random) -> Iterator[dict[str, Any]]:
    """PNC and CRO, where the system has them, as somebody typed them."""
    for scheme, value in (("pnc", human.pnc), ("cro", _cro_of(human.pnc))):
        if errs(f"{scheme} missing"):
            continue
        wrong = errs("pnc or cro mistyped")
        written = _miskeyed(value, dice) if wrong else value
        yield {"scheme": scheme, "value": written, "verified": not wrong}


def _miskeyed(number: str, dice: random.Random) -> str:
    """Without its letter, or with a digit that is not its own."""
    if dice.random() < 0.3:
        return number[:-1]
    place = dice.choice([n for n, character in enumerate(number) if character.isdigit()][4:])
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


def _date(born: date, errs: Any, dice: random.Random) -> str | None:
    text = born.isoformat()
    if errs("date of birth missing"):
        return None
    if errs("day and month swapped") and born.day <= 12:
        return f"{text[:5]}{text[8:]}-{text[5:7]}"
    if errs("a digit of the date of birth wrong"):
        other = born.replace(day=born.day % 9 + 1) if dice.random() < 0.5 else _year_off(born)
        return other.isoformat()
    return text


def _year_off(born: date) -> date:
    last = born.year % 10
    return born.replace(year=born.year + (1 if last < 9 else -1), day=min(born.day, 28))


def _mistyped(name: str, dice: random.Random) -> str:
    """One slip of the hand: a letter left out, doubled, swapped, or its neighbour's key."""
    place = dice.randrange(1, max(2, len(name) - 1))
    letter = name[place : place + 1]
    row = next((row for row in _KEYS if letter in row), "aeiou")
    near = row[(row.find(letter) + 1) % len(row)]
    return dice.choice(
        (
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place:],
            name[:place] + name[place + 1 : place + 2] + letter + name[place + 2 :],
            name[:place] + near + name[place + 1 :],
        )
    )
