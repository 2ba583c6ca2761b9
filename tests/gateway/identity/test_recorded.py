"""Every person whom a decision touches, or was to touch, is named in its audit entry."""

from gateway.demo.payloads import delius_person, nomis_prisoner
from tests.gateway.identity.cases import asked, decide, done, held, merge, split, steward, two
from tests.gateway.ingest.cases import encoded, known, person_of, push
from tests.gateway.world import Gateway


def test_whose_records_are_filed_with_a_decision_is_recorded(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    third = known(gateway)
    rows = [nomis_prisoner(one) | {"pncNumber": other.pnc}, nomis_prisoner(third)]
    assert gateway.push("nomis", encoded({"content": rows})).status_code == 422
    review = asked(steward(gateway), first, second)["id"]
    decided = decide(steward(gateway), review, "same")
    assert done(decided)["persons"] == [first]
    filed = person_of(push(gateway, "delius", delius_person(third))[0])
    assert set(gateway.entry(decided)["persons"]) == {first, second, filed}


def test_from_whom_a_link_is_taken_back_is_recorded(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    third = person_of(push(gateway, "delius", delius_person(known(gateway)))[0])
    held(gateway, one, other)
    review = asked(steward(gateway), first, second)["id"]
    for decision, more in (("link", {"person": third}), ("undo", {})):
        decided = decide(steward(gateway), review, decision, **more)
        assert done(decided)["decision"] == (decision if more else None)
        assert set(gateway.entry(decided)["persons"]) == {first, second, third}


def test_a_refused_decision_is_recorded_with_whom_it_was_about(gateway: Gateway) -> None:
    one, first, other, second = two(gateway)
    held(gateway, one, other)
    third = person_of(push(gateway, "delius", delius_person(known(gateway)))[0])
    agent = steward(gateway)
    review = asked(agent, first, second)["id"]
    for refused, status, about in (
        (decide(agent, review, "same", '"as it was"'), 412, {first, second}),
        (decide(agent, review, "undo"), 409, {first, second}),
        (decide(agent, review, "same", person="crn:Z999999"), 404, {first, second}),
        (merge(agent, first, second, survivor=third), 409, {first, second, third}),
        (split(agent, first, systems=["nomis"]), 409, {first}),
        (decide(gateway.staff("MA-46-1"), review, "same", '"any"'), 404, set()),
    ):
        assert refused.status_code == status, refused.text
        assert set(gateway.entry(refused)["persons"]) == about
