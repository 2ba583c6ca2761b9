"""What PPUD sends: a person with sentences, each with a MAPPA level in words."""

import json
from typing import Any

import pytest

from adapters.base import MappedPerson
from adapters.ppud import ADAPTER
from schemas.custody import Custody
from schemas.mappa import MappaRegistration
from tests.adapters.mutation import codes, read_all, sample


def read(*sentences: Any, **changes: Any) -> MappedPerson:
    offender = {"familyName": "Quillfeather", "nomsId": "A4821QX", "sentences": list(sentences)}
    [person] = read_all(ADAPTER, json.dumps({"offender": offender | changes}).encode())
    return person


def stated(person: MappedPerson) -> MappaRegistration | None:
    found = [m.record for m in person.records if isinstance(m.record, MappaRegistration)]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Level 1 - single agency management", 1),
        ("Level 1 \u2013 Single Agency Management", 1),
        ("LEVEL 2\u2014LOCAL INTER-AGENCY MANAGEMENT", 2),
        ("Level 2 - local inter\u2011agency management", 2),
        ("Level  3 \u2212 MAPPP", 3),
        ("level 3", 3),
    ],
)
def test_a_level_in_words_whatever_the_dash_and_the_case(word: str, level: int) -> None:
    person = read({"mappaLevel": word})
    registration = stated(person)
    assert registration is not None
    assert (registration.level, registration.level_code) == (level, word)
    assert registration.category is None
    assert not person.cautions


@pytest.mark.parametrize(
    ("word", "caution"),
    [
        ("TB Level 4", "unknown-code"),
        ("Level 4", "unknown-code"),
        ("Level 1 - MAPPP", "unknown-code"),
        ("Not applicable", "not-yet-determined"),
        ("Not known", "not-yet-determined"),
        ("NOT GIVEN ON PART A", "not-yet-determined"),
    ],
)
def test_a_word_that_is_no_level_stands_as_it_came(word: str, caution: str) -> None:
    person = read({"mappaLevel": word})
    registration = stated(person)
    assert registration is not None
    assert (registration.level, registration.level_code) == (None, word)
    assert [(c.code, c.pointer) for c in person.cautions] == [
        (caution, "/offender/sentences/0/mappaLevel")
    ]


@pytest.mark.parametrize("word", ["", " ", None])
def test_no_word_states_nothing(word: str | None) -> None:
    assert stated(read({"mappaLevel": word})) is None


def test_levels_that_differ_are_shown_and_not_settled() -> None:
    person = read({"mappaLevel": "Level 1"}, {"mappaLevel": "Level 3 - MAPPP"}, {})
    registration = stated(person)
    assert registration is not None
    assert registration.level is None
    assert [view.level for view in registration.disagreements] == [1, 3]
    assert codes(person) == {"contradiction"}


@pytest.mark.parametrize(
    ("dates", "places"),
    [
        ({"licenceExpiryDate": "2005-06-13"}, {"licenceExpiryDate"}),
        ({"sentenceExpiryDate": "2005-06-13"}, {"sentenceExpiryDate"}),
        ({"releaseDate": "2005-06-13"}, {"releaseDate"}),
        (
            {"licenceExpiryDate": "2030-01-02", "sentenceExpiryDate": "2030-01-01"},
            {"licenceExpiryDate"},
        ),
        ({"licenceExpiryDate": "2030-01-01", "sentenceExpiryDate": "2030-01-01"}, set()),
    ],
)
def test_dates_that_cannot_be_are_kept_and_warned_about(
    dates: dict[str, str], places: set[str]
) -> None:
    person = read({"dateOfSentence": "2010-09-01"} | dates)
    assert {c.pointer.rpartition("/")[2] for c in person.cautions} == places
    [custody] = [m.record for m in person.records if isinstance(m.record, Custody)]
    assert custody.sentence_dates is not None
    assert custody.standing == 0


def test_each_sentence_is_a_document_as_old_as_the_day_it_was_passed() -> None:
    [person] = sample(ADAPTER, "person")
    dated = [(m.source_ref, str(m.written_at)) for m in person.records[2:]]
    assert dated == [
        ("sentence-S1", "2010-08-31 23:00:00+00:00"),
        ("sentence-S2", "2021-06-13 23:00:00+00:00"),
    ]


def test_a_number_typed_by_hand_is_kept_and_verifies_nothing() -> None:
    person = read(nomsId="NOMS-01", croOtherNumber="other")
    assert [(i.scheme.value, i.verified) for i in person.identifiers] == [
        ("noms", False),
        ("cro", False),
    ]
    assert codes(person) == {"unverified-identifier"}
