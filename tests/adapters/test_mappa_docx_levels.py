"""Levels in minutes in Word: of risk in every shape of table, and of management as decided."""

from datetime import date

import pytest

from schemas.rosh import RoshLevel
from tests.adapters.mappa_documents import FACTS, Sheet, codes, minutes, read, record

LEVELS = {
    "children": RoshLevel.HIGH,
    "public": RoshLevel.MEDIUM,
    "known_adult": RoshLevel.VERY_HIGH,
}


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("Group", "Level"),
            ("Children", "High"),
            ("The public", "MEDIUM"),
            ("Known adults", "very high"),
            ("Staff", "N/A"),
        ],
        [("Children", "Public", "Known Adult", "Staff"), ("High", "Medium", "Very High", "-")],
        [
            ("Risk to", "Children", "Public", "Known Adult"),
            ("Level", "High", "Medium", "Very High"),
        ],
        [
            ("", "Low", "Medium", "High", "Very High"),
            ("Children", "", "", "X", ""),
            ("Public", "", "✓", "", ""),
            ("Known adult", "", "", "", "☒"),
        ],
    ],
)
def test_the_table_of_levels_in_every_shape(rows: list[tuple[str, ...]]) -> None:
    found = record(minutes().bold("Risk of serious harm").table(*rows)).rosh
    assert found is not None
    assert {name: level for name, level in found if level} == LEVELS


def test_levels_in_custody_stand_beside_those_in_the_community() -> None:
    rows = [
        ("Risk to", "In the community", "In custody", "Nature of the risk"),
        ("Children", "High", "Low", "Grooming"),
        ("Prisoners", "", "Medium", ""),
        ("Overall", "High", "", ""),
    ]
    found = record(minutes().bold("Risk assessment").table(*rows).text("Not imminent."))
    assert found.rosh is not None
    assert found.rosh_in_custody is not None
    assert (found.rosh.children, found.rosh_in_custody.children) == (RoshLevel.HIGH, RoshLevel.LOW)
    assert (found.rosh.prisoners, found.rosh_in_custody.prisoners) == (None, RoshLevel.MEDIUM)
    assert found.rosh_overall is RoshLevel.HIGH
    assert found.risk_assessment == "Children: Nature of the risk: Grooming\nNot imminent."


def test_scores_keep_what_is_no_number() -> None:
    rows = [("Assessment tool", "Score", "Band", "Date"), ("OGRS", "45%", "Medium", "1 Feb 2026")]
    found = record(minutes().bold("Risk").bold("Scores").table(*rows, ("RM2000", "H", "", "?")))
    assert [(one.tool, one.score, one.band, one.assessed_on) for one in found.scores] == [
        ("OGRS", 45.0, "Medium", date(2026, 2, 1)),
        ("RM2000", None, "H", None),
    ]


@pytest.mark.parametrize(
    "decided", ["Level 2", "2", "☐ Level 1 ☒ Level 2 ☐ Level 3", "MAPPA level 2."]
)
def test_a_level_is_read_where_it_is_decided(decided: str) -> None:
    sheet = minutes().bold("Decision on level").text(decided, "Three agencies are needed.")
    found = record(sheet)
    assert (found.level_decision, found.level_rationale) == (2, "Three agencies are needed.")
    assert len(read(sheet).records) == 2


def test_a_level_in_a_sentence_is_no_level() -> None:
    sheet = minutes().bold("Decision on level").text("It was agreed to move to Level 3 in May.")
    found = record(sheet)
    assert (found.level_decision, len(read(sheet).records)) == (None, 1)
    assert found.level_rationale == "It was agreed to move to Level 3 in May."


def test_a_category_beside_the_decision_is_not_the_level_decided() -> None:
    found = record(minutes().bold("Decision on level").text("Category 2", "Level 1"))
    assert (found.level_decision, found.level_rationale) == (1, "Category 2")
    table = Sheet().table(*FACTS[:1], ("Level", "Category 2")).bold("Media").text("None.")
    assert record(table).level is None
    assert ("contradiction", "/level") in codes(table)


DIFFER = [
    (
        [("Risk to", "In custody"), ("Children", "Low"), ("Overall", "Medium")],
        (None, None),
        ("unknown-heading", "/risk/groupsInCustody/overall"),
        ("Risk of serious harm in custody: Overall", "Medium"),
    ),
    (
        [("Risk to", "Community", "Custody"), ("Staff", "Low", "Low"), ("Overall", "High", "Low")],
        (None, RoshLevel.HIGH),
        ("contradiction", "/risk/groupsInCustody/overall"),
        ("Risk of serious harm in custody: Overall", "Low"),
    ),
    (
        [("", "Children", "Staff"), ("Level", "High", "Low"), ("Level", "Low", "Low")],
        (RoshLevel.HIGH, None),
        ("contradiction", "/risk/groups/children"),
        ("Risk of serious harm: Children", "Low"),
    ),
    (
        [("", "Low", "High"), ("Children", "", "X"), ("Children", "X", ""), ("Staff", "X", "")],
        (RoshLevel.HIGH, None),
        ("contradiction", "/risk/groups/children"),
        ("Risk of serious harm: Children", "Low"),
    ),
]


@pytest.mark.parametrize(("rows", "levels", "caution", "other"), DIFFER)
def test_a_level_that_differs_or_is_of_custody_stands_beside_and_for_nothing_else(
    rows: list[tuple[str, ...]],
    levels: tuple[RoshLevel | None, RoshLevel | None],
    caution: tuple[str, str],
    other: tuple[str, str],
) -> None:
    sheet = minutes().bold("Risk of serious harm").table(*rows)
    found = record(sheet)
    assert (found.rosh and found.rosh.children, found.rosh_overall) == levels
    assert caution in codes(sheet)
    assert [(one.heading, one.text) for one in found.other_headings] == [other]


def test_a_second_table_of_levels_that_differs_is_shown_too() -> None:
    rows = ("Children", "High"), ("Public", "Low")
    sheet = minutes().bold("Risk of serious harm").table(("Group", "Level"), *rows)
    again = sheet.text("Seen again.").table(("Group", "Level"), ("Staff", "Low"), rows[1])
    assert not record(again).other_headings
    differs = again.text("And again.").table(("Group", "Level"), ("Children", "Low"), rows[1])
    assert ("contradiction", "/risk/groups/children") in codes(differs)
    assert [one.text for one in record(differs).other_headings] == ["Low"]


def test_words_beside_levels_along_the_top_are_text_of_the_assessment() -> None:
    rows = [("", "Children", "Staff"), ("Level", "High", "Low"), ("Nature", "Grooming", "")]
    assert record(minutes().bold("Risk").table(*rows)).risk_assessment == (
        "Children: Nature: Grooming"
    )


@pytest.mark.parametrize(
    ("below", "other"), [("14 May 2026", [("Next review", "14 May 2026")]), ("13.5.26", [])]
)
def test_a_next_review_said_twice_contradicts_where_the_days_differ(
    below: str, other: list[tuple[str, str]]
) -> None:
    sheet = Sheet().table(*FACTS, ("Next review", "13/05/2026", "", ""))
    sheet.bold("Media").text("None.").bold("Next review").text(below)
    found = record(sheet)
    assert found.next_review == date(2026, 5, 13)
    assert [(one.heading, one.text) for one in found.other_headings] == other
    assert (("contradiction", "/nextReview") in codes(sheet)) == bool(other)
