"""Levels of risk of serious harm as systems spell them, and the table of groups (DOMAIN.md §4).

Read by the OASys and the Delius adapter. An unknown word gives no level and a caution; a missing
one is *not assessed* and never LOW.
"""

from collections.abc import Iterable, Mapping

from pydantic.alias_generators import to_camel

from adapters.reading import Node
from schemas.rosh import RoshGroups, RoshLevel

_ORDER = list(RoshLevel)
REGISTER_CODES = {
    "RLRH": RoshLevel.LOW,
    "RMRH": RoshLevel.MEDIUM,
    "RHRH": RoshLevel.HIGH,
    "RVHR": RoshLevel.VERY_HIGH,
    "RVRH": RoshLevel.VERY_HIGH,
}
"""Registration codes of the overall level; both spellings of the highest occur."""

_GROUPS = {
    "children": "children",
    "public": "public",
    "known adult": "known_adult",
    "know adult": "known_adult",
    "staff": "staff",
    "prisoners": "prisoners",
}
_NAMED = {theirs.replace(" ", ""): ours for theirs, ours in _GROUPS.items()}
_SUFFIXES = {
    "children": "Children",
    "public": "Public",
    "known_adult": "KnownAdult",
    "staff": "Staff",
    "prisoners": "Prisoners",
}


def level(node: Node) -> RoshLevel | None:
    """`Very High`, `VERY_HIGH` and `very-high` are one level; an unknown word is a caution."""
    if (text := node.text()) is None:
        return None
    if (found := _level(text)) is None:
        node.warn("unknown-code")
    return found


def _level(text: str) -> RoshLevel | None:
    word = text.strip().upper().replace(" ", "_").replace("-", "_")
    return RoshLevel(word) if word in _ORDER else None


def described_otherwise(code: Node, description: Node) -> None:
    """Leave a `contradiction` where the description spells another level than the code."""
    ours, theirs = _level(str(code.value)), _level(str(description.value))
    if ours and theirs and ours != theirs:
        description.warn("contradiction")


def groups_by_field(node: Node, setting: str) -> RoshGroups | None:
    """OASys names each cell of the table: `riskKnownAdultCommunity` (also `riskAdultCommunity`)."""
    return _table({g: level(node.first(*_cells(s, setting))) for g, s in _SUFFIXES.items()})


def has_groups_by_field(node: Node) -> bool:
    """Whether `node` has any cell of that table, even where null."""
    return any(
        node.has(cell)
        for suffix in _SUFFIXES.values()
        for setting in ("Community", "Custody")
        for cell in _cells(suffix, setting)
    )


def _cells(suffix: str, setting: str) -> tuple[str, str]:
    return f"risk{suffix}{setting}", f"risk{suffix.removeprefix('Known')}{setting}"


def by_field(table: Mapping[str, str | None], setting: str) -> dict[str, str | None]:
    """A table as OASys writes it, `None` where a group was not assessed."""
    return {
        f"risk{suffix}{setting}": _spelt(table.get(to_camel(group)))
        for group, suffix in _SUFFIXES.items()
    }


def by_level(table: Mapping[str, str | None]) -> dict[str, list[str]]:
    """A table as the interface writes it."""
    names = {ours: theirs.capitalize() for theirs, ours in reversed(_GROUPS.items())}
    found: dict[str, list[str]] = {}
    for group, name in names.items():
        if risk := table.get(to_camel(group)):
            found.setdefault(risk, []).append(name)
    return found


def _spelt(risk: str | None) -> str | None:
    return risk.replace("_", " ").title() if risk else None


def groups(node: Node) -> RoshGroups | None:
    """A table as `{"HIGH": ["Children"]}` or as `{"Children": "HIGH"}`."""
    found: dict[str, RoshLevel | None] = {}
    for key, value in node.value.items() if isinstance(node.value, dict) else ():
        here = Node(value, node.pointer, node.cautions)
        if isinstance(value, list):
            cells = [(group, Node(key, node.pointer, node.cautions)) for group in here]
        else:
            cells = [(Node(key, node.pointer, node.cautions), here)]
        for group, cell in cells:
            _put(found, group, cell)
    return _table(found)


def _put(found: dict[str, RoshLevel | None], group: Node, cell: Node) -> None:
    name = _NAMED.get(_letters(group.text() or ""))
    if name is None:
        group.warn("unknown-code")
        return
    if (risk := level(cell)) is None:
        return
    earlier = found.get(name)
    if earlier and earlier != risk:
        group.warn("contradiction")
    found[name] = highest([risk, earlier])


def _letters(text: str) -> str:
    """`Known adult`, `KNOWN_ADULT` and `knownAdult` are one group."""
    return "".join(letter for letter in text.lower() if letter.isalpha())


def _table(cells: dict[str, RoshLevel | None]) -> RoshGroups | None:
    return RoshGroups(**cells) if any(cells.values()) else None


def highest(levels: Iterable[RoshLevel | None]) -> RoshLevel | None:
    """The highest level that was assessed."""
    return max((one for one in levels if one), key=_ORDER.index, default=None)


def check_overall(node: Node, overall: RoshLevel | None, *tables: RoshGroups | None) -> None:
    """Leave a `contradiction` where a group stands above the overall level; both are kept."""
    peak = highest(value for table in tables if table for _, value in table)
    if overall and peak and _ORDER.index(peak) > _ORDER.index(overall):
        node.warn("contradiction")
