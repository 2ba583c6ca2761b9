"""Proof that one entry is in the log, in one JSON object that can be mailed to anybody."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.errors import FormatError
from audit.merkle import leaf_hash, verify_inclusion
from audit.note import Verifier, decode_base64


class InclusionProof(TypedDict):
    """`leaf` number `index` (from 0) is in the tree of `size` that `checkpoint` signs.

    `leaf` is the text of the leaf, `proof` its sibling hashes in base64, from the leaf upwards.
    """

    index: int
    size: int
    leaf: str
    proof: list[str]
    checkpoint: str


def portable(
    index: int, size: int, leaf: bytes, hashes: Sequence[bytes], checkpoint: bytes
) -> InclusionProof:
    """Put the parts of a proof together."""
    return {
        "index": index,
        "size": size,
        "leaf": leaf.decode(),
        "proof": [base64.b64encode(value).decode() for value in hashes],
        "checkpoint": checkpoint.decode(),
    }


def verify_proof(proof: Mapping[str, Any], verifier: Verifier) -> Checkpoint:
    """The checkpoint under which the leaf is proved. Raises `FormatError` where it is not."""
    try:
        index, size = int(proof["index"]), int(proof["size"])
        leaf, note = str(proof["leaf"]).encode(), str(proof["checkpoint"]).encode()
        hashes = [decode_base64(str(value)) for value in proof["proof"]]
    except (KeyError, TypeError, ValueError):
        raise FormatError("the proof lacks a part, or a part is malformed") from None
    checkpoint = open_checkpoint(note, verifier)
    if checkpoint.size != size:
        raise FormatError("the proof and its checkpoint are of different sizes")
    if not verify_inclusion(leaf_hash(leaf), index, size, hashes, checkpoint.root):
        raise FormatError("the leaf is not at this place in the tree")
    return checkpoint
