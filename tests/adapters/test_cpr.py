"""The core person record: identifiers joined by another service, checked here all the same."""

import json
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


def _found(crn: str | None, **told: Any) -> dict[str, Any]:
    name = {"firstName": "Orla", "lastName": "Fenn", "dateOfBirth": "1980-02-03"}
    numbers: dict[str, Any] = {"crn": crn, "prisonNumber": None, "pncs": [], "cros": []}
    return {"name": name, "identifiers": numbers, "sourceSystem": "DELIUS", **told}


@pytest.mark.parametrize("wrapped", [True, False])
def test_records_that_a_search_found_stay_apart(wrapped: bool) -> None:
    linked = [_found("X710002", sourceSystem="NOMIS")]
    rows = [_found("X710001", linkedRecords=linked), _found(None)]
    data = [{"results": rows}] if wrapped else rows
    people = read_all(ADAPTER, json.dumps({"data": data}).encode(), None)
    assert [(p.identifiers[0].value, p.records[0].source_ref) for p in people] == [
        ("X710001", "search-delius"), ("X710002", "search-nomis"),
    ]  # fmt: skip
    assert all(codes(one) == {"unmapped-body"} for one in people)
    with pytest.raises(AdapterError) as error:
        ADAPTER.read(json.dumps({"data": data}).encode(), SUBJECT)
    assert error.value.code == "subject-mismatch"


def test_telephones_and_mail_stand_with_the_addresses() -> None:
    given = [("MOBILE", "07700 900123"), ("EMAIL", "o@example.com"), ("HOME", None)]
    contacts = [{"type": {"code": code}, "value": value} for code, value in given]
    found = person("person", addresses=[{"contacts": contacts}])
    assert found.telephone_numbers == ["07700 900123"]
    assert found.email_addresses == ["o@example.com"]


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
