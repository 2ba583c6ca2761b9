"""A number that its own system has merged leads to the person of the number that stays."""

from typing import Any

import pytest

from gateway.demo.people import Character
from tests.gateway.identity.cases import REVIEWS, asked, decide, done, merged, prisoner, steward
from tests.gateway.ingest.cases import ask, encoded, known, person_of, push, read, somebody
from tests.gateway.world import Gateway


def imprisoned(gateway: Gateway, **facts: Any) -> tuple[Character, str]:
    """Somebody whom only the prison knows."""
    person = somebody(**facts)
    return person, person_of(push(gateway, "nomis", prisoner(person))[0])


def steward_asks(gateway: Gateway, ref: str) -> Any:
    return steward(gateway).get(f"/v1/persons/{ref}")


def test_two_who_were_known_become_one_and_can_be_parted_again(gateway: Gateway) -> None:
    (old, gone), (new, stays) = imprisoned(gateway), imprisoned(gateway)
    answer = gateway.push("nomis", encoded(merged(new.noms, old.noms)))
    assert answer.json()["counts"] == {"updated": 1}, "two have become one, though no record came"
    assert set(gateway.entry(answer)["persons"]) == {gone, stays}
    for ref in (f"noms:{old.noms}", gone):
        found = steward_asks(gateway, ref)
        assert found.status_code == 303
        assert found.headers["location"] == f"/v1/persons/{stays}"
        assert gateway.entry(found)["outcome"] == "redirected"
    assert ask(gateway, f"noms:{old.noms}", staff="OM-46-2").status_code == 404
    numbers = {i["value"] for i in steward_asks(gateway, stays).json()["data"]["identifiers"]}
    assert {old.noms, new.noms} <= numbers
    review = asked(steward(gateway), stays)
    assert (review["reason"], review["decision"]) == ("merged-at-source", "same")
    (taken,) = steward(gateway).get(f"{REVIEWS}/{review['id']}").json()["data"]["decisions"]
    entry = answer.headers["audit-entry"]
    assert (taken["decidedBy"], taken["auditEntry"]) == ("nomis", entry)
    done(decide(steward(gateway), review["id"], "undo"))
    assert steward_asks(gateway, f"noms:{old.noms}").json()["meta"]["id"]
    (again,) = push(gateway, "nomis", merged(new.noms, old.noms))
    assert again["outcome"] == "unchanged"
    assert steward_asks(gateway, gone).status_code == 200, "what was taken back is not done again"


def test_a_number_of_nobody_leads_to_the_person_too(gateway: Gateway) -> None:
    person = known(gateway)
    ref = f"crn:{person.crn}"
    gone = somebody().noms
    told = [push(gateway, "nomis", merged(person.noms, gone))[0]["outcome"] for _ in range(2)]
    assert told == ["updated", "unchanged"]
    answer = ask(gateway, f"noms:{gone}")
    assert answer.status_code == 303
    assert ask(gateway, answer.headers["location"].rpartition("/")[2]).status_code == 200
    assert read(gateway, ref)["meta"]["id"]
    late = prisoner(person) | {"prisonerNumber": gone, "offenderNo": gone}
    assert person_of(push(gateway, "nomis", late)[0]) in answer.headers["location"]


def test_somebody_known_by_the_old_number_alone_takes_the_new_one(gateway: Gateway) -> None:
    old, person = imprisoned(gateway)
    new = somebody().noms
    push(gateway, "nomis", merged(new, old.noms))
    assert steward_asks(gateway, f"noms:{new}").status_code == 200
    assert steward_asks(gateway, f"noms:{old.noms}").headers["location"] == f"/v1/persons/{person}"


@pytest.mark.parametrize("against", ["date of birth", "two CRNs"])
def test_what_speaks_against_it_leaves_it_to_a_human(gateway: Gateway, against: str) -> None:
    if against == "two CRNs":
        old, new = known(gateway), known(gateway)
        gone, stays = (person_of(push(gateway, "nomis", prisoner(p))[0]) for p in (old, new))
    else:
        old, gone = imprisoned(gateway)
        new, stays = imprisoned(gateway, born=old.born.replace(year=1950))
    (left,) = push(gateway, "nomis", merged(new.noms, old.noms))
    assert left["outcome"] == "unchanged"
    assert steward_asks(gateway, gone).status_code == 200
    review = asked(steward(gateway), gone, stays)
    assert (review["reason"], review["decision"]) == ("merged-at-source", None)
    done(decide(steward(gateway), review["id"], "same", person=stays))
    assert steward_asks(gateway, f"noms:{old.noms}").headers["location"] == f"/v1/persons/{stays}"


def test_only_the_system_that_gives_out_the_numbers_may_merge_them(gateway: Gateway) -> None:
    (old, gone), (new, stays) = imprisoned(gateway), imprisoned(gateway)
    record = {
        "lastName": new.surname,
        "identifiers": {"prisonNumbers": [new.noms, old.noms]},
    }
    assert gateway.push("cpr", encoded(record)).status_code == 422
    for person in (gone, stays):
        assert steward_asks(gateway, person).status_code == 200
