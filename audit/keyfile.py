"""Keeping the log's private key in a file that only its owner may read."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.errors import FormatError
from audit.note import ED25519, Signer, decode_base64

_PREFIX = "PRIVATE+KEY+"


def generate_signer(name: str) -> Signer:
    """A new key for a log called `name` (a URL without its scheme: `example.org/mappa-log`)."""
    return Signer(name, Ed25519PrivateKey.generate())


def encode_signer(signer: Signer) -> str:
    """The private key as one line, in the form that Go's note tools read. Keep it secret."""
    key = base64.b64encode(ED25519 + signer.private.private_bytes_raw()).decode()
    return f"{_PREFIX}{signer.verifier.name}+{signer.verifier.key_id.hex()}+{key}"


def parse_signer(text: str) -> Signer:
    """Read `encode_signer`'s form. Raises `FormatError`, which never repeats the key."""
    parts = text.removeprefix(_PREFIX).split("+", 2)
    if not text.startswith(_PREFIX) or len(parts) != 3:
        raise FormatError("a private key has the form PRIVATE+KEY+name+keyid+base64")
    name, identity, encoded = parts
    key = decode_base64(encoded)
    if key[:1] != ED25519 or len(key) != 33:
        raise FormatError("a private key must be an Ed25519 key")
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(key[1:]))
    if signer.verifier.key_id.hex() != identity:
        raise FormatError("the key id of a private key does not belong to its name and key")
    return signer


def save_signer(signer: Signer, path: Path) -> None:
    """Write a new key file. Raises `FileExistsError`: a key in use must never be overwritten."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(encode_signer(signer) + "\n")
        file.flush()
        os.fsync(file.fileno())


def load_signer(path: Path) -> Signer:
    """Read a key file. Raises `FileNotFoundError` or `FormatError`."""
    return parse_signer(path.read_text(encoding="utf-8").removesuffix("\n"))
