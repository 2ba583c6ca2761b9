"""Limited access bars at once, closes where it is not known to whom, and opens when lifted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from adapters.registry import ADAPTERS
from gateway.demo.cast import AREAS
from gateway.demo.payloads import delius_person, mappa_minutes, visor_nominal
from gateway.demo.people import Character
from gateway.ingest.apply import Origin, file_person
from gateway.store.ledger import Ledger
from tests.gateway.ingest.cases import ask, encoded, known, push, read, somebody
from tests.gateway.world import Gateway

ASHA, RHYS = "pp-13-1@probation.example", "pp-13-2@probation.example"
KENT = AREAS[2]


def users(*names: str) -> list[dict[str, str]]:
    return [{"email": name} for name in names]


def lists(person: Character, excluded: Any = (), restricted: Any = ()) -> dict[str, Any]:
    """Who is barred and who alone is admitted, as Delius answers it for one case."""
    return {
        "crn": person.crn,
        "excludedFrom": users(*excluded),
        "restrictedTo": users(*restricted),
    }


def flags(person: Character, *, excluded: bool = False, restricted: bool = False) -> dict[str, Any]:
    """The search row, which says that a case is limited and not for whom."""
    limited = {"currentExclusion": excluded, "currentRestriction": restricted}
    return delius_person(person) | limited


def seen(gateway: Gateway, person: Character) -> tuple[bool, bool]:
    """Whether Asha and Rhys, both of the person's area, may see the person now."""
    answers = [ask(gateway, f"crn:{person.crn}", staff=f"PP-13-{n}") for n in (1, 2)]
    assert {answer.status_code for answer in answers} <= {200, 404}
    return answers[0].status_code == 200, answers[1].status_code == 200


def test_an_exclusion_bars_the_named_user_and_nobody_else(gateway: Gateway) -> None:
    person = known(gateway)
    assert seen(gateway, person) == (True, True)
    push(gateway, "delius", lists(person, excluded=[ASHA.upper()]))
    assert seen(gateway, person) == (False, True)


def test_a_barred_asker_gets_the_answer_for_somebody_who_does_not_exist(
    gateway: Gateway,
) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, excluded=[ASHA]))
    barred, nobody = (ask(gateway, ref).json() for ref in (f"crn:{person.crn}", "crn:Y999999"))
    for answer in (barred, nobody):
        answer.pop("auditEntry", None)
        answer.pop("instance", None)
    assert barred == nobody


def test_a_restriction_admits_the_named_users_alone(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, restricted=[RHYS]))
    assert seen(gateway, person) == (False, True)
    assert ask(gateway, f"crn:{person.crn}", staff="OM-13-1").status_code == 404


def test_whoever_is_excluded_and_named_by_the_restriction_stays_out(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, excluded=[ASHA], restricted=[ASHA, RHYS]))
    assert seen(gateway, person) == (False, True)


def test_a_restriction_does_not_admit_whom_no_rule_admits(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, restricted=["pp-46-1@probation.example"]))
    assert ask(gateway, f"crn:{person.crn}", staff="PP-46-1").status_code == 404


@pytest.mark.parametrize("flag", ["excluded", "restricted"])
def test_flags_without_a_list_close_to_all_until_the_list_comes(
    gateway: Gateway, flag: str
) -> None:
    person = known(gateway)
    push(gateway, "delius", flags(person, **{flag: True}))
    assert seen(gateway, person) == (False, False)
    assert ask(gateway, f"crn:{person.crn}", staff="OM-13-1").status_code == 404
    push(gateway, "delius", lists(person, **{flag: [RHYS]}))
    assert seen(gateway, person) == ((True, False) if flag == "excluded" else (False, True))


@pytest.mark.parametrize("flag", ["excluded", "restricted"])
def test_an_older_empty_list_does_not_say_for_whom_a_newer_flag_is(
    gateway: Gateway, flag: str
) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person))
    assert seen(gateway, person) == (True, True)
    push(gateway, "delius", flags(person, **{flag: True}))
    assert seen(gateway, person) == (False, False)


def test_flags_keep_the_list_that_came_before_them(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, excluded=[ASHA]))
    push(gateway, "delius", flags(person, excluded=True))
    assert seen(gateway, person) == (False, True)


def test_lifting_opens_again_by_flags_and_by_lists(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, restricted=[RHYS]))
    push(gateway, "delius", flags(person))
    assert seen(gateway, person) == (True, True)
    push(gateway, "delius", lists(person, excluded=[ASHA, RHYS]))
    assert seen(gateway, person) == (False, False)
    push(gateway, "delius", lists(person))
    assert seen(gateway, person) == (True, True)


def test_of_a_batch_the_last_word_counts_however_fast_it_is_filed(gateway: Gateway) -> None:
    for _ in range(10):
        person = known(gateway)
        answer = gateway.push("delius", encoded([lists(person), flags(person, restricted=True)]))
        assert answer.json()["counts"] == {"created": 1, "updated": 1}
        assert seen(gateway, person) == (False, False)
        lifted = [lists(person, excluded=[ASHA]), flags(person)]
        assert gateway.push("delius", encoded(lifted)).status_code == 200
        assert seen(gateway, person) == (True, True)


def test_a_message_alone_limits_nothing(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", flags(person) | {"exclusionMessage": "You are excluded."})
    assert seen(gateway, person) == (True, True)


def test_a_limited_person_is_not_found_by_a_search_either(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "delius", lists(person, excluded=[ASHA]))
    wanted = {"identifiers": [{"scheme": "crn", "value": person.crn}]}
    counts = [
        gateway.staff(staff)
        .call("POST", "/v1/persons/search", content=encoded(wanted))
        .json()["meta"]["count"]
        for staff in ("PP-13-1", "PP-13-2")
    ]
    assert counts == [0, 1]


def test_a_new_manager_moves_access_at_once(gateway: Gateway) -> None:
    person = known(gateway, area=KENT)
    ref = f"crn:{person.crn}"
    assert ask(gateway, ref, staff="PP-46-1").status_code == 200
    assert ask(gateway, ref, staff="PP-13-1").status_code == 404
    push(gateway, "delius", delius_person(replace(person, area=AREAS[0])))
    assert ask(gateway, ref, staff="PP-46-1").status_code == 404
    assert ask(gateway, ref, staff="PP-13-1").status_code == 200


def test_a_manager_who_left_sees_the_case_no_longer(gateway: Gateway) -> None:
    person = known(gateway, area=KENT)
    row = delius_person(person)
    row["offenderManagers"] = []
    push(gateway, "delius", row)
    assert ask(gateway, f"crn:{person.crn}", staff="PP-46-1").status_code == 404


def test_an_officer_of_another_area_has_the_case_for_as_long_as_it_says(
    gateway: Gateway,
) -> None:
    person = known(gateway)
    row = delius_person(person)
    lent = {"code": "PP-46-2", "forenames": "Lent", "surname": "Officer"}
    manager = row["offenderManagers"][0] | {"staff": lent}
    row["offenderManagers"] += [manager | {"toDate": "2026-01-31"}]
    push(gateway, "delius", row)
    assert ask(gateway, f"crn:{person.crn}", staff="PP-46-2").status_code == 404
    row["offenderManagers"][1] = manager
    push(gateway, "delius", row)
    assert ask(gateway, f"crn:{person.crn}", staff="PP-46-2").status_code == 200


def test_one_kind_of_record_does_not_take_another_kinds_area_away(gateway: Gateway) -> None:
    person = replace(known(gateway, area=KENT), level=2)
    minutes = mappa_minutes(person)
    assert minutes
    push(gateway, "mappa", minutes)
    ref = f"crn:{person.crn}"
    assert ask(gateway, ref, staff="MA-46-1").status_code == 200
    assert ask(gateway, ref, staff="PP-46-1").status_code == 200
    assert ask(gateway, ref, staff="MA-13-1").status_code == 404


def test_a_system_gives_access_to_its_own_agencys_staff_only(gateway: Gateway) -> None:
    person = known(gateway)
    partners = "".join(
        f"<partner><agency>{agency}</agency><staff-id>{staff}</staff-id><area>{area}</area></partner>"
        for agency, staff, area in (
            ("probation", "PP-46-1", "N57"),
            ("victim-liaison", "VLO-46-1", "N57"),
            ("prison", "POM-46-1", "EYI"),
        )
    )
    nominal = visor_nominal(person).replace("</manager>", f"</manager>{partners}", 1)
    push(gateway, "visor", nominal)
    ref = f"crn:{person.crn}"
    for staff in ("PP-46-1", "PP-46-2", "POM-46-1"):
        assert ask(gateway, ref, staff=staff).status_code == 404, staff
    vlo = gateway.staff("VLO-46-1").get(f"/v1/persons/{ref}/victim-contact")
    assert vlo.status_code == 404
    shown = read(gateway, ref, "case-team")["data"]["members"]
    assert "PP-46-1" in {member["staffId"] for member in shown}


def test_one_agencys_area_code_opens_nothing_for_another(gateway: Gateway) -> None:
    person = known(gateway)
    nominal = visor_nominal(person).replace(f"<area>{person.area.force}</area>", "<area>N57</area>")
    push(gateway, "visor", nominal)
    assert ask(gateway, f"crn:{person.crn}", staff="PP-46-1").status_code == 404


@pytest.mark.parametrize("seconds", [0, -3600], ids=["same instant", "clock set back"])
def test_the_last_statement_decides_whatever_the_clock_says(engine: Engine, seconds: int) -> None:
    person, adapter = somebody(), ADAPTERS["delius"]
    with engine.begin() as connection:
        moment = datetime(2026, 6, 1, 9, tzinfo=UTC)
        for payload, received in (
            (lists(person), moment),
            (flags(person, restricted=True), moment + timedelta(seconds=seconds)),
        ):
            ledger = Ledger(connection)
            raw_hash = ledger.keep_raw(b"{}")
            origin = Origin("delius", "1", "probation-systems", raw_hash, received)
            for one in adapter.read(encoded(payload)):
                file_person(ledger, one, origin)
            ledger.write()
        state = connection.execute(text("SELECT excluded, restricted FROM person")).one()
    assert tuple(state) == (0, 1)
