"""Tables of a form: which columns there are, whatever their order and names, and what rows say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.mappa.blocks import Cell
from adapters.mappa.forms import GROUPS, Rows
from adapters.mappa.words import plain, ticked, title_words

Row = Sequence[Cell]
_PRESENCE = (
    ("present", re.compile(r"^(y|yes|p|present|attended|in attendance|x|✓|✔|☒|☑|✓ present)$")),
    ("apologies", re.compile(r"^(apologies|apology|apols?|apologies (sent|given|received))$")),
    ("absent", re.compile(r"^(n|no|absent|did not attend|dna|not present|no response)$")),
)
_MARKED = re.compile(r"^(x|y|yes|✓|✔|☒|☑)$")
_LEVEL = re.compile(r"^(very high|high|medium|low)$")
_NOTHING = re.compile(r"^(|-|n/?a|n / a|none|nil|not (assessed|applicable|known))$")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table: where each starts, its member (or none) and its own title."""

    spec: Rows
    starts: tuple[tuple[int, str, str], ...]

    def values(self, row: Row) -> dict[str, str]:
        """The row by member. What stands in another column goes to `rest`, under its title."""
        found: dict[str, list[str]] = {}
        for cell in row:
            if text := cell.text:
                member, title = self._at(cell.at)
                if not member:
                    member = self.spec.rest
                    text = f"{title}: {text}" if title else text
                found.setdefault(member, []).append(text)
        return {member: "\n".join(dict.fromkeys(parts)) for member, parts in found.items()}

    def repeats(self, row: Row) -> bool:
        """Whether the row is the header again, as on each page."""
        titles = [title for _, _, title in self.starts if title]
        return titles == [cell.text for cell in row if cell.text]

    def _at(self, column: int) -> tuple[str, str]:
        held = [(member, title) for start, member, title in self.starts if start <= column]
        return held[-1] if held else ("", "")


def columns(row: Row, spec: Rows) -> Columns | None:
    """The columns a header row names, or `None` where it is no header of such a table."""
    starts: list[tuple[int, str, str]] = []
    free = list(spec.columns)
    for cell in row:
        words = plain(cell.text)
        fits = [one for one in free if words and one.names.search(words)]
        exact = [one for one in free if words == title_words(one.title)]
        chosen = next(iter(exact or fits), None)
        if len(words.split()) > 10:
            return None
        if chosen:
            free.remove(chosen)
        starts.append((cell.at, chosen.member if chosen else "", cell.text))
    named = {member for _, member, _ in starts}
    return Columns(spec, tuple(starts)) if all(need & named for need in spec.needs) else None


def presence(columns: Columns, values: dict[str, str], otherwise: str | None) -> dict[str, Any]:
    """A row of attendance with its presence as a word of ours; other words go to the notes."""
    told = values.get("presence")
    if told is None:
        return values | {"presence": _ticked_column(columns, values) or otherwise}
    words = plain(ticked(told) or "") or told.strip()
    found = next((name for name, names in _PRESENCE if names.search(words)), None)
    if found and _MARKED.search(words):
        title = next((plain(t) for _, member, t in columns.starts if member == "presence"), "")
        found = found if re.search(r"present|attend", title) else otherwise
        found = "apologies" if title.startswith("apolog") else found
    return values | {"presence": found or told}


def _ticked_column(columns: Columns, values: dict[str, str]) -> str | None:
    """Of columns `Present`, `Apologies`, `Absent` the one that is marked."""
    lines = (line.partition(": ") for line in values.get(columns.spec.rest, "").splitlines())
    marked = [plain(title) for title, _, mark in lines if _MARKED.search(plain(mark) or mark)]
    names = [name for name, names in _PRESENCE if any(names.search(title) for title in marked)]
    return names[0] if len(names) == 1 else None


@dataclass(frozen=True, slots=True)
class Levels:
    """A table of RoSH levels: rows of the table used, levels by setting and group, and the rest.

    `said` has every level in the order of the table, also several of one group in one setting.
    """

    used: int
    said: list[tuple[str, str, str]]
    rest: list[str]


def levels(rows: Sequence[Row]) -> Levels | None:
    """Groups down the side or along the top; levels as words, or as a mark under a level."""
    if not rows:
        return None
    along = {cell.at: group for cell in rows[0][1:] or () if (group := _group(cell.text))}
    if _group(rows[0][0].text) and len(along) >= 2:
        along[rows[0][0].at] = _group(rows[0][0].text) or ""
    if len(along) >= 2 and len(rows) > 1:
        return _along(rows, along)
    head = 0 if _group(rows[0][0].text) else 1
    body = []
    for row in rows[head:]:
        if len(row) < 2 or not _group(row[0].text):
            break
        body.append(row)
    if len({_group(row[0].text) for row in body}) < 2:
        return None
    return _down(rows[0] if head else (), body, head + len(body))


def _group(text: str) -> str | None:
    words = plain(text)
    if len(words.split()) > 6:
        return None
    return next((name for name, (_, names) in GROUPS.items() if names.search(words)), None)


def _nothing(text: str) -> bool:
    words = text.strip().replace("\u2013", "-").replace("\u2014", "-")
    return bool(_NOTHING.search(plain(words) or words))


def _setting(text: str) -> str:
    return "groupsInCustody" if re.search(r"custod|prison(?!er)", plain(text)) else "groups"


def _along(rows: Sequence[Row], groups: dict[int, str]) -> Levels:
    titles = {cell.at: cell.text for cell in rows[0]}
    said: list[tuple[str, str, str]] = []
    rest: list[str] = []
    used = 1
    for row in rows[1:]:
        if len(row) < 2:
            break
        used += 1
        label = "" if row[0].at in groups else row[0].text
        for cell in row if not label else row[1:]:
            if _nothing(cell.text):
                continue
            if cell.at in groups and not _talks(label, cell.text):
                said.append((_setting(label), groups[cell.at], cell.text))
            else:
                rest.append(_beside(titles.get(cell.at, ""), label, cell.text))
    return Levels(used, said, rest)


def _down(head: Row, body: Sequence[Row], used: int) -> Levels:
    titles = {cell.at: cell.text for cell in head}
    said: list[tuple[str, str, str]] = []
    rest: list[str] = []
    for row in body:
        group = _group(row[0].text) or ""
        for cell in row[1:]:
            title, text = titles.get(cell.at, ""), ticked(cell.text) or ""
            if _nothing(text):
                continue
            if _LEVEL.search(plain(title)) and (_MARKED.search(plain(text) or text)):
                said.append(("groups", group, title))
            elif _talks(title, text):
                rest.append(_beside(row[0].text, title, text))
            else:
                said.append((_setting(title), group, text))
    return Levels(used, said, rest)


def _beside(*parts: str) -> str:
    return ": ".join(part for part in parts if part)


def _talks(title: str, text: str) -> bool:
    """Whether a column is of words about the risk and not of levels."""
    return bool(
        re.search(r"nature|detail|comment|why|who|evidence|imminen|rationale", plain(title))
    ) or (len(text.split()) > 4)


def filled(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows that say anything."""
    return (row for row in rows if any(cell.text for cell in row))
