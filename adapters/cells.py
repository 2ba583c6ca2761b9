"""Cells of a table: what spreadsheets do to dates and references, and how text is kept from them.

Nothing that a spreadsheet has spoilt is repaired: the zeros it dropped, the digits it rounded and
the century it guessed are gone, and so is which calendar a serial date was counted in
(docs/decisions/0015-tables.md).
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from adapters.base import AdapterError, Caution, Subject
from adapters.json_adapter import identifiers_of
from adapters.reading import Node
from schemas.identifiers import Scheme
from schemas.person import Identifier

T = TypeVar("T")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "|".join(_MONTHS)
_NUMERIC = re.compile(
    r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})(?: +([0-9]{1,2})((?::[0-9]{2}){1,2}))?"
)
_NAMED = re.compile(rf"([0-9]{{1,2}})[ -]({_MONTH})[a-z]*[ -]([0-9]{{4}})", re.IGNORECASE)
_SHORT_YEAR = re.compile(
    rf"([0-9]{{1,2}}[/.-]([0-9]{{1,2}})|[0-9]{{1,2}}[ -]({_MONTH})[a-z]*)[/. -][0-9]{{2}}( .*)?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_SPOILT = re.compile(
    rf"[+-]?[0-9]+(\.[0-9]+)?e[+-]?[0-9]+|[0-9]+\.[0-9]+|[0-9]{{1,2}}-({_MONTH})|({_MONTH})-[0-9]{{2}}",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"[1-9][0-9]{8,9}")
_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_RUN = re.compile(rf"(?<![\s,;\"'])([\s,;\"']*+)(?=[{_FORMULA}])")
_OPENS = re.compile(r"[,;\t\r\n]")
MOVED = "more cells than the header has; is a cell with the delimiter not quoted?"
_LEADING = re.compile(r"^'*(?=[\t\r\n])")


def guarded(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before each `= + - @` that would open a cell.

    A cell opens at the start of the text, and after a comma, semicolon, tab or line break inside
    it for a spreadsheet that splits at another mark than ours. A leading tab or line break is
    covered as well. `unguarded` takes exactly these apostrophes away again.
    """
    text = _RUN.sub(lambda run: f"{run[1]}'" if _would_open(run) else run[1], text)
    return _LEADING.sub(r"'\g<0>", text)


def unguarded(text: str) -> str:
    """The text that `guarded` was given; text that was never guarded is as it was, except that
    an apostrophe which somebody typed before a formula sign is taken for a guard."""
    if "'" not in text:
        return text
    if text.startswith("'") and _LEADING.match(text):
        text = text[1:]
    return _RUN.sub(lambda run: run[1].removesuffix("'") if _would_open(run) else run[1], text)


def _would_open(run: re.Match[str]) -> bool:
    """Whether blanks and marks before a formula sign are the start of a cell."""
    return run.start() == 0 or bool(_OPENS.search(run[1]))


def month_first(cells: Iterable[str]) -> bool:
    """Whether a cell is a date that only exists with its month first, as Americans write."""
    dates = (_NUMERIC.fullmatch(cell.strip()) for cell in cells)
    return any(int(found[1]) <= 12 < int(found[2]) for found in dates if found)


class Doubt(NamedTuple):
    """What makes a row's cells doubtful: a date somewhere in its table has its month first; there
    are more cells than columns, if only empty ones, so that they may have moved."""

    month_first: bool = False
    too_long: bool = False


NO_DOUBT = Doubt()


class Cell(Node):
    """A row, or a cell of it, read by the readers of `Node`; a row's members are its columns."""

    __slots__ = ("doubt",)

    def __init__(
        self, value: Any, pointer: str, cautions: list[Caution], doubt: Doubt = NO_DOUBT
    ) -> None:
        super().__init__(value, pointer, cautions)
        self.doubt = doubt

    def __getitem__(self, key: str) -> "Cell":
        cell = self.value.get(key) or None
        return Cell(cell, f"{self.pointer}/column/{key}", self.cautions, self.doubt)

    def word(self) -> str | None:
        """A code or name: text without the blanks around it; one of blanks alone is `None`."""
        return (self.text() or "").strip() or None

    def lines(self) -> list[str] | None:
        """The lines of a cell that are not blank."""
        text = self.word()
        return [line.strip() for line in text.split("\n") if line.strip()] if text else None

    def reference(self) -> str | None:
        """A reference as written, for people to read; a caution where it is not `sound`."""
        sound(self)
        return self.word()

    def telephone(self) -> str | None:
        """A number as written; a caution where its first zero is gone, or most of its digits."""
        if _TELEPHONE.fullmatch(self.word() or ""):
            self.warn("spreadsheet-number")
        return self.reference()

    def integer(self) -> int | None:
        return self._trimmed().integer()

    def number(self) -> float | None:
        return self._trimmed().number()

    def _trimmed(self) -> Node:
        return Node((self.value or "").strip() or None, self.pointer, self.cautions)

    def _moment(self) -> date | datetime | None:
        """Day first, or the month by name; never a serial number, nor a year of two digits.

        Raises `AdapterError` (`ragged-row`) where no day stands and cells may have moved.
        """
        text = (self.value or "").strip()
        code = ""
        if _SHORT_YEAR.fullmatch(text):
            code = "two-digit-year"
        elif _SERIAL.fullmatch(text):
            code = "serial-date"
        elif found := _NUMERIC.fullmatch(text):
            day, month, year, hour, minutes = found.groups()
            code = "month-first-date" if self.doubt.month_first and int(day) <= 12 else ""
            text = f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}{minutes}" if hour else "")
        elif found := _NAMED.fullmatch(text):
            text = f"{found[3]}-{_MONTHS.index(found[2].lower()) + 1:02}-{found[1]:0>2}"
        if code:
            self.warn(code)
            return None
        moment = Node(text or None, self.pointer, self.cautions)._moment()
        if text and moment is None and self.doubt.too_long:
            raise AdapterError("ragged-row", MOVED, self.pointer)
        return moment


def spoilt(node: Node) -> bool:
    """Whether a spreadsheet made a number or a date of a reference (`1.2E+10`, `03-Apr`)."""
    return bool(_SPOILT.fullmatch((node.text() or "").strip()))


def sound(node: Node) -> str | None:
    """A reference that tells one thing from another; none, with a caution, where it is `spoilt`:
    two that were rounded may look the same."""
    if spoilt(node):
        node.warn("spreadsheet-number")
        return None
    return (node.text() or "").strip() or None


def agreed(rows: Iterable[Cell], column: str, read: Callable[[Cell], T]) -> T | None:
    """What several rows about one thing say of it; nothing where they contradict each other."""
    said = {cell.value: cell for row in rows if (cell := row[column])}
    if len(said) > 1:
        for cell in said.values():
            cell.warn("contradiction")
        return None
    return next((read(cell) for cell in said.values()), None)


def identifiers_in(
    system: str, named: Iterable[tuple[Scheme, Cell]], subject: Subject | None = None
) -> list[Identifier]:
    """All identifiers that rows name about one person (`json_adapter.identifiers_of`).

    One that a spreadsheet may have made a number or a date of is unverified, whatever its scheme:
    a reference of digits alone may have lost its zeros. Raises `AdapterError`.
    """
    cells = list(named)
    doubtful = set[tuple[Scheme, str]]()
    for scheme, cell in cells:
        text = cell.word() or ""
        if spoilt(cell) or text.isdecimal():
            cell.warn("spreadsheet-number")
            doubtful.add((scheme, text))
    return [
        one.model_copy(update={"verified": False}) if (one.scheme, one.value) in doubtful else one
        for one in identifiers_of(system, cells, subject)
    ]
