"""MAPPA registration: category, level, and how both changed (DOMAIN.md §2)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from schemas.base import PARTS, Canonical, Record, Section
from schemas.kinds import Kind

REGISTRATION = Section("registration")
HISTORY = Section("history")
NOTES = Section("notes")

Category = Literal[1, 2, 3, 4]
"""1 registered sexual offender, 2 violent or other sexual, 3 other dangerous, 4 terrorist."""

Level = Literal[1, 2, 3]
"""1 one lead agency, 2 multi-agency meetings, 3 senior representation. Not a level of risk."""


class MappaChange(Canonical):
    """A dated change of category or level, with both values; `None` is not yet determined."""

    effective: Annotated[date | None, HISTORY]
    category_from: Annotated[Category | None, HISTORY]
    category_to: Annotated[Category | None, HISTORY]
    level_from: Annotated[Level | None, HISTORY]
    level_to: Annotated[Level | None, HISTORY]
    system: Annotated[str | None, HISTORY] = None


class MappaView(Canonical):
    """What another system says where it differs: a disagreement is shown, never settled here."""

    system: Annotated[str, REGISTRATION]
    category: Annotated[Category | None, REGISTRATION] = None
    level: Annotated[Level | None, REGISTRATION] = None
    start: Annotated[date | None, REGISTRATION] = None


class MappaRegistration(Record):
    """Category and level now. `None` with a source code means *not yet determined*, never 0.

    Category 3 has no Level 1; a source that says so is kept and warned about, not corrected.
    """

    kind: ClassVar[Kind] = Kind.MAPPA

    category: Annotated[Category | None, REGISTRATION] = None
    category_code: Annotated[str | None, REGISTRATION] = None
    level: Annotated[Level | None, REGISTRATION] = None
    level_code: Annotated[str | None, REGISTRATION] = None
    start: Annotated[date | None, REGISTRATION] = None
    end: Annotated[date | None, REGISTRATION] = None
    review_due: Annotated[date | None, REGISTRATION] = None
    lead_agency: Annotated[str | None, REGISTRATION] = None
    area: Annotated[str | None, REGISTRATION] = None
    disagreements: Annotated[list[MappaView], PARTS] = []
    history: Annotated[list[MappaChange], PARTS] = []
    notes: Annotated[str | None, NOTES] = None
