"""Payloads that the published interfaces of Delius allow: each maps, or is refused by name."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.base import AdapterError, MappedPerson
from adapters.delius import ADAPTER
from adapters.testing.tested import assert_canonical
from tests.adapters.mutation import SUBJECT, read_all
from tests.adapters.specifications import EACH, Strategy, answers

ANSWERS = answers("ndelius") | answers("probation-offender-search")
NO_RECORD = {
    "get /probation-cases/access": "per-user-answer",
    "get /reference-data": "no-record",
    "get /exists-in-delius/crn/{crn}": "no-record",
}
ABOUT_ONE = (
    "get /case/{crn}/supervisions",
    "get /case/{crn}/contacts/{contactId}",
    "get /case/{crn}/addresses",
    "get /case/{crn}/access-limitations",
)
"""Answers that name nobody, so that nothing but their shape decides."""


def read(body: Any) -> list[MappedPerson] | str:
    """What was mapped, or the reason of the refusal."""
    try:
        return read_all(ADAPTER, json.dumps(body).encode(), SUBJECT)
    except AdapterError as refusal:
        return refusal.code


@pytest.mark.parametrize(("name", "bodies"), ANSWERS.items(), ids=ANSWERS)
@EACH
@given(data=st.data())
def test_it_maps_or_is_refused(name: str, bodies: Strategy, data: st.DataObject) -> None:
    told = read(data.draw(bodies))
    if isinstance(told, list):
        assert name not in NO_RECORD
        assert_canonical(told)


@pytest.mark.parametrize("name", [name for name in NO_RECORD if name in ANSWERS])
@EACH
@given(data=st.data())
def test_what_is_no_record_says_so(name: str, data: st.DataObject) -> None:
    body = data.draw(ANSWERS[name])
    assume(body.keys() - {"crn"})
    assert read(body) in (NO_RECORD[name], "subject-mismatch")


@pytest.mark.parametrize("name", [name for name in ABOUT_ONE if name in ANSWERS])
@EACH
@given(data=st.data())
def test_an_answer_about_the_subject_always_maps(name: str, data: st.DataObject) -> None:
    body = data.draw(ANSWERS[name])
    assume(any(body.values()))
    told = read(body)
    assume(told not in ("unsupported-shape", "subject-mismatch", "bad-character"))
    assert isinstance(told, list)
    assert_canonical(told)
