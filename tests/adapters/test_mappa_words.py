"""Days and other words as people type them into a form."""

import pytest

from adapters.mappa.words import CATEGORY, LEVEL, british, code_of, plain, same, ticked


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", "2026-03-04"),
        ("04/03/2026", "2026-03-04"),
        ("4.3.26", "2026-03-04"),
        ("04-Mar-2026", "2026-03-04"),
        ("Wednesday 4th March 2026 at 10:00", "2026-03-04"),
        ("Wed, 4 Mar. 2026", "2026-03-04"),
        ("by the 4th of March, 2026", "2026-03-04"),
        ("30 Sept 2026", "2026-09-30"),
        ("03/13/2026", None),
        ("31/02/2026", None),
        ("March 2026", None),
        ("4 March", None),
        ("4 March 2026 or 5 March 2026", None),
        ("ASAP", None),
    ],
)
def test_days_as_they_are_written_in_britain(text: str, day: str | None) -> None:
    found = british(text)
    assert (str(found[0]) if found else None) == day


def test_words_are_compared_without_dress() -> None:
    assert plain("  7.2) VICTIM\u2019S  Issues (VLO): ") == "victim's issues"
    assert plain("Section 3: Police & Prison") == "police and prison"
    assert plain("(Draft)") == "draft"
    assert ticked("☐ Yes ☒ No") == "No"
    assert ticked("☒ Yes ☒ No") == "☒ Yes ☒ No"


@pytest.mark.parametrize(
    ("text", "level", "category"),
    [
        ("2", 2, 2),
        ("L3", 3, None),
        ("MAPPA Level 2.", 2, None),
        ("lvl 1", 1, None),
        ("cat 1", None, 1),
        ("Category 4", None, 4),
        ("C3", None, 3),
        ("Level 2 or 3", None, None),
        ("Category 2, Level 1", None, None),
        ("Level", None, None),
    ],
)
def test_a_level_is_no_category(text: str, level: int | None, category: int | None) -> None:
    assert (code_of(text, LEVEL), code_of(text, CATEGORY)) == (level, category)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("13/05/2026", "13 May 26", True),
        ("Very high", "VERY  HIGH", True),
        ("A Wren (police)", "A Wren", False),
        ("High", "Low", False),
    ],
)
def test_two_ways_of_writing_the_same(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike
