"""Signed notes (C2SP signed-note) with Ed25519 keys: text that says who vouches for it.

A verifier key is one line of text, `name+keyid+base64`; it is what an agency keeps, away from the
log, to check the log with.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.errors import FormatError

ED25519 = b"\x01"
MAX_SIGNATURES = 64
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile(r"— (\S+) (\S+)")


def check_name(name: str) -> str:
    """The key name, if it may be one: not empty, no spaces, no plus sign."""
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise FormatError("a key name must not be empty or hold spaces or plus signs")
    return name


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def decode_base64(text: str) -> bytes:
    """Standard base64 in its one right form; anything else is a `FormatError`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FormatError("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise FormatError("base64 in a form that nobody should write")
    return data


@dataclass(frozen=True)
class Verifier:
    """A name and the public key that speaks for it."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a verifier key; raises `FormatError`, also where the key id does not belong."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise FormatError("a verifier key has the form name+keyid+base64")
        name, identity, encoded = parts
        key = decode_base64(encoded)
        if key[:1] != ED25519 or len(key) != 33:
            raise FormatError("a verifier key must be an Ed25519 key")
        verifier = cls(check_name(name), key[1:])
        if verifier.key_id.hex() != identity:
            raise FormatError("the key id of a verifier key does not belong to its name and key")
        return verifier

    @property
    def key_id(self) -> bytes:
        """See `key_id`."""
        return key_id(self.name, self.public)

    @property
    def vkey(self) -> str:
        """The verifier key as one line of text."""
        encoded = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def accepts(self, text: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A name and the private key that speaks for it."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self.private = private
        self.verifier = Verifier(check_name(name), private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text, which must end in a newline, and the signature below it."""
        if not text.endswith("\n") or _CONTROL.search(text):
            raise FormatError("a note is lines of text, each ended by a newline")
        signature = self.verifier.key_id + self.private.sign(text.encode())
        return f"{text}\n— {self.verifier.name} {base64.b64encode(signature).decode()}\n"


def verified_text(note: bytes, verifier: Verifier) -> str:
    """The text of a note that `verifier` signed.

    Signatures by other keys (witnesses, a key about to take over) are left alone. Raises
    `FormatError` where the note is malformed, unsigned by this key, or wrongly signed by it.
    """
    text, signatures = _parse(note)
    ours = [
        signature[4:]
        for name, signature in signatures
        if name == verifier.name and signature[:4] == verifier.key_id
    ]
    if not ours:
        raise FormatError("the note is not signed by the expected key")
    if not all(verifier.accepts(text.encode(), signature) for signature in ours):
        raise FormatError("the signature does not belong to the text")
    return text


def _parse(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    try:
        content = note.decode()
    except UnicodeDecodeError:
        raise FormatError("the note is not UTF-8") from None
    if _CONTROL.search(content):
        raise FormatError("the note holds control characters")
    text, separator, below = content.rpartition("\n\n")
    if not separator or not below.endswith("\n"):
        raise FormatError("the note has no signatures")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise FormatError("the note has too many signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    if not (match := _SIGNATURE_LINE.fullmatch(line)):
        raise FormatError("a signature line has the form: dash, name, base64")
    signature = decode_base64(match[2])
    if len(signature) < 5:
        raise FormatError("a signature is too short")
    return check_name(match[1]), signature
