"""Redaction lets out what the released sections hold, all of it, and nothing else."""

from collections import Counter
from types import MappingProxyType
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.redaction import REMEMBERED, Redactor
from schemas import RECORDS
from schemas.base import PARTS, Canonical, Record, Section, sections_of
from schemas.licence import LicenceConditions
from schemas.minutes import MappaMinutes
from schemas.rosh import Rosh
from schemas.victim_contact import VictimContact
from tests.policies.documents import documents, marks

MODELS = list(RECORDS.values())
REDACTORS = {model: Redactor(model) for model in MODELS}
CONDITIONS: dict[str, Any] = {
    "licenceId": "1",
    "start": "2031-03-04",
    "conditions": [
        {"type": "standard", "regime": "AP", "text": "Keep in touch"},
        {"type": "no-contact", "regime": "AP", "text": "Do not approach", "expandedText": "Ann"},
        {
            "type": "exclusion-zone",
            "zoneExists": True,
            "regime": "AP",
            "text": "Stay out",
            "data": {"near": "the mill"},
            "geometry": [{"filename": "map.pdf"}],
        },
    ],
}


def everything(model: type[Canonical]) -> frozenset[str]:
    return frozenset(sections_of(model))


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
def test_exactly_the_released_leaves_come_out(model: type[Record], data: st.DataObject) -> None:
    document = data.draw(documents(model, junk=True))
    released = data.draw(st.frozensets(st.sampled_from(sections_of(model))))
    answer = REDACTORS[model].redact(document, released)
    expected = Counter(mark for mark in marks(document) if mark in released)
    assert Counter(marks(answer)) == expected


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
def test_all_sections_give_the_document_back(model: type[Record], data: st.DataObject) -> None:
    document = data.draw(documents(model))
    assert REDACTORS[model].redact(document, everything(model)) == document


@pytest.mark.parametrize("model", MODELS)
@given(data=st.data())
def test_no_section_gives_nothing(model: type[Record], data: st.DataObject) -> None:
    document = data.draw(documents(model, junk=True))
    assert REDACTORS[model].redact(document, frozenset()) == {}
    assert REDACTORS[model].redact(document, frozenset({"no-such-section", "*"})) == {}


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_a_part_of_the_wrong_shape_never_comes_out_whole(value: Any) -> None:
    answer = REDACTORS[LicenceConditions].redact(
        {"conditions": value, "licenceId": value}, everything(LicenceConditions) - {"licence"}
    )
    assert answer in ({}, {"conditions": []})


def test_a_zone_is_only_said_to_exist() -> None:
    answer = REDACTORS[LicenceConditions].redact(
        CONDITIONS,
        frozenset({"no-contact-conditions", "no-contact-condition-data", "zone-existence"}),
    )
    assert answer == {
        "conditions": [
            CONDITIONS["conditions"][1],
            {"type": "exclusion-zone", "zoneExists": True, "regime": "AP"},
        ]
    }


def test_a_list_says_that_it_is_empty_only_to_those_who_could_see_its_elements() -> None:
    redactor, empty = REDACTORS[LicenceConditions], {"licenceId": "1", "conditions": []}
    standard_only = {"conditions": CONDITIONS["conditions"][:1]}
    assert redactor.redact(empty, frozenset({"zone-existence"})) == {"conditions": []}
    assert redactor.redact(standard_only, frozenset({"zone-existence"})) == {"conditions": []}
    assert redactor.redact(empty, frozenset({"licence"})) == {"licenceId": "1"}


def test_a_condition_of_an_unknown_type_is_left_out() -> None:
    redactor = REDACTORS[LicenceConditions]
    strays: list[Any] = [{"type": "curfew"}, {"text": "t"}, {"type": []}, {}, "standard", None]
    for stray in strays:
        document = {"conditions": [stray, CONDITIONS["conditions"][0]]}
        assert redactor.redact(document, everything(LicenceConditions)) == {
            "conditions": CONDITIONS["conditions"][:1]
        }


def test_null_parts_and_dictionaries() -> None:
    document = {"inCustody": None, "inCommunity": {"public": "HIGH"}, "selfHarm": {"asked": "yes"}}
    redactor = REDACTORS[Rosh]
    assert redactor.redact(document, frozenset({"levels"})) == {
        "inCustody": None,
        "inCommunity": {"public": "HIGH"},
    }
    assert redactor.redact({"inCustody": "HIGH", "inCommunity": ["LOW"]}, everything(Rosh)) == {}
    assert redactor.redact(document, frozenset({"self-harm"})) == {"selfHarm": {"asked": "yes"}}


def test_a_summary_leaves_no_trace_of_the_rest() -> None:
    document = {"meetingId": "m", "scores": [], "actions": [{"action": "a"}]} | {
        "executiveSummary": "In short"
    }
    assert REDACTORS[MappaMinutes].redact(document, frozenset({"executive-summary"})) == {
        "executiveSummary": "In short"
    }


def test_requests_come_out_without_the_victim() -> None:
    document = {
        "victims": [
            {"victimRef": "V1", "status": "opted-in", "requests": [{"type": "no-contact"}]},
            {"victimRef": "V2", "status": "opted-out"},
        ]
    }
    assert REDACTORS[VictimContact].redact(document, frozenset({"vlo", "requests"})) == {
        "victims": [{"requests": [{"type": "no-contact"}]}]
    }


def test_the_document_is_not_changed_and_may_be_any_mapping() -> None:
    before, redactor = repr(CONDITIONS), REDACTORS[LicenceConditions]
    released = frozenset({"zone-existence"})
    assert redactor.redact(MappingProxyType(CONDITIONS), released) == redactor.redact(
        CONDITIONS, released
    )
    assert repr(CONDITIONS) == before


def test_plans_are_kept_within_bounds() -> None:
    redactor = Redactor(Rosh)
    for number in range(REMEMBERED + 5):
        assert redactor.redact({"overall": "LOW"}, frozenset({str(number)})) == {}
    assert len(redactor._plans) == REMEMBERED


def test_a_labelled_part_needs_its_own_label_too() -> None:
    class Inner(Canonical):
        text: Annotated[str, Section("inner")]

    class Outer(Canonical):
        inner: Annotated[Inner, Section("outer")]

    document = {"inner": {"text": "t"}}
    assert Redactor(Outer).redact(document, frozenset({"inner"})) == {}
    assert Redactor(Outer).redact(document, frozenset({"outer"})) == {}
    assert Redactor(Outer).redact(document, frozenset({"outer", "inner"})) == document


class Plain(Canonical):
    text: Annotated[str, Section("plain")]


class Tagged(Canonical):
    type: Annotated[Literal["tagged"], Section("tagged")]


class Twin(Canonical):
    type: Annotated[Literal["tagged"], Section("twin")]


@pytest.mark.parametrize("kind", [dict[str, Plain], Plain | Tagged, Tagged | Twin, Plain | str])
def test_a_model_that_cannot_be_followed_safely_is_refused(kind: Any) -> None:
    namespace = {"__annotations__": {"parts": Annotated[kind, PARTS]}, "__module__": __name__}
    with pytest.raises(TypeError):
        Redactor(type("Unsafe", (Canonical,), namespace))
