"""What each role sees of one case: the promises of the field, role by role."""

from typing import Any

import httpx
import pytest

from tests.gateway.world import Gateway


def held(gateway: Gateway, what: str) -> str:
    return f"/v1/persons/crn:{gateway.hero.crn}/{what}"


def data(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


@pytest.mark.parametrize("prefix", ["PP", "OM", "POM"])
def test_plan_licence_minutes_and_level_reach_every_agency_on_the_case(
    gateway: Gateway, prefix: str
) -> None:
    agent = gateway.responsible(prefix)
    assert data(agent.get(held(gateway, "risk-management-plan")))["contingencyPlans"]
    assert data(agent.get(held(gateway, "licence-conditions")))["conditions"]
    assert data(agent.get(held(gateway, "mappa")))["level"] == 3
    assert data(agent.get(held(gateway, "mappa-minutes")))[0]["record"]["actions"]
    assert data(agent.get(held(gateway, "rosh")))["overall"] is None
    assert data(agent.get(held(gateway, "rosh")))["inCommunity"]["children"] == "VERY_HIGH"


def test_every_agency_finds_the_others_in_the_case_team(gateway: Gateway) -> None:
    members = data(gateway.responsible("PP").get(held(gateway, "case-team")))["members"]
    assert {"probation", "police", "prison", "victim-liaison"} <= {m["agency"] for m in members}


def test_the_police_see_where_a_zone_is_drawn_and_the_prison_that_it_exists(
    gateway: Gateway,
) -> None:
    def zone(prefix: str) -> dict[str, Any]:
        answer = gateway.responsible(prefix).get(held(gateway, "licence-conditions"))
        conditions = data(answer)["conditions"]
        found: dict[str, Any] = next(c for c in conditions if c["type"] == "exclusion-zone")
        return found

    assert "geometry" in zone("OM")
    assert "geometry" not in zone("POM")
    assert zone("POM")["zoneExists"] is True


def test_a_vlo_reads_contact_conditions_and_that_a_zone_exists_and_nothing_else(
    gateway: Gateway,
) -> None:
    answer = gateway.responsible("VLO").get(held(gateway, "licence-conditions"))
    conditions = data(answer)["conditions"]
    assert {c["type"] for c in conditions} == {"no-contact", "exclusion-zone"}
    zone = next(c for c in conditions if c["type"] == "exclusion-zone")
    assert zone == {"type": "exclusion-zone", "zoneExists": True, "regime": "AP"}
    assert answer.json()["data"].keys() == {"conditions"}
    withheld = {w["section"] for w in answer.json()["meta"]["withheld"]}
    assert {"zone-geometry", "zone-text", "licence", "standard-conditions"} <= withheld
    assert all(w["rule"] for w in answer.json()["meta"]["withheld"])


def test_a_vlo_reads_the_executive_summary_and_not_the_minutes(gateway: Gateway) -> None:
    answer = gateway.responsible("VLO").get(held(gateway, "mappa-minutes"))
    assert data(answer)[0]["record"].keys() == {"executiveSummary"}


def test_a_vlo_reads_the_scheme(gateway: Gateway) -> None:
    victims = data(gateway.responsible("VLO").get(held(gateway, "victim-contact")))["victims"]
    assert victims[0]["victimRef"] == gateway.hero.victim_ref
    assert victims[0]["requests"]


@pytest.mark.parametrize(
    "what", ["", "rosh", "risk-management-plan", "licence", "licences", "custody", "case-team"]
)
def test_a_vlo_reads_nothing_else(gateway: Gateway, what: str) -> None:
    path = held(gateway, what).rstrip("/")
    assert gateway.responsible("VLO").get(path).status_code == 403


def test_police_and_prison_do_not_read_the_victim_scheme(gateway: Gateway) -> None:
    for prefix in ("OM", "POM"):
        answer = gateway.responsible(prefix).get(held(gateway, "victim-contact"))
        assert answer.status_code == 403


@pytest.mark.parametrize("staff", ["OM-46-1", "PP-46-1", "POM-46-1", "MA-46-1"])
def test_nobody_from_another_area_learns_that_the_person_exists(
    gateway: Gateway, staff: str
) -> None:
    assert gateway.staff(staff).get(held(gateway, "mappa")).status_code == 404


def test_a_colleague_of_the_same_force_covers(gateway: Gateway) -> None:
    assert gateway.staff("OM-13-2").get(held(gateway, "mappa")).status_code == 200


def test_a_vlo_who_is_not_on_the_case_gets_404_even_in_the_same_area(gateway: Gateway) -> None:
    answer = gateway.staff("VLO-13-2").get(held(gateway, "licence-conditions"))
    assert answer.status_code == 404


def test_the_auditor_reads_no_records(gateway: Gateway) -> None:
    assert gateway.staff("AUD-1").get(held(gateway, "mappa")).status_code == 403


def test_a_case_system_reads_nothing_and_pushes_only_for_its_systems(gateway: Gateway) -> None:
    system = gateway.system("visor")
    assert system.get(held(gateway, "mappa")).status_code == 403
    assert system.call("POST", "/v1/ingest/delius", content=b"{}").status_code == 403


def test_staff_do_not_push(gateway: Gateway) -> None:
    officer = gateway.responsible("PP")
    answer = officer.call(
        "POST",
        "/v1/ingest/delius",
        content=b"{}",
        headers={"Purpose-Of-Use": "system-update"},
    )
    assert answer.status_code == 403


def test_a_role_may_only_use_the_purposes_of_its_work(gateway: Gateway) -> None:
    officer = gateway.responsible("OM", purpose="victim-contact")
    assert officer.get(held(gateway, "mappa")).status_code == 403


def test_meta_says_where_a_record_comes_from_and_when_it_arrived(gateway: Gateway) -> None:
    answer = gateway.responsible("OM").get(held(gateway, "risk-management-plan"))
    meta = answer.json()["meta"]
    assert meta["source"] == "oasys"
    assert meta["version"] == 1
    assert meta["receivedAt"].endswith("Z")
    assert meta["classification"] == "OFFICIAL-SENSITIVE"
    assert meta["auditEntry"] == answer.headers["audit-entry"]


@pytest.mark.parametrize("ref", ["crn:{0.crn}", "noms:{0.noms}", "pnc:{1}", "cro:{2}"])
def test_a_person_is_found_by_every_identifier(gateway: Gateway, ref: str) -> None:
    hero = gateway.hero
    name = ref.format(hero, hero.pnc.replace("/", "-"), hero.cro.replace("/", "-"))
    answer = gateway.responsible("PP").get(f"/v1/persons/{name}")
    assert data(answer)["name"]["surname"] == hero.surname


def test_what_has_not_arrived_is_said_plainly(gateway: Gateway) -> None:
    inside = next(p for p in gateway.people if p.in_custody)
    officer = gateway.staff(inside.staff("PP"))
    answer = officer.get(f"/v1/persons/crn:{inside.crn}/licence")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("nothing-held")
    assert officer.get(f"/v1/persons/crn:{inside.crn}/licences").status_code == 200


def test_pages_of_versions_are_linked(gateway: Gateway) -> None:
    officer = gateway.responsible("PP")
    first = officer.get(held(gateway, "risk-management-plans"), params={"limit": 1})
    assert len(data(first)) == 1
    assert "link" not in first.headers
    bad = officer.get(held(gateway, "risk-management-plans"), params={"cursor": "x"})
    assert bad.status_code == 400
    assert officer.get(held(gateway, "licences"), params={"limit": 0}).status_code == 422


def test_minutes_are_read_one_by_one(gateway: Gateway) -> None:
    officer = gateway.responsible("OM")
    listed = data(officer.get(held(gateway, "mappa-minutes")))
    one = officer.get(held(gateway, f"mappa-minutes/{listed[0]['meta']['id']}"))
    assert data(one) == listed[0]["record"]
    assert officer.get(held(gateway, "mappa-minutes/nothing")).status_code == 404
