"""Subjects, identifiers and errors: what all adapters share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import AdapterError, Caution, Subject, identifier, parse_subject
from schemas.identifiers import Scheme


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("crn:X710001", Subject(Scheme.CRN, "X710001")),
        ("noms:A7101BC", Subject(Scheme.NOMS, "A7101BC")),
        ("pnc:2011-0045678R", Subject(Scheme.PNC, "2011/0045678R")),
        ("cro:SF98-12345A", Subject(Scheme.CRO, "SF98/12345A")),
        ("visor:V-10-2", Subject(Scheme.VISOR, "V-10-2")),
    ],
)
def test_a_subject_is_scheme_and_value(text: str, subject: Subject) -> None:
    assert parse_subject(text) == subject


@given(st.text(max_size=20))
def test_anything_else_is_a_typed_error_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(AdapterError) as error:
        parse_subject(f"name:{text}")
    assert str(error.value) == (
        "bad-subject at /: write the subject as crn:…, noms:…, pnc:… or visor:…"
    )


def test_a_valid_identifier_takes_its_canonical_spelling() -> None:
    cautions: list[Caution] = []
    found = identifier(Scheme.PNC, "11/45678R", "delius", cautions, "/pnc")
    assert (found.value, found.verified, found.system) == ("2011/0045678R", True, "delius")
    assert not cautions


def test_a_malformed_identifier_is_kept_unverified_with_a_caution() -> None:
    cautions: list[Caution] = []
    found = identifier(Scheme.PNC, "UNKNOWN PNC", "oasys", cautions, "/pnc")
    assert (found.value, found.verified) == ("UNKNOWN PNC", False)
    assert cautions == [Caution("unverified-identifier", "/pnc")]
