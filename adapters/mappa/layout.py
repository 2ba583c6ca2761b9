"""What a form shows from top to bottom, before it is a Word document or a page."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.mappa.forms import GROUPS, MINUTES, REFERRAL, Body, Form, Heading, Rows
from adapters.mappa.outline import NOT_RECORDED, WITHHELD
from adapters.mappa.payload import payload
from adapters.reading import LONDON
from adapters.writing import Case
from schemas.kinds import Agency, Kind

MARKING = "OFFICIAL-SENSITIVE"
COPYING = "Not to be copied or passed on without the agreement of the chair of the meeting."
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LEVELS = ("Group at risk", "Level in the community", "Level in custody")
_FORMS = {Kind.MINUTES: MINUTES, Kind.REFERRAL: REFERRAL}
_BLANK_ROWS = 6
_EMPTY = (None, "")


@dataclass(frozen=True, slots=True)
class Head:
    """A heading; level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, with its line breaks."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the gateway says in place of content. Never read back."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header row; with `first`, its first column heads the rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: bool = False


Part = Head | Text | Note | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document. `foot` says for whom and when it was made."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    foot: str = ""
    copying: str = COPYING


def page(case: Case, kind: Kind) -> Page:
    """Minutes or a referral in full, as far as the case holds them."""
    form, told = _FORMS[kind], payload(case, kind)
    withheld = dict(case.withheld.get(kind, ()))
    facts = _facts(form, told, _person(case))
    parts: list[Part] = []
    if not told:
        parts.append(Note(f"No {form.name} may be shown to you, or none are held."))
    if rule := withheld.get(form.facts[0].section):
        parts.append(Note(_withheld(rule)))
    for heading in form.written() if told or withheld else ():
        parts.append(Head(heading.title, 2 if heading.under else 1))
        parts += _body(heading, told, withheld)
    parts += _others(told, withheld)
    parts += _elsewhere(case)
    return Page(form.title, facts, tuple(parts), foot(case))


def summary(case: Case) -> Page:
    """The executive summary alone, for those who are entitled to no more."""
    told, withheld = payload(case, Kind.MINUTES), dict(case.withheld.get(Kind.MINUTES, ()))
    heading = next(h for h in MINUTES.headings if h.member == "executiveSummary")
    about = _facts(MINUTES, {k: told[k] for k in ("meetingDate", "area") if k in told}, {})
    person = tuple(_person(case).items())
    parts = [Head(heading.title), *_body(heading, told, withheld)]
    return Page("Executive summary of a MAPPA meeting", about + person, tuple(parts), foot(case))


def blank(form: Form) -> Page:
    """The form to fill in, with a hint under each heading. Hints left in place are not read."""
    parts: list[Part] = []
    for heading in form.written():
        parts.append(Head(heading.title, 2 if heading.under else 1))
        if heading.hint:
            parts.append(Note(heading.hint))
        if heading.rows:
            titles = tuple(column.title for column in heading.rows.written())
            empty = ("",) * len(titles)
            parts.append(Grid(heading.title, titles, (empty,) * _BLANK_ROWS))
        elif heading.body is Body.TABLE:
            rows = tuple((title, "", "") for title, _ in GROUPS.values())
            parts.append(Grid(heading.title, _LEVELS, rows, first=True))
        elif heading.body is not Body.GROUP:
            parts.append(Text(""))
    facts = tuple((fact.title, "") for fact in form.at_top())
    return Page(form.title, facts, tuple(parts))


def safe(text: str) -> str:
    """Text that XML can hold: a control character shows as one that cannot be shown."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _facts(form: Form, told: Mapping[str, Any], person: Mapping[str, str]) -> tuple[Any, ...]:
    cells = ((f.title, f.member.rpartition("/")[2], _at(told, f.member)) for f in form.facts)
    named = ((title, _cell(member, value)) for title, member, value in cells if member)
    shown = {title: value for title, value in named if value} | dict(person)
    return tuple((f.title, safe(shown[f.title])) for f in form.at_top() if shown.get(f.title))


def _person(case: Case) -> dict[str, str]:
    held = case.documents.get(Kind.PERSON, {})
    name = held.get("name") or {}
    whole = " ".join([*(name.get("forenames") or []), name.get("surname") or ""]).strip()
    named = {"Name": whole, "Date of birth": worded(held.get("dateOfBirth"))}
    return {title: safe(text) for title, text in named.items() if text}


def _body(heading: Heading, told: Mapping[str, Any], withheld: Mapping[str, str]) -> list[Part]:
    if heading.body is Body.GROUP:
        return []
    if rule := withheld.get(heading.section):
        return [Note(_withheld(rule))]
    if heading.member == "risk/groups":
        return _levels(heading, told.get("risk") or {})
    value = _at(told, "risk/text" if heading.member == "risk" else heading.member)
    if heading.rows:
        return [_table(heading, heading.rows, value)]
    text = safe(worded(value))
    return [Text(text)] if text else [Note(NOT_RECORDED)]


def _table(heading: Heading, spec: Rows, value: Any) -> Part:
    """The rows, without columns that hold nothing and that the table is not known by."""
    if isinstance(value, Mapping):
        value = [{"agency": name, "text": text} for name, text in value.items()]
    rows = list(value or ())
    known = frozenset().union(*spec.needs)
    shown = [
        c
        for c in spec.written()
        if c.member in known or any(r.get(c.member) not in _EMPTY for r in rows)
    ]
    cells = (tuple(safe(_cell(c.member, row.get(c.member))) for c in shown) for row in rows)
    filled = tuple(row for row in cells if any(row))
    if not filled:
        return Note(NOT_RECORDED)
    return Grid(heading.title, tuple(column.title for column in shown), filled)


def _levels(heading: Heading, risk: Mapping[str, Any]) -> list[Part]:
    groups, custody = (risk.get(name) or {} for name in ("groups", "groupsInCustody"))
    if not (groups or custody or risk.get("overall")):
        return [Note(NOT_RECORDED)]
    groups = {**groups, "overall": risk.get("overall")}
    rows = tuple(
        (title, _level(groups.get(group)), _level(custody.get(group)))
        for group, (title, _) in GROUPS.items()
    )
    return [Grid(heading.title, _LEVELS, rows, first=True)]


def _level(value: str | None) -> str:
    return safe(value.replace("_", " ").capitalize()) if value else "Not assessed"


def _others(told: Mapping[str, Any], withheld: Mapping[str, str]) -> list[Part]:
    parts: list[Part] = []
    for one in told.get("otherHeadings") or ():
        parts.append(Head(safe(one.get("heading") or NOT_RECORDED)))
        parts.append(Text(safe(one.get("text") or "")))
    if rule := withheld.get("other-headings"):
        parts += [Head("Other headings"), Note(_withheld(rule))]
    return parts


def _elsewhere(case: Case) -> list[Part]:
    """What is withheld of the person, as far as this form would show it."""
    shown = ("identity", "identifiers")
    told = [(s, r) for s, r in case.withheld.get(Kind.PERSON, ()) if s in shown]
    return [Note(f"{_withheld(rule)} Section: person, {section}.") for section, rule in told]


def _withheld(rule: str) -> str:
    return f"{WITHHELD} (rule: {safe(rule)})."


def foot(case: Case) -> str:
    made = case.generated.astimezone(LONDON)
    return (
        f"Made by MAPPA Gateway on {made.day} {made:%B %Y at %H:%M} for one reader. "
        f"Person {case.reference}."
    )


def _at(told: Mapping[str, Any], member: str) -> Any:
    value: Any = told
    for step in member.split("/"):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _cell(member: str, value: Any) -> str:
    if member == "agency" and value in set(Agency):
        return agency_title(value)
    if member == "presence" and value:
        return str(value).capitalize()
    return worded(value)


def agency_title(value: str) -> str:
    """`childrens-services` as people write it."""
    return value.replace("childrens", "children's").replace("-", " ").capitalize()


def worded(value: Any) -> str:
    """A value as it is written on a form: a day in words, yes or no, a number without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(worded(one) for one in value)
    text = str(value)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):  # text of that form that is no day
            day = date.fromisoformat(text)
            return f"{day.day} {day:%B %Y}"
    return text
