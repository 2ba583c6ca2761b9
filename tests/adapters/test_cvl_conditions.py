"""Conditions of a licence: which are about the victim, which draw a zone, and who fills them in."""

import pytest

from schemas.licence import AdditionalCondition, NoContactCondition, ZoneCondition
from tests.adapters.test_cvl import (
    ANY_VICTIM,
    NO_CONTACT,
    RESTRICTION,
    REUSED,
    ZONE_BY_MAP,
    alone,
    codes,
    licence_of,
    one_condition,
    sample,
)


def test_post_sentence_supervision_stays_apart() -> None:
    conditions = licence_of(alone(sample("public-licence"))).conditions
    assert [one.regime for one in conditions] == ["AP"] * 6 + ["PSS"]


def test_electronic_monitoring_is_kept_and_an_empty_category_is_none() -> None:
    tag = licence_of(alone(sample("public-licence"))).conditions[3]
    assert isinstance(tag, AdditionalCondition)
    assert tag.electronic_monitoring == ["EXCLUSION_ZONE", "CURFEW"]
    assert tag.category is None


def test_one_bare_kind_of_monitoring_is_read_too() -> None:
    condition, _ = one_condition("4.0", restrictions="CURFEW")
    assert condition.electronic_monitoring == ["CURFEW"]


def test_an_unfilled_wording_is_kept_and_warned_about() -> None:
    condition, person = one_condition("4.0", text="Sample: attend value1.")
    assert condition.text == "Sample: attend value1."
    assert codes(person) == {("placeholder", "/conditions/AP/additional/0/text")}


def test_a_missing_wording_does_not_cost_the_condition() -> None:
    condition, person = one_condition("4.0", text=None, code=NO_CONTACT)
    assert isinstance(condition, NoContactCondition)
    assert condition.text == ""
    assert codes(person) == {("unreadable-value", "/conditions/AP/additional/0/text")}


@pytest.mark.parametrize(
    ("policy", "code", "expected"),
    [
        ("V4_0", NO_CONTACT, "no-contact"),
        ("4.0", NO_CONTACT.upper(), "no-contact"),
        ("3.0", ANY_VICTIM, "no-contact"),
        ("V4_1", ANY_VICTIM, "no-contact"),
        ("4.0", ZONE_BY_MAP, "exclusion-zone"),
        ("4.0", RESTRICTION, "restriction-zone"),
        ("3.0", REUSED, "additional"),
        ("2.1", NO_CONTACT, "no-contact"),
        ("2_1", ZONE_BY_MAP, "exclusion-zone"),
        ("9.0", NO_CONTACT, "additional"),
        ("1.0", REUSED, "additional"),
        (None, ZONE_BY_MAP, "additional"),
    ],
)
def test_policy_version_and_code_together_decide(
    policy: str | None, code: str, expected: str
) -> None:
    condition, person = one_condition(policy, code=code)
    assert condition.type == expected
    unknown = policy in ("9.0", None)
    assert (("unknown-policy-version", "/policyVersion") in codes(person)) == unknown


def test_the_upstream_type_says_zone_even_under_an_unknown_policy() -> None:
    condition, _ = one_condition("9.0", code="x", type="MULTIPLE_EXCLUSION_ZONE")
    assert condition.type == "exclusion-zone"


def test_a_condition_of_another_version_is_read_by_its_own_and_warned_about() -> None:
    at = "/conditions/AP/additional/0/version"
    condition, person = one_condition("4.0", code=ANY_VICTIM, version="3.0")
    assert isinstance(condition, NoContactCondition)
    assert codes(person) == {("contradiction", at)}
    condition, person = one_condition("4.0", code=REUSED, version="9.0")
    assert isinstance(condition, AdditionalCondition)
    assert ("unknown-policy-version", at) in codes(person)


def test_what_draws_a_zone_is_geometry_and_stands_nowhere_else() -> None:
    zone = licence_of(alone(sample("internal-licence"))).conditions[2]
    assert isinstance(zone, ZoneCondition)
    [geometry] = zone.geometry
    assert (geometry.filename, geometry.media_type) == ("boathouse-map.png", "image/png")
    elsewhere = zone.model_copy(update={"geometry": []}).model_dump_json()
    assert "boathouse-map" not in elsewhere
    assert "Ring drawn" not in elsewhere


def test_a_map_on_a_condition_of_no_class_is_data_and_warned_about() -> None:
    person = alone(sample("internal-licence"))
    route = licence_of(person).conditions[3]
    assert isinstance(route, AdditionalCondition)
    assert route.data == {"map 1": "Route drawn on a map"}
    assert ("unclassified-map", "/additionalLicenceConditions/2") in codes(person)
    _, person = one_condition("9.0", code=ZONE_BY_MAP, hasImageUpload=True)
    assert ("unclassified-map", "/conditions/AP/additional/0") in codes(person)


def test_monitoring_of_a_zone_is_data_of_the_zone() -> None:
    condition, _ = one_condition("4.0", code=ZONE_BY_MAP, restrictions=["EXCLUSION_ZONE"])
    assert isinstance(condition, ZoneCondition)
    assert condition.data == {"restrictions": "EXCLUSION_ZONE"}


def test_what_was_filled_in_is_kept_by_field() -> None:
    condition = licence_of(alone(sample("internal-licence"))).conditions[1]
    assert isinstance(condition, NoContactCondition)
    assert condition.data == {"name": "Perpetua Lockslade\nHugo Lockslade"}
    assert condition.expanded_text == "Sample: send no word to Perpetua Lockslade."


def test_a_field_without_a_value_is_left_out_with_a_caution() -> None:
    condition, person = one_condition("4.0", data=[{"field": "name"}, {"value": "x"}])
    assert condition.data == {}
    assert len(codes(person)) == 2
