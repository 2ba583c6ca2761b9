"""Addresses of the person, in the forms of the search, the integrations and the case view."""

from adapters.json_adapter import objects
from adapters.reading import Node
from schemas.person import Address

LINES = ("buildingName", "streetName", "district", "town", "county")


def addresses(rows: Node) -> list[Address]:
    """A list of addresses; a row that is none leaves a caution."""
    return [address(one) for one in objects(rows)]


def address(node: Node) -> Address:
    """One address. The number and the street are one line; an end before its start is kept."""
    number = node.first("addressNumber", "buildingNumber").text()
    lines = {field: node[field].text() for field in LINES}
    lines["streetName"] = " ".join(filter(None, [number, lines["streetName"]]))
    start, end = node.first("from", "startDate").day(), node.first("to", "endDate").day()
    if start and end and end < start:
        node.warn("contradiction")
    return Address(
        lines=[line for line in lines.values() if line],
        postcode=node["postcode"].text(),
        no_fixed_abode=node.first("noFixedAbode", "noFixedAddress").flag(),
        type=_type(node["type"]),
        start=start,
        end=end,
    )


def _type(node: Node) -> str | None:
    if isinstance(node.value, dict):
        return node["description"].text() or node["code"].text()
    return node.text()
