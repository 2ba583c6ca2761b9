"""Risk registrations: flags with their dates, and the overall level where a flag is one.

Each interface shows another part of the register, so each writes a document of its own. Only
the codes of the RoSH family give a level; the words of a flag never do.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from adapters.base import MappedRecord
from adapters.delius import mappa
from adapters.json_adapter import objects
from adapters.reading import Node
from adapters.rosh_levels import REGISTER_CODES, described_otherwise
from schemas.rosh import RiskFlag, Rosh, RoshLevel

_KNOWN = frozenset({
    "MAPP", "HREG", "RCCO", "RCPR", "ARSO", "ADVP", "ADVV", "WEAP", "STRG", "AVIS", "AV2S", "ASFO",
    "INVI", "RVLN", "RVAD", "RTAO", "RCHD", "ALT1", "ALT2", "ALT3", "ALSH", "IIOM", "RSTO", "RPRI",
    "RPUB", "WRSM", "REG15", "REG16", "REG17", "REG22", "REG24", "REG25", "RMDO", "PRC",
})  # fmt: skip
"""Register types other than the RoSH family; a code beyond these is kept with a caution."""
_FAMILY = re.compile(r"R[A-Z]HR|R[A-Z]RH", re.IGNORECASE)


def dynamic_risks(rows: Node, statuses: Node) -> list[MappedRecord]:
    """`dynamicRisks` and `personStatus` of the supervisions answer: what stands now."""
    if not (rows or statuses):
        return []
    risks, others = list(objects(rows)), list(objects(statuses))
    pairs = [(row["code"], _flag(row, row["code"], row["description"])) for row in risks + others]
    return rosh(rows, pairs, "registrations")


def rosh_history(rows: Node) -> list[MappedRecord]:
    """`roshHistory`: the active registrations; the others have no end date and are history."""
    if not rows:
        return []
    active = [row for row in objects(rows) if row["active"].flag()]
    pairs = [(row["type"], _flag(row, row["type"], row["typeDescription"])) for row in active]
    return rosh(rows, pairs, "rosh-history", family_only=True)


def descriptions(rows: Node) -> list[MappedRecord]:
    """Registrations in words only (`registerFlags`), which give no level."""
    flags = [RiskFlag(description=text) for row in rows if (text := row.text())]
    return [MappedRecord(Rosh(flags=flags), "register-flags")] if rows else []


def register(rows: Node) -> list[MappedRecord]:
    """The register itself (`registrations`), and of its MAPPA rows the one that stands."""
    if not rows:
        return []
    listed = list(rows) if isinstance(rows.value, list) else []
    if listed and all(isinstance(row.value, str) for row in listed):
        return descriptions(rows)
    there = [row for row in objects(rows) if _is_told(row)]
    return [*_register_flags(rows, there, "register"), *_standing_mappa(rows, there)]


def registration(row: Node) -> list[MappedRecord]:
    """One registration on its own: a document of its own."""
    name = row["registrationId"].text()
    told = [row] if _is_told(row) else []
    found = _register_flags(row, told, f"registration-{name}" if name else "registration")
    return [*found, *_standing_mappa(row, told)]


def _is_told(row: Node) -> bool:
    """A removed registration without its date of removal would look active."""
    if row["active"].flag() is False and not row["endDate"].day():
        row.warn("unreadable-value")
        return False
    if row["active"].flag() and row["endDate"].day():
        row["endDate"].warn("contradiction")
    return True


def _code(row: Node) -> Node:
    return row["type"]["code"] if row["type"] else row["code"]


def _register_flags(rows: Node, there: Sequence[Node], ref: str) -> list[MappedRecord]:
    pairs = []
    for row in there:
        described = row["type"]["description"] if row["type"] else row["description"]
        pairs.append((_code(row), _flag(row, _code(row), described)))
    return rosh(rows, pairs, ref)


def _standing_mappa(rows: Node, there: Sequence[Node]) -> list[MappedRecord]:
    """The newest MAPPA registration that has not ended; failing that, the newest that has.

    A row without a code of either is a flag and no registration that could be shown.
    """
    mappa_rows = [row for row in there if str(_code(row).value).strip().upper() == "MAPP"]
    held = [row for row in mappa_rows if any(_coded_nodes(row))]
    standing = [row for row in held if not row["endDate"].day()] or held
    if not standing:
        return []
    by_start = sorted(standing, key=lambda row: row.first("startDate", "date").day() or date.min)
    spoken = {tuple(str(code.value) for code in _coded_nodes(row)) for row in standing}
    if len(spoken) > 1:
        rows.warn("contradiction")
    newest = by_start[-1]
    category, level = _coded_nodes(newest)
    return mappa.record(
        newest,
        (category, newest["registerCategory"]["description"]),
        (level, newest["registerLevel"]["description"]),
        start=newest.first("startDate", "date").day(),
        end=newest["endDate"].day(),
        review_due=newest["nextReviewDate"].day(),
        area=newest["registeringProbationArea"]["code"].text(),
        notes=newest["notes"].text(),
    )


def _coded_nodes(row: Node) -> tuple[Node, Node]:
    """Where a row of the register, or of the tiering service's, has its category and its level."""
    level = row["registerLevel"]["code"] if row["registerLevel"] else row["level"]
    return row["registerCategory"]["code"], level


def risk_flags(node: Node) -> list[MappedRecord]:
    """`riskFlags` and `removedRiskFlags`; a removed one without its date would look active."""
    current = list(objects(node["riskFlags"]))
    flags = [_detailed(row, None) for row in current]
    held = {str(row["id"].value) for row in current if row["id"]}
    for row in objects(node["removedRiskFlags"]):
        if str(row["id"].value) in held:
            row["id"].warn("contradiction")
        flags += risk_flag(row, removed=True)
    return [MappedRecord(Rosh(flags=flags), "risk-flags")]


def risk_flag(row: Node, removed: bool = False) -> list[RiskFlag]:
    """One flag with its notes; none where it was removed and nobody says when."""
    ended = [day for one in row["removalHistory"] if (day := one["removalDate"].day())]
    if (removed or row["removed"].flag()) and not ended:
        row.warn("unreadable-value")
        return []
    return [_detailed(row, max(ended, default=None))]


def _detailed(row: Node, end: date | None) -> RiskFlag:
    described_otherwise(row["level"], row["levelDescription"])
    noted = [*row["riskNotes"], *([row["riskNote"]] if row["riskNote"] else [])]
    notes = [text for one in noted if (text := one["note"].text())]
    if any(one["hasNoteBeenTruncated"].flag() for one in noted):
        row["riskNotes"].warn("truncated")
    start = row["createdDate"].day()
    if start and end and end < start:
        row.warn("contradiction")
    return RiskFlag(
        code=row["code"].text(),
        description=row["description"].text(),
        level=row["level"].text(),
        start=start,
        review_due=row["nextReviewDate"].day(),
        end=end,
        notes="\n\n".join(notes) or row["notes"].text(),
    )


def _flag(row: Node, code: Node, description: Node) -> RiskFlag:
    level = row["registerLevel"]
    return RiskFlag(
        code=code.text(),
        description=description.text(),
        level=level["description"].text() or level["code"].text(),
        start=row.first("startDate", "date").day(),
        review_due=row.first("reviewDate", "nextReviewDate").day(),
        end=row["endDate"].day(),
        notes=row["notes"].text(),
    )


def rosh(
    rows: Node, pairs: Iterable[tuple[Node, RiskFlag]], ref: str, family_only: bool = False
) -> list[MappedRecord]:
    """Flags with the node of each code; the level is that of the newest of the RoSH family."""
    levels: list[tuple[date, RoshLevel | None, str]] = []
    flags = []
    for node, flag in pairs:
        flags.append(flag)
        spelling = (flag.code or "").strip().upper()
        found = REGISTER_CODES.get(spelling)
        in_family = found or (flag.code and (family_only or _FAMILY.fullmatch(spelling)))
        if in_family and not flag.end:
            levels.append((flag.start or date.min, found, flag.code or ""))
        if flag.code and not found and spelling not in _KNOWN:
            node.warn("unknown-code")
    if len({found for _, found, _ in levels}) > 1:
        rows.warn("contradiction")
    _, overall, code = max(levels, key=lambda one: one[0], default=(None, None, None))
    return [MappedRecord(Rosh(overall=overall, overall_code=code, flags=flags), ref)]
