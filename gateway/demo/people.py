"""Invented people, the same ones for the same seed, with consistent facts for every system."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.demo.cast import AREAS, Area
from schemas.identifiers import CHECK_LETTERS

_FORENAMES = [
    "Aled",
    "Bram",
    "Cormac",
    "Dillon",
    "Edric",
    "Fabian",
    "Gethin",
    "Harlan",
    "Idris",
    "Jarvis",
    "Kelvin",
    "Lorcan",
    "Magnus",
    "Nestor",
    "Orrin",
    "Piers",
    "Quentin",
    "Roland",
    "Selwyn",
    "Torin",
    "Ulric",
    "Vaughan",
    "Wendell",
    "Yorick",
]
_SURNAMES = [
    "Ashgrove",
    "Brackley",
    "Copperfield",
    "Dunmore",
    "Eldersley",
    "Fairwater",
    "Grimshaw",
    "Hollowell",
    "Inglewood",
    "Jessop",
    "Kirkbride",
    "Larkspur",
    "Merriden",
    "Netherby",
    "Oxcombe",
    "Pennhurst",
    "Quarrington",
    "Rosedene",
    "Stainforth",
    "Thornbury",
    "Underhill",
    "Vexley",
    "Winterbourne",
    "Yarrowdale",
]
_LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")


@dataclass(frozen=True, slots=True)
class Character:
    """One invented person. Dates are days; `today` is the day the demo is set up."""

    number: int
    forename: str
    surname: str
    born: date
    crn: str
    noms: str
    pnc: str
    cro: str
    visor: str
    area: Area
    category: int
    level: int
    rosh: str
    in_custody: bool
    victim_ref: str | None
    sentenced: date
    release: date
    today: date
    desk: int
    """Which of an area's two officers in each post has the case (1 or 2)."""

    @property
    def gender(self) -> str:
        """As the prison and probation systems write it."""
        return "Male"

    def staff(self, prefix: str) -> str:
        """The responsible member of staff of one post."""
        return f"{prefix}-{self.area.force}-{self.desk}"


def _pnc(year: int, serial: int) -> str:
    letter = CHECK_LETTERS[int(f"{year % 100:02d}{serial:07d}") % 23]
    return f"{year}/{serial:07d}{letter}"


def _cro(year: int, serial: int) -> str:
    letter = CHECK_LETTERS[int(f"{year % 100:02d}{serial:06d}") % 23]
    return f"{serial:06d}/{year % 100:02d}{letter}"


def characters(count: int, today: date, seed: int = 325) -> Iterator[Character]:
    """`count` people. The first is the one the story is about."""
    dice = random.Random(seed)
    for number in range(count):
        yield _character(number, dice, today)


def _character(number: int, dice: random.Random, today: date) -> Character:
    hero = number == 0
    born = date(1958, 1, 1) + timedelta(days=dice.randrange(16_000))
    convicted = dice.randrange(1996, 2024)
    category = 1 if hero else dice.choice((1, 1, 2, 2, 3))
    level = 3 if hero else dice.choice((1, 1, 2, 3)) if category != 3 else dice.choice((2, 3))
    custody = not hero and dice.random() < 0.4
    return Character(
        number=number,
        forename="Kelvin" if hero else dice.choice(_FORENAMES),
        surname="Larkspur" if hero else dice.choice(_SURNAMES),
        born=born,
        crn=f"X{500_000 + number:06d}",
        noms=f"A{number % 10_000:04d}{chr(65 + number // 10_000 % 26)}Z",
        pnc=_pnc(convicted, 10_000 + number),
        cro=_cro(convicted, 10_000 + number % 900_000),
        visor=f"13/{700_000 + number}",
        area=AREAS[0] if hero else dice.choice(AREAS),
        category=category,
        level=level,
        rosh="VERY_HIGH" if hero else dice.choice(_LEVELS),
        in_custody=custody,
        victim_ref=f"VC-{90_000 + number}" if hero or dice.random() < 0.5 else None,
        sentenced=date(convicted, 3, 1) + timedelta(days=dice.randrange(300)),
        release=today + timedelta(days=dice.randrange(30, 400) * (1 if custody else -1)),
        today=today,
        desk=1 if hero else dice.choice((1, 2)),
    )
