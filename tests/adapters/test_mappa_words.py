"""Days and other words as people type them into a form."""

import pytest

from adapters.mappa.words import british, code_of, plain, same, ticked


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
    assert [code_of(text) for text in ("L3", "Level 2.", "cat 1", "Level 2 or 3", "Level")] == [
        3,
        2,
        1,
        None,
        None,
    ]


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
