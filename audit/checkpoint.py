"""Checkpoints (C2SP tlog-checkpoint): the size and root of a log, signed by the log."""

import base64
import re
from dataclasses import dataclass

from audit.errors import FormatError
from audit.merkle import EMPTY_ROOT, HASH_BYTES
from audit.note import Signer, Verifier, decode_base64, verified_text

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log says of itself: its name, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, signer: Signer) -> bytes:
        """The checkpoint file."""
        return signer.sign(self.body).encode()


def parse_body(text: str) -> Checkpoint:
    """Read the text of a checkpoint; lines after the third are allowed and left alone."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise FormatError("a checkpoint is three or more lines that are not empty")
    origin, size, encoded = lines[:3]
    if not _SIZE.fullmatch(size):
        raise FormatError("the second line of a checkpoint is the number of entries")
    root = decode_base64(encoded)
    if len(root) != HASH_BYTES:
        raise FormatError("the third line of a checkpoint is a hash of 32 bytes")
    if size == "0" and root != EMPTY_ROOT:
        raise FormatError("the root of a checkpoint of no entries is not that of an empty tree")
    return Checkpoint(origin, int(size), root)


def open_checkpoint(note: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a signed note, once `verifier` vouches for it. Raises `FormatError`."""
    checkpoint = parse_body(verified_text(note, verifier))
    if checkpoint.origin != verifier.name:
        raise FormatError("the checkpoint belongs to another log")
    return checkpoint
