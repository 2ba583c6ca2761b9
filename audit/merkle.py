"""The Merkle tree of RFC 6962 section 2.1, over SHA-256: hashes, and the two kinds of proof.

An inclusion proof shows that a leaf is in a tree; a consistency proof shows that a tree only grew.
The checks follow RFC 9162 sections 2.1.3.2 and 2.1.4.2 and answer False to anything else.
"""

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf; the prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of sibling hashes."""
    row, sha256 = hashes, hashlib.sha256  # once for each leaf of a log: kept free of calls
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=True)
        row = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return row[0]


def join_roots(roots: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that shrink from left to right."""
    if not roots:
        return EMPTY_ROOT
    result = roots[-1]
    for left in reversed(roots[:-1]):
        result = node_hash(left, result)
    return result


def perfect_parts(start: int, end: int) -> list[tuple[int, int]]:
    """Cut the leaves [start, end) of a tree into perfect subtrees, as (height, index at height).

    `start` must be where a subtree of RFC 6962 begins, which every proof sees to.
    """
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        parts.append((height, start >> height))
        start += 1 << height
    return parts


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962's k)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose hashes prove leaf `index` in a tree of `size`, in proof order."""
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaf ranges whose hashes prove that a tree of `old` leaves grew into one of `new`."""
    ranges = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf with hash `leaf` is number `index` (from 0) in the tree of `size`."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    result, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `size2` holds the tree of `size1` unchanged at its beginning.

    A first tree of size 0 is always refused: growth from nothing needs no proof, so a caller that
    asks for one is mistaken.
    """
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and root1 == root2
    if not _are_hashes(root1, root2, *proof):
        return False
    steps = list(proof)
    if size1 & (size1 - 1) == 0:
        steps.insert(0, root1)
    if not steps:
        return False
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == root1 and second == root2
