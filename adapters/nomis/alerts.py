"""Prison alerts, and the MAPPA category and level that some of them state (DOMAIN.md §2).

Two generations: rows whose code is a text (NOMIS and prisoner search), and rows whose code is an
object with `activeFrom` and `activeTo` (the alerts service).
"""

from collections.abc import Sequence

from adapters.json_adapter import objects
from adapters.nomis.dates import before
from adapters.reading import Node
from schemas.custody import Alert
from schemas.mappa import Category, Level, MappaRegistration, MappaView

MAPPA_ALERTS: dict[str, tuple[Category, Level | None]] = {
    "P11": (1, None),
    "P22": (1, 1),
    "P33": (1, 2),
    "P44": (1, 3),
    "P55": (2, None),
    "P66": (2, 1),
    "P77": (2, 2),
    "P88": (2, 3),
    "P99": (3, 2),
    "PA1": (3, 3),
    "P100": (4, None),
    "P101": (4, 1),
    "P102": (4, 2),
    "P103": (4, 3),
}
"""Category and level by alert code; a level of `None` is *to be confirmed*."""

RETIRED_ALERTS = frozenset({"PC1", "PC2", "PC3", "PL1", "PL2", "PL3", "P0", "P1", "P2", "P3"})
"""Earlier MAPPA alerts: each named a category or a level alone and says nothing of today."""

_MAPPA_TYPE = "P"
_OTHER_MAPPA_TYPE_CODES = frozenset({"PVN"})


def alerts(rows: Node) -> list[Alert]:
    """All alerts, codes verbatim. One whose flags contradict says both, with a caution."""
    return [one for row in objects(rows) if (one := alert(row)) is not None]


def alert(row: Node) -> Alert | None:
    """One alert; none where there is no code."""
    named = row["alertCode"]["code"] if isinstance(row["alertCode"].value, dict) else None
    code = (named or row["alertCode"]).text()
    if code is None:
        row["alertCode"].warn("unreadable-value")
        return None
    active, end = row.first("active", "isActive"), row.first("dateExpires", "activeTo")
    found = Alert(
        code=code,
        type=(row["alertCode"]["alertTypeCode"] if named else row["alertType"]).text(),
        description=(
            row["alertCode"]["description"] if named else row["alertCodeDescription"]
        ).text(),
        active=active.flag(),
        expired=row["expired"].flag(),
        start=row.first("dateCreated", "activeFrom").day(),
        end=end.day(),
    )
    if found.active and (found.expired or found.end):
        active.warn("contradiction")
    before(end, found.start, found.end)
    if code in RETIRED_ALERTS:
        (named or row["alertCode"]).warn("retired-code")
    elif found.type == _MAPPA_TYPE and code not in MAPPA_ALERTS.keys() | _OTHER_MAPPA_TYPE_CODES:
        (named or row["alertCode"]).warn("unknown-code")
    return found


def _is_live(found: Alert) -> bool:
    return bool(found.active and not found.expired)


def registration(node: Node, found: Sequence[Alert]) -> MappaRegistration | None:
    """What the live MAPPA alerts state. Where they disagree, each side and only what they share.

    One that names an end day may be over: it is a side, and states nothing alone. Whether the day
    has come is for the reader: the same alerts mean the same on every day.
    """
    named = [a for a in found if a.code in MAPPA_ALERTS and _is_live(a)]
    named.sort(key=lambda a: a.end is None)
    live = {MAPPA_ALERTS[a.code]: a for a in named}
    if not live:
        return None
    sides = [
        MappaView(system="nomis", category=pair[0], level=pair[1], start=live[pair].start)
        for pair in sorted(live, key=str)
    ]
    if all(a.end for a in live.values()):
        node.warn("contradiction")
        return MappaRegistration(end=max(a.end for a in named if a.end), disagreements=sides)
    [category, *others] = {category for category, _ in live}
    [level, *levels] = {level for _, level in live}
    if len(live) > 1:
        node.warn("contradiction")
        return MappaRegistration(
            category=None if others else category,
            level=None if levels else level,
            disagreements=sides,
        )
    if level is None:
        node.warn("not-yet-determined")
    [said] = live.values()
    return MappaRegistration(
        category=category,
        category_code=said.code,
        level=level,
        level_code=said.code,
        start=said.start,
    )
