"""The headings of the minutes that are more than one text."""

from typing import Any

from adapters.mappa.words import day, yes
from adapters.reading import Node
from adapters.rosh_levels import check_overall, level
from schemas.kinds import Agency
from schemas.rosh import RoshGroups

_HEADINGS = (
    "attendance",
    "confidentiality",
    "previousActions",
    "legalStatus",
    "reason",
    "agencyUpdates",
    "victimIssues",
    "risk/text",
    "risk/overall",
    "diversity",
    "humanRights",
    "disclosure/decision",
    "riskManagementPlan",
    "contingency",
    "media",
    "visorUpdated",
    "levelDecision/level",
    "actions",
    "nextReview",
    "executiveSummary",
)
_GROUPS = {
    "children": "children",
    "public": "public",
    "known_adult": "knownAdult",
    "staff": "staff",
    "prisoners": "prisoners",
}


def missing_headings(node: Node) -> None:
    """Leave a caution for each heading that is missing or empty text. An empty list is a record:
    it says that there was nothing."""
    for heading in _HEADINGS:
        part = node
        for member in heading.split("/"):
            part = part[member]
        if part.value is None or part.value == "":
            part.warn("missing-heading")


_WORDS = {
    "probation service": Agency.PROBATION,
    "national probation service": Agency.PROBATION,
    "nps": Agency.PROBATION,
    "prison service": Agency.PRISON,
    "hm prison service": Agency.PRISON,
    "victim liaison officer": Agency.VICTIM_LIAISON,
    "victim liaison unit": Agency.VICTIM_LIAISON,
    "vlo": Agency.VICTIM_LIAISON,
    "nhs": Agency.HEALTH,
    "children's social care": Agency.CHILDRENS_SERVICES,
    "immigration enforcement": Agency.IMMIGRATION,
}
"""Other names of agencies that mean one and no other."""


def agency_named(text: str) -> Agency | None:
    """The agency of this name, in any case: `Victim Liaison`, `victim-liaison`, `VLO`."""
    name = " ".join(text.replace("\u2019", "'").casefold().split())
    word = name.replace(" ", "-").replace("'", "")
    return Agency(word) if word in set(Agency) else _WORDS.get(name)


def agency(node: Node) -> tuple[Agency | None, str | None]:
    """The agency, or `other` and the word as received. `Victim Liaison` is `victim-liaison`."""
    text = node.text()
    if text is None:
        return None, None
    if known := agency_named(text):
        return known, None
    node.warn("unknown-code")
    return Agency.OTHER, text


def _beside(text: str | None, word: str | None) -> str | None:
    """An unknown agency's word is kept beside the role or owner: `Nurse (harbour trust)`."""
    return f"{text} ({word})" if text and word else text or word


def attendance(rows: Node) -> list[dict[str, Any]]:
    """Everybody invited. An unknown agency is `other`, its word kept in the role; a word that says
    neither present nor apologies nor absent is kept in the notes."""
    found = []
    for row in rows:
        known, word = agency(row["agency"])
        presence, stated = _presence(row["presence"])
        found.append(
            {
                "agency": known or Agency.OTHER,
                "name": row["name"].text(),
                "role": _beside(row["role"].text(), word),
                "presence": presence,
                "report_sent": yes(row["reportSent"]),
                "notes": _joined(row["notes"].text(), stated),
            }
        )
    return found


def _presence(node: Node) -> tuple[str | None, str | None]:
    if (text := node.text()) is None or text.strip().lower() in ("present", "apologies", "absent"):
        return text and text.strip().lower(), None
    node.warn("unknown-code")
    return None, text


def _joined(*texts: str | None) -> str | None:
    return "\n".join(text for text in texts if text) or None


def actions(rows: Node) -> list[dict[str, Any]]:
    """Actions, earlier or new. An unknown agency is `other`, its word kept with the owner."""
    found = []
    for row in rows:
        known, word = agency(row["agency"])
        due, words = day(row["due"])
        found.append(
            {
                "reference": row["reference"].text(),
                "action": row["action"].text() or "",
                "owner": _beside(row["owner"].text(), word),
                "agency": known,
                "due": due,
                "due_words": words,
                "outcome": row["outcome"].text(),
                "notes": row["notes"].text(),
            }
        )
    return found


def agency_updates(node: Node) -> dict[str, str]:
    """What each agency reported. A name that is no agency's stays as it came."""
    found: dict[str, str] = {}
    for name in node.value or {}:
        here = Node(name, node.pointer, node.cautions)  # the name may be a person's: no pointer
        known, word = agency(here)
        key = name if word or known is None or known in found else known.value
        if text := Node(node.value[name], node.pointer, node.cautions).text():
            found[key] = text
    return found


def risk(node: Node) -> dict[str, Any]:
    """Levels and scores. A level the gateway does not know has no place among the levels: its
    word is kept as a score of tool `RoSH`, because a dropped one would read as *not assessed*."""
    overall = level(node["overall"])
    kept: list[dict[str, Any]] = []
    tables: dict[str, RoshGroups | None] = {}
    for field, member, suffix in (
        ("rosh", "groups", ""),
        ("rosh_in_custody", "groupsInCustody", "-in-custody"),
    ):
        cells = {group: node[member][name] for group, name in _GROUPS.items()}
        table = RoshGroups(**{group: level(cell) for group, cell in cells.items()})
        kept += [
            _word(f"{group.replace('_', '-')}{suffix}", cell)
            for group, cell in cells.items()
            if cell.text() and getattr(table, group) is None
        ]
        tables[field] = table if node[member] else None
    if overall is None and node["overall"].text():
        kept.append(_word("overall", node["overall"]))
    check_overall(node["overall"], overall, *tables.values())
    return tables | {
        "risk_assessment": node["text"].text(),
        "rosh_overall": overall,
        "scores": [_score(one) for one in node["scores"]] + kept,
    }


def _word(scale: str, cell: Node) -> dict[str, Any]:
    return {"tool": "RoSH", "scale": scale, "band": cell.text()}


def _score(one: Node) -> dict[str, Any]:
    """A score that is no number is kept beside its band."""
    number = one["score"].number()
    words = one["score"].text() if number is None else None
    return {
        "tool": one["tool"].value,
        "scale": one["scale"].text(),
        "score": number,
        "band": _beside(words, one["band"].text()),
        "static_or_dynamic": one["staticOrDynamic"].text(),
        "assessed_by": one["assessedBy"].text(),
        "assessed_on": day(one["assessedOn"])[0],
    }
