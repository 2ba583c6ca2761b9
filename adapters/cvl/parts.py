"""A part of a licence that must be an object."""

from adapters.reading import Node


def part(node: Node, key: str) -> Node:
    """The member `key`; anything but an object counts as missing and leaves a caution."""
    found = node[key]
    if found and not isinstance(found.value, dict):
        found.warn("unreadable-value")
        return Node(None, found.pointer, found.cautions)
    return found
