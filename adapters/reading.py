"""Reading JSON that real systems send: typed access that warns instead of guessing.

`load` parses strictly. `Node` walks the result with its JSON pointer; each reader returns `None`
and leaves a `Caution` for a value that is a placeholder or cannot be read, so that one bad field
never costs the rest of a payload.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import UTC, date, datetime
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from adapters.base import AdapterError, Caution, Item, parse_subject

LONDON = ZoneInfo("Europe/London")
MAX_DEPTH = 64
PLACEHOLDER = re.compile(r"string|\{\{.*\}\}|\{[A-Za-z]+\}|\$[A-Za-z]+", re.DOTALL)
PLACEHOLDER_DAYS = frozenset({date(1900, 1, 1), date(2129, 9, 14)})
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BRITISH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})(?: ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_ZONE_NAME = re.compile(r"\[[A-Za-z_/]+\]$")
_JAVA = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r" (GMT|UTC|BST) ([0-9]{4})"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _refuse_constant(_: str) -> NoReturn:
    raise AdapterError("not-json", "NaN and Infinity are not JSON")


def _pairs(cautions: list[Caution]) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        found = {}
        for key, value in pairs:
            if key in found:
                if found[key] != value:
                    raise AdapterError(
                        "duplicate-key", "an object holds one key twice with two values"
                    )
                cautions.append(Caution("duplicate-key", ""))
            found[key] = value
        return found

    return build


def load(raw: bytes) -> "Node":
    """Parse one JSON document. Raises `AdapterError`: not UTF-8, not JSON, too deep, null
    characters, or one key twice with different values (the same value twice is a caution)."""
    cautions: list[Caution] = []
    text = _decode(raw)
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs(cautions), parse_constant=_refuse_constant
        )
    except AdapterError:
        raise
    except (ValueError, RecursionError):
        raise AdapterError("not-json", "the payload is not well-formed JSON") from None
    if (
        "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH
    ):  # else there is nothing to find
        _check(value, 0)
    return Node(value, "", cautions)


def _decode(raw: bytes) -> str:
    try:
        return raw.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        raise AdapterError("not-utf-8", "send UTF-8") from None


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise AdapterError("too-deep", f"at most {MAX_DEPTH} levels of nesting")
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise AdapterError("bad-character", "text holds a null or a lone surrogate")
    elif isinstance(value, dict):
        for key, part in value.items():
            _check(key, depth)
            _check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth + 1)


def split_json(raw: bytes) -> list[Item]:
    """Cut a JSON array into its elements, each with its own bytes; anything else is one item.

    An element (or the whole payload) of the form `{"subject": "crn:…", "payload": …}` names whom
    its payload is about. Raises `AdapterError` where the array itself is malformed.
    """
    text = _decode(raw)
    start = _skip(text, 0)
    if text[start : start + 1] != "[":
        item = _unwrap(text)
        return [item if item.subject else Item(raw)]
    return [_unwrap(piece) for piece in _elements(text, start + 1)]


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _elements(text: str, at: int) -> list[str]:
    pieces: list[str] = []
    at = _skip(text, at)
    while text[at : at + 1] != "]":
        end = _end_of_value(text, at)
        pieces.append(text[at:end])
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
            if text[at : at + 1] == "]":
                raise AdapterError("not-json", "the batch is not a well-formed JSON array")
        elif text[at : at + 1] != "]":
            raise AdapterError("not-json", "the batch is not a well-formed JSON array")
    if text[at + 1 :].strip(" \t\r\n"):
        raise AdapterError("not-json", "text follows the end of the batch")
    if not pieces:
        raise AdapterError("empty-batch", "the batch holds no payload")
    return pieces


def _end_of_value(text: str, at: int) -> int:
    try:
        return json.JSONDecoder().raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        raise AdapterError("not-json", "the batch is not a well-formed JSON array") from None


def _unwrap(piece: str) -> Item:
    if '"payload"' not in piece and "\\u" not in piece:
        return Item(piece.encode())  # by far most are not wrapped, and need not be read twice
    try:
        outer = json.loads(piece)
    except (ValueError, RecursionError):
        return Item(piece.encode())
    if not (isinstance(outer, dict) and outer.keys() == {"subject", "payload"}):
        return Item(piece.encode())
    if not (isinstance(outer["subject"], str) and outer["subject"].isascii()):
        raise AdapterError("bad-subject", "subject must be plain text", "/subject")
    return Item(_payload_text(piece).encode(), parse_subject(outer["subject"]))


def _payload_text(piece: str) -> str:
    """The bytes of the `payload` member of a wrapper already known to be well formed."""
    at = _skip(piece, 0) + 1
    found = ""
    while piece[at - 1] != "}":
        key, at = scanstring(piece, _skip(piece, at) + 1)
        at = _skip(piece, _skip(piece, at) + 1)
        end = _end_of_value(piece, at)
        if key == "payload":
            found = piece[at:end]
        at = _skip(piece, end) + 1
    return found


class Node:
    """A JSON value, its pointer, and the list its cautions go to."""

    __slots__ = ("_parent", "_step", "cautions", "value")

    def __init__(
        self, value: Any, step: str, cautions: list[Caution], parent: "Node | None" = None
    ) -> None:
        self.value, self._step, self.cautions, self._parent = value, step, cautions, parent

    @property
    def pointer(self) -> str:
        """Put together only where somebody asks: most values leave no caution."""
        return f"{self._parent.pointer}/{self._step}" if self._parent is not None else self._step

    def __getitem__(self, key: str) -> "Node":
        """The member `key`; a missing one is a node whose value is `None`."""
        held = self.value
        return Node(held.get(key) if type(held) is dict else None, key, self.cautions, self)

    def __iter__(self) -> Iterator["Node"]:
        """The elements of a list; nothing for anything else."""
        if isinstance(self.value, list):
            for index, part in enumerate(self.value):
                yield Node(part, str(index), self.cautions, self)
        elif self.value is not None:
            self.warn("unreadable-value")

    def __bool__(self) -> bool:
        return self.value is not None

    def has(self, *keys: str) -> bool:
        """Whether this is an object with all of `keys` present (even where null)."""
        held = self.value
        return type(held) is dict and held.keys() >= set(keys)

    def has_any(self, *keys: str) -> bool:
        """Whether this is an object with any of `keys` present."""
        held = self.value
        return type(held) is dict and not held.keys().isdisjoint(keys)

    def first(self, *keys: str) -> "Node":
        """The first of `keys` that holds a value; systems rename fields between generations."""
        if type(held := self.value) is dict:
            for key in keys:
                if held.get(key) is not None:
                    return self[key]
        return self[keys[0]]

    def warn(self, code: str) -> None:
        """Leave a caution at this place."""
        self.cautions.append(Caution(code, self.pointer))

    def text(self) -> str | None:
        r"""Text with `\r` and `\r\n` as `\n`; an empty one is `None`; a number as written."""
        value = self.value
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.warn("unreadable-value")
            return None
        text = str(value)
        if value == -2147483648 or (text[0] in "s{$" and PLACEHOLDER.fullmatch(text)):
            self.warn("placeholder")
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def integer(self) -> int | None:
        """A whole number, also one written as text."""
        text = self.text()
        if text is None:
            return None
        if re.fullmatch(r"-?[0-9]{1,18}", text):
            return int(text)
        self.warn("unreadable-value")
        return None

    def number(self) -> float | None:
        """A number, also one written as text."""
        text = self.text()
        if text is None:
            return None
        if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE]-?[0-9]{1,2})?", text):
            return float(text)
        self.warn("unreadable-value")
        return None

    def flag(self) -> bool | None:
        """A boolean, or `Yes`/`No`/`true`/`false` in any case; anything else is not known."""
        if isinstance(self.value, bool) or self.value is None:
            return self.value
        answers = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
        if (answer := answers.get(str(self.value).strip().lower())) is None:
            self.warn("unreadable-value")
        return answer

    def day(self) -> date | None:
        """A day: ISO, a time (its London day), or `dd/MM/yyyy`. Placeholders are no day.

        A time may be Java's own: `Fri Jun 14 00:00:00 BST 2024`, or ISO with `[Europe/London]`.
        """
        moment = self._moment()
        if isinstance(moment, datetime):
            moment = moment.astimezone(LONDON).date()
        if moment in PLACEHOLDER_DAYS:
            self.warn("placeholder")
            return None
        return moment

    def time(self) -> datetime | None:
        """A time in UTC; a zone-less one is London wall time; a bare day is its midnight."""
        moment = self._moment()
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=LONDON)
        if moment and moment.astimezone(LONDON).date() in PLACEHOLDER_DAYS:
            self.warn("placeholder")
            return None
        return moment.astimezone(UTC) if moment else None

    def _moment(self) -> date | datetime | None:
        text = self.text()
        if text is None:
            return None
        try:
            if match := _BRITISH.fullmatch(text):
                text = f"{match[3]}-{match[2]}-{match[1]}" + (f"T{match[4]}" if match[4] else "")
            elif match := _JAVA.fullmatch(text):
                month = _MONTHS.index(match[1]) + 1
                zone = "+01:00" if match[4] == "BST" else "+00:00"
                text = f"{match[5]}-{month:02}-{match[2]}T{match[3]}{zone}"
            text = _ZONE_NAME.sub("", text)
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
            moment = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
            moment.astimezone(UTC).astimezone(LONDON)  # the calendar's ends overflow
        except (ValueError, OverflowError):
            self.warn("unreadable-date")
            return None
        return moment
