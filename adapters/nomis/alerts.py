"""Prison alerts, and the MAPPA category and level that some of them state (DOMAIN.md §2)."""

from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.custody import Alert
from schemas.mappa import Category, Level, MappaRegistration

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


def alerts(node: Node) -> list[Alert]:
    """All alerts, codes verbatim. One that is active and expired says both, with a caution."""
    return [alert for row in objects(node) if (alert := _alert(row)) is not None]


def _alert(row: Node) -> Alert | None:
    code, kind = row["alertCode"].text(), row["alertType"].text()
    if code is None:
        row["alertCode"].warn("unreadable-value")
        return None
    alert = Alert(
        code=code,
        type=kind,
        description=row["alertCodeDescription"].text(),
        active=row["active"].flag(),
        expired=row["expired"].flag(),
        start=row["dateCreated"].day(),
        end=row["dateExpires"].day(),
    )
    if alert.active and alert.expired:
        row["active"].warn("contradiction")
    if code in RETIRED_ALERTS:
        row["alertCode"].warn("retired-code")
    elif kind == _MAPPA_TYPE and code not in MAPPA_ALERTS.keys() | _OTHER_MAPPA_TYPE_CODES:
        row["alertCode"].warn("unknown-code")
    return alert


def registration(node: Node, found: list[Alert]) -> MappaRegistration | None:
    """What the live MAPPA alerts agree on; nothing where they disagree, never a choice."""
    live = [a for a in found if a.code in MAPPA_ALERTS and a.active and not a.expired]
    stated = {MAPPA_ALERTS[alert.code] for alert in live}
    if len(stated) > 1:
        node.warn("contradiction")
    if len(stated) != 1:
        return None
    category, level = stated.pop()
    if level is None:
        node.warn("not-yet-determined")
    alert = live[0]
    return MappaRegistration(
        category=category,
        category_code=alert.code,
        level=level,
        level_code=alert.code,
        start=alert.start,
    )
