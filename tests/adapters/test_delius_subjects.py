"""Whom a Delius payload is about, and what is no payload of Delius at all."""

from typing import Any

import pytest

from adapters.base import AdapterError, Subject
from schemas.identifiers import Scheme
from tests.adapters.mutation import (
    SUBJECT,
    codes,
)
from tests.adapters.test_delius import read


def test_a_payload_about_nobody_needs_a_subject() -> None:
    with pytest.raises(AdapterError) as error:
        read({"communityManager": {}, "mappaDetail": {}}, None)
    assert error.value.code == "no-subject"


def test_the_subject_must_be_the_one_the_payload_names() -> None:
    with pytest.raises(AdapterError) as error:
        read({"crn": "X710001", "nomsId": "A7101BC"}, Subject(Scheme.CRN, "X999999"))
    assert error.value.code == "subject-mismatch"
    (same,) = read({"crn": "X710001", "nomsId": "A7101BC"}, Subject(Scheme.CRN, "X710001"))
    assert len(same.identifiers) == 2
    previous = {"otherIds": {"crn": "X710001", "previousCrn": "X700000"}}
    assert len(read(previous, Subject(Scheme.CRN, "X700000"))[0].identifiers) == 2


def test_one_subject_cannot_stand_for_a_page_of_people() -> None:
    page = {"content": [{"otherIds": {"crn": "X710001"}}, {"otherIds": {"crn": "X710002"}}]}
    with pytest.raises(AdapterError, match="subject-mismatch"):
        read(page, SUBJECT)


def test_a_malformed_subject_is_kept_unverified() -> None:
    (person,) = read({"restrictedTo": []}, Subject(Scheme.CRN, "nonsense"))
    assert [(i.value, i.verified) for i in person.identifiers] == [("nonsense", False)]
    assert codes(person) == {"unverified-identifier"}


def test_page_totals_that_contradict_the_page_are_a_caution() -> None:
    row = {"otherIds": {"crn": "X710001"}}
    assert codes(read({"content": [row], "totalElements": 0})[0]) == {"contradiction"}
    assert not codes(read({"content": [row], "page": {"totalElements": 1}})[0])


@pytest.mark.parametrize("payload", [{}, [{}], "text", 5, None])
def test_other_shapes_are_unsupported(payload: Any) -> None:
    with pytest.raises(AdapterError) as error:
        read(payload)
    assert error.value.code == "unsupported-shape"
