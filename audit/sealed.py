"""Sealed entries and the lines of the files that keep them, outside the tree."""

import base64
import json
from dataclasses import dataclass

from audit.entry import canonical_json, commitment, identity, read_object
from audit.errors import FormatError
from audit.note import decode_base64

SALT_BYTES = 32
ERASED_LINE = canonical_json({"erased": True}) + b"\n"


@dataclass(frozen=True, slots=True)
class SealedEntry:
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
        named = identity(read_object(self.sealed, "the entry"), "the entry")
        if named != (self.id, self.time, self.agency):
            raise FormatError("the entry and its leaf disagree on id, time or agency")

    def leaf(self) -> bytes:
        """What goes into the tree."""
        return commitment(self.id, self.time, self.agency, self.salt, self.sealed)

    def line(self) -> bytes:
        """What goes into the file of sealed entries."""
        salt = base64.b64encode(self.salt).decode()
        text = json.dumps(self.sealed.decode(), ensure_ascii=False)
        return f'{{"entry":{text},"salt":"{salt}"}}\n'.encode()


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
    names = identity(read_object(sealed, "the entry"), "the entry")
    entry = SealedEntry(*names, decode_base64(salt), sealed)
    if entry.line() != line:
        raise FormatError("the line is not in the form that the log writes")
    return entry
