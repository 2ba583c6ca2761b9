"""Words as people type them into a form: headings, British dates, levels, boxes that are ticked."""

import re
from datetime import date
from functools import lru_cache

from adapters.base import Caution
from adapters.reading import Node

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
_BEFORE = r"(?:(?:by|on|before|due|due by|no later than) )?"
_CLOCK = r"(?:,? (?:at )?[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:am|pm|hrs|hours)?)?"
_YEAR = r"([0-9]{4}|[0-9]{2})"
_NUMERIC = re.compile(
    rf"{_BEFORE}{_WEEKDAY}([0-9]{{1,2}}) ?[/.-] ?([0-9]{{1,2}}) ?[/.-] ?{_YEAR}{_CLOCK}"
)
_NAMED = re.compile(
    rf"{_BEFORE}{_WEEKDAY}(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -]"
    rf"{_YEAR}{_CLOCK}"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TICKED = re.compile(r"[☒☑✔✓]\s*([^☐☒☑✔✓□\n]+)")
_BOX = re.compile(r"[☐☒☑✔✓□]")
_NUMBER = re.compile(
    r"^(?:section |part |item )?(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[a-z]?|[a-z]|[ivx]{1,4})[.):]\s+"
    r"|^(?:section |part )?[0-9]{1,2}(?:\.[0-9]{1,2})*\s+(?=\D)"
)


def plain(text: str) -> str:
    """A heading or label for comparing: no case, number, bracketed aside or punctuation."""
    folded = " ".join(text.casefold().replace("&", " and ").replace("\u2019", "'").split())
    bare = re.sub(r"\([^)]*\)", " ", _NUMBER.sub("", folded)).strip() or folded
    return " ".join(re.sub(r"[^\w'/#% ]+", " ", bare).replace("/", " / ").split())


@lru_cache(512)
def title_words(title: str) -> str:
    """`plain` of a title of our own."""
    return plain(title)


def numbered(text: str) -> bool:
    """Whether the line starts with a number such as `7.` or `Section 2:`."""
    return bool(_NUMBER.match(text.casefold()))


def ticked(text: str | None) -> str | None:
    """Of a list of boxes the words beside the one that is ticked; other text as it is."""
    if not text or not _BOX.search(text):
        return text
    chosen = _TICKED.findall(text)
    return chosen[0].strip() if len(chosen) == 1 else text


def british(text: str) -> tuple[date, bool] | None:
    """A day as it is written in Britain, and whether its century had to be supplied.

    Day first, always: `02/13/2026` is no day. Minutes are younger than MAPPA (2001), so a year of
    two digits is of this century. `None` for anything else, and for two days in one cell.
    """
    words = " ".join(text.split()).casefold().strip(" .")
    if found := _ISO.fullmatch(words):
        year, month, day = found.groups()
    elif found := _NUMERIC.fullmatch(words):
        day, month, year = found.groups()
    elif found := _NAMED.fullmatch(words):
        day, name, year = found.groups()
        month = str(_MONTHS.index(name[:3]) + 1)
    else:
        return None
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)), len(
            year
        ) == 2
    except ValueError:
        return None


def same(one: str, other: str) -> bool:
    """Whether two texts are the same words, or the same day however it is written."""
    first, second = british(one), british(other)
    if first and second:
        return first[0] == second[0]
    return one.casefold().split() == other.casefold().split()


def day(node: Node) -> tuple[date | None, str | None]:
    """The day a node says, else its words, with a caution."""
    if (text := node.text()) is None:
        return None, None
    if found := british(text):
        node = Node(found[0].isoformat(), node.pointer, node.cautions)
        if found[1]:
            node.warn("two-digit-year")
    read = node.day()
    return read, None if read or _placeholder(node) else text


def _placeholder(node: Node) -> bool:
    return Caution("placeholder", node.pointer) in node.cautions


LEVEL, CATEGORY = "level", "category"
_HIGHEST = {LEVEL: 3, CATEGORY: 4}
_CODE = {
    field: re.compile(rf"(?:mappa )?(?:{words})?\.? ?([1-4])")
    for field, words in ((LEVEL, "level|lvl|l"), (CATEGORY, "category|cat|c"))
}


def code(node: Node, field: str) -> tuple[int | None, str | None]:
    """The `LEVEL` or `CATEGORY` (`2`, `Level 2`, a ticked box), else `None` and the words received.

    The whole field must say it: nothing is picked out of a sentence. The word of the other, such
    as `Category 2` where a level is due, is a `contradiction` and no number.
    """
    if (text := node.text()) is None:
        return None, None
    said = ticked(text) or ""
    if (number := code_of(said, field)) and number <= _HIGHEST[field]:
        return number, None
    other = number is None and any(code_of(said, one) for one in _CODE)
    node.warn("contradiction" if other else "unknown-code")
    return None, text


def code_of(text: str, field: str) -> int | None:
    """The number of the level or category that the text is, and no more than that."""
    found = _CODE[field].fullmatch(" ".join(text.casefold().split()).strip(" ."))
    return int(found[1]) if found else None


def yes(node: Node) -> bool | None:
    """Yes or no, also by a ticked box."""
    shown = node.text() if isinstance(node.value, str) else node.value
    return Node(
        ticked(shown) if isinstance(shown, str) else shown, node.pointer, node.cautions
    ).flag()
