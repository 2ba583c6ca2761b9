"""Risk registrations: flags with their dates, and the overall level where a flag is one.

Each interface shows another part of the register, so each writes a document of its own. Only
the codes of the RoSH family give a level; the words of a flag never do.
"""

import re
from collections.abc import Iterable
from datetime import date

from adapters.base import MappedRecord
from adapters.json_adapter import objects
from adapters.reading import Node
from adapters.rosh_levels import REGISTER_CODES, described_otherwise
from schemas.rosh import RiskFlag, Rosh, RoshLevel

_KNOWN = frozenset({"RCCO", "RCPR", "ARSO", "ADVP", "WEAP", "STRG", "AVIS", "MAPP"})
_FAMILY = re.compile(r"R[A-Z]HR|R[A-Z]RH", re.IGNORECASE)


def dynamic_risks(rows: Node) -> list[MappedRecord]:
    """`dynamicRisks` of the supervisions answer: active registrations with codes."""
    pairs = [(row["code"], _flag(row, "code", "startDate", "reviewDate")) for row in objects(rows)]
    return _rosh(rows, pairs, "registrations")


def rosh_history(rows: Node) -> list[MappedRecord]:
    """`roshHistory`: the active registrations; the others have no end date and are history."""
    active = [row for row in objects(rows) if row["active"].flag()]
    pairs = [(row["type"], _flag(row, "type", "startDate", "reviewDate")) for row in active]
    return _rosh(rows, pairs, "rosh-history", family_only=True)


def register_flags(rows: Node) -> list[MappedRecord]:
    """`registerFlags`: descriptions only, which give no level."""
    flags = [RiskFlag(description=text) for row in rows if (text := row.text())]
    return [MappedRecord(Rosh(flags=flags), "register-flags")] if rows else []


def risk_flags(node: Node) -> list[MappedRecord]:
    """`riskFlags` and `removedRiskFlags`; a removed one without its date would look active."""
    flags = [_detailed(row, None) for row in objects(node["riskFlags"])]
    for row in objects(node["removedRiskFlags"]):
        ended = [day for one in row["removalHistory"] if (day := one["removalDate"].day())]
        if ended:
            flags.append(_detailed(row, max(ended)))
        else:
            row.warn("unreadable-value")
    return [MappedRecord(Rosh(flags=flags), "risk-flags")]


def _detailed(row: Node, end: date | None) -> RiskFlag:
    described_otherwise(row["level"], row["levelDescription"])
    notes = [text for one in row["riskNotes"] if (text := one["note"].text())]
    if any(one["hasNoteBeenTruncated"].flag() for one in row["riskNotes"]):
        row["riskNotes"].warn("truncated")
    start = row["createdDate"].day()
    if start and end and end < start:
        row.warn("contradiction")
    return RiskFlag(
        code=row.first("code", "levelCode").text(),
        description=row["description"].text(),
        level=row["level"].text(),
        start=start,
        review_due=row["nextReviewDate"].day(),
        end=end,
        notes="\n\n".join(notes) or row["notes"].text(),
    )


def _flag(row: Node, code: str, start: str, review: str) -> RiskFlag:
    return RiskFlag(
        code=row[code].text(),
        description=row.first("description", "typeDescription").text(),
        start=row[start].day(),
        review_due=row[review].day(),
        notes=row["notes"].text(),
    )


def _rosh(
    rows: Node, pairs: Iterable[tuple[Node, RiskFlag]], ref: str, family_only: bool = False
) -> list[MappedRecord]:
    if not rows:
        return []
    levels: list[tuple[date, RoshLevel | None, str]] = []
    flags = []
    for node, flag in pairs:
        flags.append(flag)
        spelling = (flag.code or "").strip().upper()
        found = REGISTER_CODES.get(spelling)
        if found or (flag.code and (family_only or _FAMILY.fullmatch(spelling))):
            levels.append((flag.start or date.min, found, flag.code or ""))
        if flag.code and not found and spelling not in _KNOWN:
            node.warn("unknown-code")
    if len({found for _, found, _ in levels}) > 1:
        rows.warn("contradiction")
    _, overall, code = max(levels, key=lambda one: one[0], default=(None, None, None))
    return [MappedRecord(Rosh(overall=overall, overall_code=code, flags=flags), ref)]
