"""The rejects file: what was refused, why and where, whole, so that it can be mended and loaded.

One JSON object on each line. It holds personal data, as the file it came from does, and is its
owner's alone (mode 0600).
"""

import base64
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from adapters.base import AdapterError, Item, Subject, parse_subject
from gateway.load.errors import LoadError

_OPENING = re.compile(rb'\{\s*"rejected"\s*:')
FORMS = ("payload", "text", "base64")


def line(item: Item, where: dict[str, Any]) -> bytes:
    """The payload with the reason and place of its refusal (`where`), on one line."""
    head = orjson.dumps(where)
    subject = f"{item.subject.scheme}:{item.subject.value}" if item.subject else None
    name, value = _written(item.raw)
    about = orjson.dumps(subject)
    return b'{"rejected":%b,"subject":%b,"%b":%b}\n' % (head, about, name, value)


def _written(raw: bytes) -> tuple[bytes, bytes]:
    """JSON as it is, for whoever mends it; other text as text; all else in base 64."""
    try:
        json.loads(raw.decode(), strict=True)
    except (ValueError, RecursionError):
        pass
    else:  # outside strings, the only place for them, line ends are blanks
        return b"payload", raw.strip().replace(b"\r", b" ").replace(b"\n", b" ")
    try:
        return b"text", json.dumps(raw.decode()).encode()
    except UnicodeDecodeError:
        return b"base64", orjson.dumps(base64.b64encode(raw).decode())


def read(raw: bytes) -> tuple[Item, str | None] | None:
    """The payload on a line of a rejects file, and the id of what was kept of it in quarantine;
    `None` where it is no such line. Raises `AdapterError` where it was one."""
    if not _OPENING.match(raw):
        return None
    try:
        outer = json.loads(raw)
        form = next(name for name in FORMS if name in outer)
        subject, kept = outer.get("subject"), outer["rejected"].get("quarantine")
        inner = outer[form]
        body = _payload(raw) if form == "payload" else _bytes(form, inner)
    except (ValueError, RecursionError, StopIteration, LookupError, AttributeError, TypeError):
        raise AdapterError(
            "bad-reject", "keep rejected, subject and payload as they were"
        ) from None
    about: Subject | None = parse_subject(str(subject)) if subject else None
    return Item(body, about), str(kept) if kept else None


def _bytes(form: str, inner: str) -> bytes:
    return inner.encode() if form == "text" else base64.b64decode(inner, validate=True)


def _payload(raw: bytes) -> bytes:
    """The payload's own bytes."""
    text, decoder, at = raw.decode(), json.JSONDecoder(), 0
    while True:
        name, at = decoder.raw_decode(text, _next(text, at))
        begin = _next(text, at)
        _, at = decoder.raw_decode(text, begin)
        if name == "payload":
            return text[begin:at].encode()


def _next(text: str, at: int) -> int:
    """Past one brace, colon or comma, and the blanks around it."""
    at += len(text[at:]) - len(text[at:].lstrip()) + 1
    return at + len(text[at:]) - len(text[at:].lstrip())


class RejectsFile:
    """A rejects file that is always as long as the store says, whenever the load was stopped."""

    def __init__(self, path: Path, size: int, *, new: bool) -> None:
        """`size` bytes of it are of batches already committed; a `new` load has none, and takes
        no other's place. Raises `LoadError`."""
        self.path, self.size = path, size
        there = path.stat().st_size if path.exists() else 0
        if new and there:
            raise LoadError(f"{path} is there already: move it away, or choose another --rejects")
        if there < size:
            raise LoadError(
                f"{path} should hold {size} bytes of an earlier run: put it back, give the same"
                " --rejects, or begin again with --again"
            )
        if there > size:
            os.truncate(path, size)  # what a batch left that was never committed

    def write(self, lines: Sequence[bytes]) -> int:
        """Put a batch's lines after those committed, durably; returns the length of all."""
        if not lines:
            return self.size
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.truncate(self.size)  # what a batch that failed left
            file.seek(self.size)
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
            return file.tell()
