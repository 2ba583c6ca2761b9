"""Sealed entries and the lines of the files that keep them, outside the tree."""

import base64
import json
from typing import NamedTuple

from audit.entry import canonical_json, commitment, identity, read_object
from audit.errors import FormatError
from audit.note import decode_base64
from audit.usual import usual_forms

SALT_BYTES = 32
ERASED_LINE = canonical_json({"erased": True}) + b"\n"
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class SealedEntry(NamedTuple):
    """An entry as it was committed: `sealed` is its canonical JSON, `salt` 32 random bytes."""

    id: str
    time: str
    agency: str
    salt: bytes
    sealed: bytes

    def check(self) -> None:
        """Refuse what the verifier would refuse. Raises `FormatError`."""
        if len(self.salt) != SALT_BYTES:
            raise FormatError("a salt is 32 bytes")
        named = identity(read_object(_decoded(self.sealed), "the entry"), "the entry")
        if named != (self.id, self.time, self.agency):
            raise FormatError("the entry and its leaf disagree on id, time or agency")

    def leaf(self) -> bytes:
        """What goes into the tree."""
        return commitment(*self)

    def line(self) -> bytes:
        """What goes into the file of sealed entries."""
        salt = base64.b64encode(self.salt).decode()
        text = _quoted(self.sealed.decode())
        return f'{{"entry":{text},"salt":"{salt}"}}\n'.encode()

    def written(self) -> tuple[bytes, bytes]:
        """Leaf and line, once it is sure that the verifier will take them. Raises as `check`."""
        usual = usual_forms(*self) if len(self.salt) == SALT_BYTES else None
        if usual is None:
            self.check()
            usual = self.leaf(), self.line()
        return usual


def read_line(line: bytes) -> SealedEntry | None:
    """The entry on a line, None for an erased one. Raises `FormatError` for any other line."""
    if line == ERASED_LINE:
        return None
    fields = read_object(line, "the line")
    text, salt = fields.get("entry"), fields.get("salt")
    if not (isinstance(text, str) and isinstance(salt, str)):
        raise FormatError("the line has no entry or no salt")
    try:
        sealed = text.encode()
    except UnicodeEncodeError:
        raise FormatError("the entry is not valid Unicode") from None
    names = identity(read_object(text, "the entry"), "the entry")
    entry = SealedEntry(*names, decode_base64(salt), sealed)
    if entry.line() != line:
        raise FormatError("the line is not in the form that the log writes")
    return entry


def _decoded(sealed: bytes) -> str:
    try:
        return sealed.decode()
    except UnicodeDecodeError:
        raise FormatError("the entry is not valid Unicode") from None
