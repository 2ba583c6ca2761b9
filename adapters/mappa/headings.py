"""The headings of the minutes that are more than one text."""

from typing import Any

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


def code(node: Node, highest: int) -> tuple[int | None, str | None]:
    """A category or level from 1 to `highest`, else `None` and the word as received."""
    text = node.text()
    if text in {str(number) for number in range(1, highest + 1)}:
        return int(text), None
    if text is not None:
        node.warn("unknown-code")
    return None, text


def agency(node: Node) -> tuple[Agency | None, str | None]:
    """The agency, or `other` and the word as received. `Victim Liaison` is `victim-liaison`."""
    text = node.text()
    if text is None:
        return None, None
    word = text.strip().lower().replace(" ", "-").replace("'", "")
    if word in set(Agency):
        return Agency(word), None
    node.warn("unknown-code")
    return Agency.OTHER, text


def _beside(text: str | None, word: str | None) -> str | None:
    """An unknown agency's word is kept beside the role or owner: `Nurse (harbour trust)`."""
    return f"{text} ({word})" if text and word else text or word


def attendance(rows: Node) -> list[dict[str, Any]]:
    """Everybody invited. An unknown agency is `other`, its word kept in the role."""
    found = []
    for row in rows:
        known, word = agency(row["agency"])
        found.append(
            {
                "agency": known or Agency.OTHER,
                "name": row["name"].text(),
                "role": _beside(row["role"].text(), word),
                "presence": row["presence"].value,
                "report_sent": row["reportSent"].flag(),
            }
        )
    return found


def actions(rows: Node) -> list[dict[str, Any]]:
    """Actions, earlier or new. An unknown agency is `other`, its word kept with the owner."""
    found = []
    for row in rows:
        known, word = agency(row["agency"])
        found.append(
            {
                "action": row["action"].text() or "",
                "owner": _beside(row["owner"].text(), word),
                "agency": known,
                "due": row["due"].day(),
                "outcome": row["outcome"].text(),
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
    table = {field: node["groups"][member] for field, member in _GROUPS.items()}
    groups = RoshGroups(**{field: level(cell) for field, cell in table.items()})
    overall = level(node["overall"])
    check_overall(node["overall"], overall, groups)
    stated = table | {"overall": node["overall"]}
    known = {field for field, value in groups if value} | ({"overall"} if overall else set())
    kept = [
        {"tool": "RoSH", "scale": field.replace("_", "-"), "band": word}
        for field, cell in stated.items()
        if field not in known and (word := cell.text())
    ]
    return {
        "risk_assessment": node["text"].text(),
        "rosh_overall": overall,
        "rosh": groups if node["groups"] else None,
        "scores": [_score(one) for one in node["scores"]] + kept,
    }


def _score(one: Node) -> dict[str, Any]:
    return {
        "tool": one["tool"].value,
        "scale": one["scale"].text(),
        "score": one["score"].number(),
        "band": one["band"].text(),
        "static_or_dynamic": one["staticOrDynamic"].text(),
        "assessed_by": one["assessedBy"].text(),
        "assessed_on": one["assessedOn"].day(),
    }
