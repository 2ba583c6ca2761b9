"""The recall pack: what a hostel needs at any hour to act on a breach, in one document.

Who it is, where, whom to ring, under which licence, and what was planned for this. Premises with
such a pack could act at once (DOMAIN.md §1). It says of each part from which system and day it is
and what was withheld or is not held: a gap that looks like "nothing known" would be a danger.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from adapters.mappa import html as page_html
from adapters.mappa import word
from adapters.mappa.layout import (
    Grid,
    Head,
    Note,
    Page,
    Part,
    Text,
    agency_title,
    foot,
    safe,
    worded,
)
from adapters.mappa.outline import WITHHELD
from adapters.reading import LONDON
from adapters.writing import Case
from schemas.kinds import Kind

Told = Mapping[str, Any]

COPYING: Final = (
    "For a decision on recall. To be kept locked away, and destroyed when a newer pack is made."
)
_NEVER: Final = (
    "Previous convictions and photographs are not held by the gateway. What was received after "
    "this pack was made is not in it."
)
_CONDITIONS: Final = {
    "standard": "Standard",
    "additional": "Additional",
    "bespoke": "Bespoke",
    "no-contact": "No contact",
    "exclusion-zone": "Exclusion zone",
    "restriction-zone": "Restriction zone",
}
_NEWER: Final = {
    "newerInProgress": "in progress",
    "newerAwaitingSignature": "awaiting signature",
    "newerPartCompleted": "completed in part",
    "newerCompleted": "completed",
}


def page(case: Case) -> Page:
    """The pack, as far as the case holds it."""
    person = case.documents.get(Kind.PERSON, {})
    return Page("Recall pack", tuple(_identity(person)), tuple(_parts(case)), foot(case), COPYING)


def _parts(case: Case) -> Iterator[Part]:
    chapters = [*CHAPTERS]
    if Kind.LICENCE not in case.documents and Kind.LICENCE_CONDITIONS in case.documents:
        chapters = [_CONDITIONS_ALONE if one.kind is Kind.LICENCE else one for one in CHAPTERS]
    rows = tuple(_origin(case, one) for one in chapters)
    yield Head("What this pack holds")
    yield Grid("What this pack holds", ("Part", "Held", "System", "Written", "Received"), rows)
    yield Note(_NEVER)
    for one in chapters:
        yield from _chapter(case, one)


def _chapter(case: Case, one: "_Chapter") -> Iterator[Part]:
    document, hidden = case.documents.get(one.kind), _hidden(case, one)
    today = case.generated.astimezone(LONDON).date().isoformat()
    if one.show or hidden:
        yield Head(one.title)
    if one.show and document:
        yield from one.show(document, today)
    elif one.show and not hidden:
        yield Note("Not held by the gateway.")
    if hidden:
        listed = ", ".join(f"{name.replace('-', ' ')} (rule: {rule})" for name, rule in hidden)
        yield Note(safe(f"{WITHHELD}, whether or not anything is held: {listed}."))


class _Chapter(NamedTuple):
    """A part of the pack: the record that it shows, the sections of that record, and how it is
    shown on a day (ISO)."""

    title: str
    kind: Kind
    sections: tuple[str, ...]
    show: Callable[[Told, str], Iterator[Part]] | None


def _hidden(case: Case, one: _Chapter) -> list[tuple[str, str]]:
    return [pair for pair in case.withheld.get(one.kind, ()) if pair[0] in one.sections]


def _origin(case: Case, one: _Chapter) -> tuple[str, ...]:
    """Where a part comes from and when, or that it is not there."""
    hidden = bool(_hidden(case, one))
    if one.kind not in case.documents:
        return (one.title, "Withheld" if hidden else "Not held", "", "", "")
    of = case.provenance.get(one.kind, {})
    return (
        one.title,
        "In part; the rest is withheld" if hidden else "Yes",
        safe(of.get("source") or ""),
        _time(of.get("writtenAt")) or "Not said",
        _time(of.get("receivedAt")),
    )


def _identity(person: Told) -> Iterator[tuple[str, str]]:
    name = person.get("name") or {}
    whole = " ".join([*(name.get("forenames") or []), name.get("surname") or ""]).strip()
    numbers = [
        f"{one.get('scheme', '').upper()} {one.get('value')}"
        + ("" if one.get("verified") else " (not verified)")
        for one in person.get("identifiers") or []
    ]
    told = {
        "Name": whole,
        "Date of birth": worded(person.get("dateOfBirth")),
        "Numbers": "\n".join(dict.fromkeys(numbers)),
    }
    yield from ((title, safe(text)) for title, text in told.items() if text)


def _lasts(one: Told, today: str) -> bool:
    """Whether it has not ended before today."""
    return (one.get("end") or today) >= today


def _stays(residence: Told, today: str) -> Iterator[Part]:
    stays = residence.get("stays") or []
    now = [one for one in stays if _lasts(one, today)]
    if len(now) > 1:
        yield Note("More than one stay has not ended: the lists contradict each other, or are old.")
    for one in now:
        address = ", ".join([*(one.get("address") or []), one.get("postcode") or ""])
        yield from _facts(
            "Residence",
            {
                "Premises": one.get("premises") or one.get("premisesCode"),
                "Address": address.strip(", "),
                "Telephone": one.get("telephone"),
                "Room": one.get("room"),
                "Status": one.get("status"),
                "Arrived": one.get("start"),
                "Expected departure": one.get("expectedEnd"),
                "Departure": one.get("end"),
                "Key worker": one.get("keyWorker"),
                "Key worker telephone": one.get("keyWorkerTelephone"),
                "Curfew": one.get("curfew"),
                "Notes": one.get("notes"),
            },
        )
    members = ("premises", "start", "end", "endReason")
    past = [one for one in stays if not _lasts(one, today)]
    yield from _grid("Earlier stays", ("Premises", "Arrived", "Departed", "Reason"), members, past)


def _team(team: Told, today: str) -> Iterator[Part]:
    rows = [
        {
            **one,
            "role": (one.get("role") or "").replace("-", " ").capitalize(),
            "telephones": _joined(one, "telephone", "teamTelephone"),
        }
        for one in team.get("members") or []
        if _lasts(one, today)
    ]
    titles = ("Agency", "Role", "Name", "Team", "Telephone", "E-mail")
    members = ("agency", "role", "name", "team", "telephones", "email")
    yield from _grid("Who to ring", titles, members, rows)


def _mappa(registration: Told, _today: str) -> Iterator[Part]:
    yield from _facts(
        "MAPPA registration",
        {
            "Category": registration.get("category"),
            "Level": registration.get("level"),
            "Since": registration.get("start"),
            "Until": registration.get("end"),
            "Lead agency": registration.get("leadAgency"),
        },
    )
    titles, members = ("System", "Category", "Level"), ("system", "category", "level")
    yield from _grid("Systems that differ", titles, members, registration.get("disagreements"))


def _licence(licence: Told, _today: str) -> Iterator[Part]:
    yield from _facts(
        "Licence",
        {
            "Type": licence.get("type"),
            "Status": licence.get("status"),
            "Policy version": licence.get("policyVersion"),
            "Starts": licence.get("start"),
            "Expires": licence.get("expiry"),
            "Supervision until": licence.get("supervisionExpiry"),
            "Curfew address": licence.get("curfewAddress"),
        },
    )
    titles = ("From", "At", "Until", "At")
    members = ("fromDay", "fromTime", "untilDay", "untilTime")
    yield from _grid("Curfew", titles, members, licence.get("curfew"))
    rows = tuple((_condition_kind(one), _condition(one)) for one in licence.get("conditions") or [])
    if rows:
        yield Grid("Conditions", ("Condition", "What it says"), rows, first=True)


def _condition_kind(one: Told) -> str:
    kind = _CONDITIONS.get(one.get("type") or "", "Condition")
    return f"{kind} (post-sentence supervision)" if one.get("regime") == "PSS" else kind


def _condition(one: Told) -> str:
    """The text as served on the person; that there is a zone, where no more may be shown."""
    lines = [one.get("expandedText") or one.get("text")]
    if not one.get("expandedText"):
        lines += [f"{name}: {value}" for name, value in (one.get("data") or {}).items()]
    lines += [_joined(part, "filename", "description") for part in one.get("geometry") or []]
    return safe("\n".join(filter(None, lines))) or "There is one. Its text is not in this copy."


def _plan(plan: Told, _today: str) -> Iterator[Part]:
    yield from _facts(
        "Plan",
        {
            "Assessment": plan.get("assessmentType"),
            "Status": plan.get("assessmentStatus"),
            "Completed": _time(plan.get("completed")),
            "Signed": _time(plan.get("signed")),
        },
    )
    if newer := [words for member, words in _NEWER.items() if plan.get(member)]:
        yield Note(f"A newer assessment exists: {', '.join(newer)}.")
    yield from _text(plan, "contingencyPlans")


def _minutes(minutes: Told, _today: str) -> Iterator[Part]:
    yield from _facts(
        "Meeting",
        {
            "Meeting": minutes.get("meetingDate"),
            "Issued": minutes.get("issued"),
            "Level decided": minutes.get("levelDecision"),
            "Next review": minutes.get("nextReview"),
        },
    )
    if minutes.get("executiveSummary"):
        yield from _text(minutes, "executiveSummary")
    else:
        yield Note("There is no executive summary in this copy.")
        yield from _text(minutes, "riskAssessment", "Risk")
        yield from _text(minutes, "riskManagementPlan", "Risk management plan")
    yield from _text(minutes, "contingency", "Contingency")
    titles = ("Action", "Owner", "Agency", "Due", "Outcome")
    members = ("action", "owner", "agency", "due", "outcome")
    yield from _grid("Actions", titles, members, minutes.get("actions"))


def _facts(caption: str, told: Mapping[str, Any]) -> Iterator[Part]:
    rows = tuple((title, safe(worded(value))) for title, value in told.items() if worded(value))
    if rows:
        yield Grid(caption, ("Particular", "As held"), rows, first=True)


def _text(told: Told, member: str, title: str = "") -> Iterator[Part]:
    if text := told.get(member):
        if title:
            yield Head(title, 2)
        yield Text(safe(text))


def _grid(
    caption: str, titles: tuple[str, ...], members: Sequence[str], rows: Sequence[Told] | None
) -> Iterator[Part]:
    body = tuple(tuple(_cell(member, one.get(member)) for member in members) for one in rows or [])
    if body:
        yield Grid(caption, titles, body)


def _cell(member: str, value: Any) -> str:
    return safe(agency_title(value) if member == "agency" and value else worded(value))


def _joined(one: Told, *members: str) -> str:
    return "\n".join(dict.fromkeys(one[member] for member in members if one.get(member)))


def _time(text: str | None) -> str:
    """A time of a record, in London."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text).astimezone(LONDON)
    return f"{moment.day} {moment:%B %Y at %H:%M}"


_SHOWN_OF_LICENCE: Final = (
    "licence",
    "curfew",
    "standard-conditions",
    "additional-conditions",
    "additional-condition-data",
    "no-contact-conditions",
    "no-contact-condition-data",
    "zone-existence",
    "zone-text",
    "zone-data",
    "zone-geometry",
)
_SHOWN_OF_MINUTES: Final = (
    "meeting",
    "executive-summary",
    "risk",
    "risk-management-plan",
    "contingency",
    "level-decision",
    "actions",
)
_CONDITIONS_ALONE = _Chapter("Licence", Kind.LICENCE_CONDITIONS, _SHOWN_OF_LICENCE, _licence)
CHAPTERS: Final = (
    _Chapter("Identity", Kind.PERSON, ("identity", "identifiers"), None),
    _Chapter("Residence", Kind.RESIDENCE, ("stay", "key-worker", "curfew", "notes"), _stays),
    _Chapter("Who to ring", Kind.CASE_TEAM, ("members", "contact-details"), _team),
    _Chapter("MAPPA", Kind.MAPPA, ("registration",), _mappa),
    _Chapter("Licence", Kind.LICENCE, _SHOWN_OF_LICENCE, _licence),
    _Chapter("Contingency plan", Kind.PLAN, ("assessment", "contingency-plans"), _plan),
    _Chapter(
        "Summary of the last meeting",
        Kind.MINUTES,
        _SHOWN_OF_MINUTES,
        _minutes,
    ),
)
KINDS: Final = (*(one.kind for one in CHAPTERS), Kind.LICENCE_CONDITIONS)


def html(case: Case) -> bytes:
    """The pack as a page to print."""
    return page_html.write(page(case))


def docx(case: Case) -> bytes:
    """The pack as a Word document."""
    return word.write(page(case))
