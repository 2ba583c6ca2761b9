"""JSON of any length cut into payloads while it is read: an array, lines, or one payload.

Bytes stand for characters one to one while cutting (every character that structures JSON is
ASCII), so each payload keeps its own bytes and a wrong encoding costs only the payload it is in.
"""

import json
import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import IO

from gateway.load.errors import LoadError

CHUNK = 1 << 18
MARK = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\r\n]*")
_CLOSING = tuple(" \t\r\n,]")
_DECODER = JSONDecoder(strict=False, parse_int=str, parse_float=str)
"""Lenient: here only the end of a value matters. What is wrong inside, the adapter says."""


def payloads(file: IO[bytes], *, lines: bool, longest: int) -> Iterator[bytes]:
    """The payloads of a file that opens as JSON does. `lines`: it is known to hold one on each.

    Raises `LoadError` where it cannot be cut any further.
    """
    head = file.read(len(MARK))
    if head != MARK:
        file.seek(0)
    begin = file.tell()
    first = file.readline(longest + 1)
    file.seek(begin)
    if not lines and first.lstrip()[:1] in (b"", b"["):
        yield from _array(_Text(file, longest))
    elif lines or _is_json(first):
        yield from _lines(file, longest)
    else:
        yield whole(file, longest)


def whole(file: IO[bytes], longest: int) -> bytes:
    """All of it as one payload. Raises `LoadError` where that is too long."""
    raw = file.read(longest + 1)
    if len(raw) > longest:
        raise _too_long("it", longest)
    return raw


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line.decode("latin-1"), strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(file: IO[bytes], longest: int) -> Iterator[bytes]:
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) > longest:
            raise _too_long(f"line {number}", longest)
        if line := line.strip():
            yield line


def _array(text: "_Text") -> Iterator[bytes]:
    if not text.skip("["):
        yield text.value()  # blank lines came first; still one payload
        text.end()
        return
    if text.skip("]"):
        raise LoadError("it holds an empty JSON array: there is nothing to load")
    while True:
        yield text.value()
        if text.skip("]"):
            text.end()
            return
        if not text.skip(","):
            raise text.malformed()


class _Text:
    """What of the file is in memory, and how far it was cut."""

    def __init__(self, file: IO[bytes], longest: int) -> None:
        self._file, self._longest = file, longest
        self._text, self._at, self._before, self._ended = "", 0, file.tell(), False

    def skip(self, mark: str) -> bool:
        """Go over blanks; then over `mark` if that is next."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) or not self._more():
                break
        found = self._text.startswith(mark, self._at)
        self._at += len(mark) * found
        return found

    def value(self) -> bytes:
        """The next value's own bytes."""
        self.skip("")
        while True:
            size = self._size_of_value()
            if size and (self._is_closed(self._at + size) or not self._more()):
                found = self._text[self._at : self._at + size]
                self._at += size
                return found.encode("latin-1")
            if not size and not self._more():
                raise self.malformed()

    def end(self) -> None:
        """Nothing but blanks may follow."""
        self.skip("")
        if self._at < len(self._text):
            raise self.malformed()

    def malformed(self) -> LoadError:
        """Where it stops being JSON."""
        return LoadError(
            f"it is not well-formed JSON after byte {self._before + self._at}; what comes before is"
            " loaded: mend the file and load it again, what is known already changes nothing"
        )

    def _size_of_value(self) -> int:
        try:
            return int(_DECODER.raw_decode(self._text, self._at)[1]) - self._at
        except (ValueError, RecursionError):
            return 0

    def _is_closed(self, end: int) -> bool:
        """Whether the value ends there. A number may go on beyond what was read."""
        return self._text[self._at] in '"[{' or self._text[end : end + 1] in _CLOSING

    def _more(self) -> bool:
        if self._ended:
            return False
        rest = self._text[self._at :]
        if len(rest) > self._longest:
            raise _too_long(f"a payload after byte {self._before + self._at}", self._longest)
        self._before += self._at
        more = self._file.read(max(CHUNK, len(rest)))
        self._text, self._at, self._ended = rest + more.decode("latin-1"), 0, not more
        return bool(more)


def _too_long(what: str, longest: int) -> LoadError:
    return LoadError(
        f"{what} is longer than {longest} bytes, or not well-formed JSON; send one payload on each"
        " line (.ndjson) or as an element of an array (MAPPA_GATEWAY_MAX_BODY raises the limit)"
    )
