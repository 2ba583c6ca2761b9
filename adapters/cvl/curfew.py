"""Home detention curfew: when and where the person must be at home."""

from adapters.cvl.parts import part
from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.licence import CurfewPeriod

_ADDRESS = ("firstLine", "secondLine", "townOrCity", "county", "postcode")
FIRST_NIGHT = "First night"


def curfew(node: Node) -> list[CurfewPeriod]:
    """The curfew periods; the first night's, which has no weekday, comes first under its name."""
    first = part(node, "firstNight")
    periods = [
        CurfewPeriod(
            from_day=FIRST_NIGHT,
            from_time=first["firstNightFrom"].text(),
            until_time=first["firstNightUntil"].text(),
        )
    ]
    weekly = [
        CurfewPeriod(
            from_day=row["fromDay"].text(),
            from_time=row["fromTime"].text(),
            until_day=row["untilDay"].text(),
            until_time=row["untilTime"].text(),
        )
        for row in objects(node["curfewTimes"])
    ]
    return (periods if first else []) + weekly


def curfew_address(node: Node) -> str | None:
    """The curfew address on one line."""
    address = part(node, "curfewAddress")
    lines = (address[line].text() for line in _ADDRESS)
    return ", ".join(line for line in lines if line) or None
