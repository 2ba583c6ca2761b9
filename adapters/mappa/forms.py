"""The two forms of MAPPA co-ordinators: our wording (`minutes.toml`, `referral.toml`), and others'.

One table serves both ways: what is written under a title is read from under it. The headings are
those of DOMAIN.md §2 in our own words; no text of an official form is in here.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any


class Body(Enum):
    """What stands under a heading."""

    TEXT = "text"
    WORD = "word"
    """One value: a date, a level, yes or no."""
    ROWS = "rows"
    GROUP = "group"
    """Only the headings below it."""
    TABLE = "table"
    """The table of RoSH levels or of scores; text beside it is text of the assessment."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of rows. Its `member` is that of a row of the payload."""

    member: str
    title: str
    names: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with a header row. It is one where its header has a column of each of `needs`;
    columns that are none of these go to the row's member `rest`, or nowhere of their own.
    Columns are in the order in which names are tried; `order` is that in which they are written."""

    columns: tuple[Column, ...]
    needs: tuple[frozenset[str], ...]
    order: tuple[str, ...]
    rest: str = ""

    def written(self) -> list[Column]:
        """The columns from left to right."""
        return sorted(self.columns, key=lambda column: self.order.index(column.member))


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the table at the top: one label and one value."""

    member: str
    title: str
    names: re.Pattern[str]
    section: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`member` is its place in the JSON payload; `section` the label of its canonical field."""

    member: str
    title: str
    names: re.Pattern[str]
    section: str
    body: Body = Body.TEXT
    hint: str = ""
    under: str = ""
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `about`: headings that only introduce the facts."""

    name: str
    title: str
    about: re.Pattern[str]
    facts: tuple[Fact, ...]
    headings: tuple[Heading, ...]
    order: tuple[str, ...]
    top: tuple[str, ...]

    def written(self) -> list[Heading]:
        """The headings from top to bottom, each followed by those under it (`order`)."""
        named = {heading.member: heading for heading in self.headings}
        found: list[Heading] = []
        for member in self.order:
            found += [named[member], *(one for one in self.headings if one.under == member)]
        return found

    def at_top(self) -> list[Fact]:
        """Whom it is about, then the facts as they are written (`top`)."""
        about = [fact for fact in self.facts if fact.member not in self.top]
        named = {fact.member: fact for fact in self.facts}
        return about + [named[member] for member in self.top]


def _rows(order: str, needs: tuple[str, ...], rest: str = "", **names: str) -> Rows:
    titles = dict(part.split("=") for part in order.split(", "))
    columns = tuple(Column(m, titles[m], re.compile(pattern)) for m, pattern in names.items())
    return Rows(columns, tuple(frozenset(one.split()) for one in needs), tuple(titles), rest)


ROWS = {
    "attendance": _rows(
        "agency=Agency, name=Name, role=Role, presence=Attendance, reportSent=Report sent, "
        "notes=Notes",
        ("name agency", "agency role presence"),
        "notes",
        reportSent=r"\breports?\b",
        presence=r"presen|attend(ed|ance)|apolog|status",
        name=r"^(full )?name|attendee|invitee|representative|^who$|person",
        agency=r"agency|organi[sz]ation|service|\bforce\b|department|employer",
        role=r"role|position|job|title|designation|rank|grade",
        notes=r"^(notes|comments?|remarks)$",
    ),
    "actions": _rows(
        "reference=No., action=Action, owner=Owner, agency=Agency, due=By when, outcome=Outcome, "
        "notes=Notes",
        ("action", "owner agency due"),
        "notes",
        reference=r"^(no|number|ref|reference|item|id|#|action (no|number|ref|id))$",
        due=r"\bdue\b|deadline|target|by when|^when|time ?(scale|frame)|^date$"
        r"|date (for|due|by|set|to)|(to be )?completed? by|review date",
        owner=r"owner|whom|\blead\b|respons|assigned|allocated|^who$|^name",
        agency=r"agency|organi[sz]ation",
        outcome=r"outcome|progress|result|status|update|complet|discharged|achieved",
        action=r"\bactions?\b|task|^what|^details?$|description|agreed",
        notes=r"^(notes|comments?|remarks)$",
    ),
    "scores": _rows(
        "tool=Tool, scale=Scale, score=Score, band=Band, staticOrDynamic=Static or dynamic, "
        "assessedBy=Assessed by, assessedOn=Assessed on",
        ("tool", "score band scale"),
        assessedOn=r"date|when|\bon\b",
        assessedBy=r"assess(ed|or)|\bby\b|whom|complet|scored by",
        staticOrDynamic=r"static|dynamic",
        scale=r"scale|version|type",
        band=r"band|level|category|result|outcome|risk|meaning",
        score=r"score|per ?cent|%|probability",
        tool=r"tool|assessment|predictor|instrument|name",
    ),
    "updates": _rows(
        "agency=Agency, text=Update",
        ("agency", "text"),
        agency=r"agency|organi[sz]ation|service|from|^by$",
        text=r"update|report|information|contribution|comment|detail|discussion|involvement",
    ),
}
GROUPS = {
    "children": ("Children", re.compile(r"child|young")),
    "public": ("Public", re.compile(r"public")),
    "knownAdult": ("Known adult", re.compile(r"know(n)? adult|known person|partner")),
    "staff": ("Staff", re.compile(r"staff")),
    "prisoners": ("Prisoners", re.compile(r"prisoner|inmate")),
    "overall": ("Overall", re.compile(r"^overall")),
}
"""Groups at risk in the table of RoSH levels, and the overall level as its last row."""

_PERSON = {
    ("", "Name", "identity"): (
        r"^(full |offender('?s)? |subject('?s)? )?name( of (the )?(offender|person|subject|case))?$"
    ),
    ("", "Date of birth", "identity"): r"^(date of birth|dob|d o b)( / age)?$",
    ("person/crn", "Case reference (CRN)", "identifiers"): r"\bcrn\b|^case ref|delius",
    ("person/nomsNumber", "Prison number", "identifiers"): (
        r"\bnoms\b|nomis|prison(er)?'?s? (number|no|ref|id)"
    ),
    ("person/pnc", "PNC", "identifiers"): r"\bpnc\b|police national computer",
    ("person/cro", "CRO", "identifiers"): r"\bcro\b|criminal records? (office )?(number|no)",
    ("person/visor", "ViSOR reference", "identifiers"): r"visor (ref|no|number|id|nominal)|^visor$",
}
"""Whom the form is about. Names are for those who read it; identifiers alone say who it is."""


def _form(name: str) -> Form:
    read = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
    about = [Fact(*key[:2], re.compile(names), key[2]) for key, names in _PERSON.items()]
    return Form(
        name,
        read["title"],
        re.compile(read["about"]),
        (*(Fact(**_compiled(one)) for one in read["fact"]), *about),
        tuple(Heading(**_compiled(one)) for one in read["heading"]),
        tuple(read["order"]),
        tuple(read["top"]),
    )


def _compiled(entry: dict[str, Any]) -> dict[str, Any]:
    told = entry | {"names": re.compile("|".join(entry["names"]))}
    if "body" in told:
        told["body"] = Body(told["body"])
    if "rows" in told:
        told["rows"] = ROWS[told["rows"]]
    return told


MINUTES, REFERRAL = _form("minutes"), _form("referral")
FORMS = (MINUTES, REFERRAL)
