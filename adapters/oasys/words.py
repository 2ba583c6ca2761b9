"""Answers and texts under one set of names, whatever interface and generation gave them."""

from collections.abc import Iterable, Iterator, Mapping

from adapters.reading import Node

_ANSWERS = {
    "YES": "YES", "Y": "YES", "TRUE": "YES", "NO": "NO", "N": "NO", "FALSE": "NO",
    "DON'T KNOW": "DK", "DK": "DK", "DONT KNOW": "DK", "UNKNOWN": "DK",
    "N/A": "NA", "NA": "NA", "NOT APPLICABLE": "NA",
}  # fmt: skip


def answer(node: Node) -> str | None:
    """YES, NO, DK or NA, also `[Yes]` and booleans; another word verbatim, with a caution."""
    if isinstance(node.value, bool):
        return "YES" if node.value else "NO"
    if (text := node.text()) is None or not text.strip(" []"):
        return None
    word = text.strip(" []").upper().replace("\u2019", "'")
    if (found := _ANSWERS.get(word)) is None:
        node.warn("unknown-code")
    return found or text


def answers(node: Node, names: Mapping[str, str]) -> dict[str, str]:
    """`names`: our name for each field, or for each of `one|another` (a field in its spellings)."""
    found = {ours: answer(one) for ours, one in _held(node, names)}
    return {name: value for name, value in found.items() if value}


def texts(node: Node, names: Mapping[str, str]) -> dict[str, str]:
    """The same for texts."""
    found = {ours: one.text() for ours, one in _held(node, names)}
    return {name: value for name, value in found.items() if value}


def _held(node: Node, names: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    """Those of `names` that are there: most answers hold few of all that can be asked."""
    held = node.value if isinstance(node.value, dict) else {}
    for fields, ours in names.items():
        if fields in held or "|" in fields:
            yield ours, node.first(*fields.split("|"))


def joined(node: Node, *fields: str) -> str | None:
    """Older and newer forms of one question: whatever was answered, none of it lost."""
    held = node.value if isinstance(node.value, dict) else {}
    found = dict.fromkeys(text for f in fields if f in held and (text := node[f].text()))
    return "\n\n".join(found) or None


def listed(node: Node) -> list[str]:
    """A list of words."""
    return [text for one in node if (text := one.text())]


def has_any(node: Node, names: Iterable[str]) -> bool:
    """Whether `node` has any of the fields, each perhaps in several spellings."""
    return any(node.has(field) for fields in names for field in fields.split("|"))
