"""Home detention curfew: when and where the person must be at home.

Two generations: all under `hdcInfo` (subject access form), or beside the licence's own fields.
"""

from adapters.cvl.parts import part
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.licence import CurfewPeriod

_ADDRESS = (
    ("firstLine", "addressLine1"),
    ("secondLine", "addressLine2"),
    ("townOrCity",),
    ("county",),
    ("postcode",),
)
_DAYS = frozenset(
    {"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"},
)
FIRST_NIGHT = "First night"


def curfew(licence: Node) -> list[CurfewPeriod]:
    """The curfew periods; the first night's, which has no weekday, comes first under its name."""
    node = part(licence, "hdcInfo")
    first = part(node, "firstNight") if node else part(licence, "firstNightCurfewTimes")
    periods = [
        CurfewPeriod(
            from_day=FIRST_NIGHT,
            from_time=first.first("firstNightFrom", "fromTime").text(),
            until_time=first.first("firstNightUntil", "untilTime").text(),
        )
    ]
    weekly = [
        CurfewPeriod(
            from_day=_day(row["fromDay"]),
            from_time=row["fromTime"].text(),
            until_day=_day(row["untilDay"]),
            until_time=row["untilTime"].text(),
        )
        for row in objects(node["curfewTimes"] if node else licence["weeklyCurfewTimes"])
    ]
    return (periods if first else []) + weekly


def _day(node: Node) -> str | None:
    """The English name of a weekday; one generation writes it in capitals."""
    text = node.text()
    return text.capitalize() if text in _DAYS else text


def curfew_address(licence: Node) -> str | None:
    """The curfew address on one line."""
    node = part(licence, "hdcInfo")
    return on_one_line(part(node if node else licence, "curfewAddress"))


def on_one_line(address: Node) -> str | None:
    """The lines of an address, joined by commas."""
    lines = (address.first(*names).text() for names in _ADDRESS)
    return ", ".join(line for line in lines if line) or None
