"""The core person record: identifiers joined by another service, checked here all the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from adapters.base import AdapterError, Subject
from adapters.cpr import ADAPTER
from adapters.json_adapter import JsonAdapter, Shape
from schemas.person import Person
from tests.adapters.mutation import (
    SHARED,
    SUBJECT,
    check_never_breaks,
    codes,
    mutated,
    read_all,
    sample,
)


def person(name: str, **changes: Any) -> Person:
    (found,) = sample(ADAPTER, name, **changes)
    (mapped,) = found.records
    assert isinstance(mapped.record, Person)
    assert mapped.record.identifiers == found.identifiers
    return mapped.record


def test_a_person_with_every_identifier() -> None:
    found = person("person")
    assert (found.name.forenames, found.name.surname) == (["Tobias", "Wren"], "Ashgrove")
    assert [(i.scheme.value, i.verified) for i in found.identifiers] == [
        ("crn", True), ("noms", True), ("pnc", True), ("cro", True),
    ]  # fmt: skip
    assert [alias.surname for alias in found.aliases] == ["Ash"]


def test_a_nationality_that_ended_is_none_of_the_persons() -> None:
    assert person("person").nationalities == ["British"]


def test_a_country_is_an_object_or_plain_text() -> None:
    assert person("person").addresses[0].lines[-1] == "Great Britain"
    assert person("person-plain-country").addresses[0].lines == ["United Kingdom"]
    assert person("person", sex={"code": "M"}).gender == "M"


def test_a_malformed_identifier_and_an_impossible_order_are_cautions() -> None:
    (found,) = sample(ADAPTER, "person-plain-country")
    assert codes(found) == {"unverified-identifier", "contradiction"}


def test_a_record_that_names_nobody_needs_a_subject() -> None:
    with pytest.raises(AdapterError, match="no-subject"):
        sample(ADAPTER, "person", identifiers={"crns": ["", "  ", "string"]})


def test_what_does_not_fit_the_canonical_form_is_refused_without_its_values() -> None:
    class Strict(BaseModel):
        level: int

    def fail(*_: object) -> Any:
        return Strict.model_validate({"level": "secret"})

    adapter = JsonAdapter("test", [Shape("any", lambda _: True, fail)])
    with pytest.raises(AdapterError) as error:
        adapter.read(b"{}")
    assert error.value.code == "not-canonical"
    assert "level" in error.value.detail
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("path", sorted((SHARED / "cpr").glob("*.json")), ids=lambda p: p.stem)
def test_upstream_payloads_map(path: Any) -> None:
    (found,) = read_all(ADAPTER, path.read_bytes())
    assert "unverified-identifier" in codes(found)
    assert ("duplicate-key" in codes(found)) is path.stem.endswith("response")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated("cpr"), st.sampled_from([SUBJECT, None]))
def test_no_json_ever_breaks_the_adapter(raw: bytes, subject: Subject | None) -> None:
    check_never_breaks(ADAPTER, raw, subject)
