"""The Merkle tree exactly as the definitions of RFC 6962 section 2.1 read, and slowly."""

import hashlib


def root(leaves: list[bytes]) -> bytes:
    """MTH."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = _k(len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), root(leaves[k:])]
    return [*path(m - k, leaves[k:]), root(leaves[:k])]


def growth(m: int, leaves: list[bytes], complete: bool = True) -> list[bytes]:
    """SUBPROOF, and with `complete` PROOF."""
    if m == len(leaves):
        return [] if complete else [root(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*growth(m, leaves[:k], complete), root(leaves[k:])]
    return [*growth(m - k, leaves[k:], False), root(leaves[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
