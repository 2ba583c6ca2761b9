"""What the rules promise, by name."""

import shutil
from pathlib import Path

import pytest

from policies.attributes import DEFAULT_DENY
from policies.engine import FAILED, REMEMBERED, Asker, Engine, Link, Verdict
from policies.loading import HERE
from policies.purposes import Purpose
from schemas import RECORDS
from schemas.base import sections_of
from schemas.kinds import Kind
from tests.policies import oracle

VLO = Asker(("victim-liaison-officer",), "victim-liaison")
PRACTITIONER = Asker(("probation-practitioner",), "probation")
MOSOVO = Asker(("mosovo-offender-manager",), "police", "NPPV3")
PRISON = Asker(("prison-offender-manager",), "prison")
EVERY_LINK = Link(assigned=True, area=True, holding=True)
NOBODY_GETS = {"limited-access/access"}
"""Sections that are released to no role, on purpose."""


def withheld(engine: Engine, asker: Asker, kind: Kind, purpose: str) -> dict[str, str]:
    return dict(engine.release(asker, kind, purpose, EVERY_LINK).withheld)


def test_a_vlo_reads_three_kinds_and_nothing_else(engine: Engine) -> None:
    readable = {
        kind for kind in Kind if engine.permission(VLO, "read", kind, "victim-contact").allowed
    }
    assert readable == {Kind.VICTIM_CONTACT, Kind.LICENCE_CONDITIONS, Kind.MINUTES}


def test_a_vlo_gets_conditions_about_contact_and_only_that_a_zone_exists(engine: Engine) -> None:
    release = engine.release(VLO, Kind.LICENCE_CONDITIONS, "victim-contact", Link(assigned=True))
    assert release.released == {
        "no-contact-conditions",
        "no-contact-condition-data",
        "zone-existence",
    }
    reasons = dict(release.withheld)
    assert reasons["zone-geometry"] == "victim-contact-zone-existence-only"
    assert reasons["standard-conditions"] == "victim-contact-conditions-about-contact-only"
    assert reasons["licence"] == "victim-contact-no-exact-release-date"
    assert release.rules == ("vlo-contact-conditions",)


def test_a_vlo_gets_the_executive_summary_of_minutes_and_the_reason_for_the_rest(
    engine: Engine,
) -> None:
    release = engine.release(VLO, Kind.MINUTES, "victim-contact", Link(assigned=True))
    assert release.released == {"executive-summary"}
    assert {rule for _, rule in release.withheld} == {"victim-contact-summary-only"}
    assert len(release.withheld) == len(sections_of(RECORDS[Kind.MINUTES])) - 1


def test_a_vlo_sees_own_cases_only(engine: Engine) -> None:
    assert engine.visible(VLO, "victim-contact", Link(assigned=True)).allowed
    assert not engine.visible(VLO, "victim-contact", Link(area=True, holding=True)).allowed
    assert not engine.visible(VLO, "mappa-management", EVERY_LINK).allowed


def test_a_victims_details_stay_with_victim_liaison(engine: Engine) -> None:
    reasons = withheld(engine, PRACTITIONER, Kind.VICTIM_CONTACT, "licence-supervision")
    assert reasons == dict.fromkeys(
        ("scheme", "information-given", "representations"), "victim-details-for-victim-contact-only"
    )
    assert not engine.permission(MOSOVO, "read", Kind.VICTIM_CONTACT, "mappa-management").allowed


def test_police_enforce_zones_and_prisons_do_not(engine: Engine) -> None:
    police = engine.release(MOSOVO, Kind.LICENCE_CONDITIONS, "licence-supervision", EVERY_LINK)
    assert "zone-geometry" in police.released
    assert not police.withheld
    assert withheld(engine, PRISON, Kind.LICENCE, "mappa-management") == {
        "zone-data": "zone-location-not-for-prisons",
        "zone-geometry": "zone-location-not-for-prisons",
    }


def test_a_prison_reads_minutes_in_full(engine: Engine) -> None:
    release = engine.release(PRISON, Kind.MINUTES, "mappa-management", Link(holding=True))
    assert release.withheld == ()
    assert release.rules == ("prison-minutes",)


def test_police_read_the_contacts_that_are_marked_for_visor_and_no_others(engine: Engine) -> None:
    release = engine.release(MOSOVO, Kind.CONTACTS, "licence-supervision", EVERY_LINK)
    assert release.released == {"visor-contacts"}
    assert release.rules == ("mosovo-contacts-marked-for-visor",)
    assert not withheld(engine, PRACTITIONER, Kind.CONTACTS, "licence-supervision")
    for asker in (PRISON, VLO, Asker(("mappa-administrator",), "mappa")):
        for purpose in Purpose:
            assert not engine.permission(asker, "read", Kind.CONTACTS, purpose).allowed


def test_who_reads_where_the_person_stays_and_who_keeps_the_house(engine: Engine) -> None:
    for asker in (MOSOVO, PRISON):
        assert withheld(engine, asker, Kind.RESIDENCE, "mappa-management").keys() == {"notes"}
    assert not withheld(engine, PRACTITIONER, Kind.RESIDENCE, "recall")


def test_whoever_reads_minutes_in_full_reads_referrals_in_full(engine: Engine) -> None:
    administrator = Asker(("mappa-administrator",), "mappa")
    for asker in (PRACTITIONER, MOSOVO, PRISON, administrator):
        assert not withheld(engine, asker, Kind.REFERRAL, "mappa-management")
    assert not engine.permission(VLO, "read", Kind.REFERRAL, "victim-contact").allowed


@pytest.mark.parametrize("vetting", [None, "BPSS", "nppv3", ""])
def test_the_police_form_needs_vetting(engine: Engine, vetting: str | None) -> None:
    unvetted = Asker(MOSOVO.roles, "police", vetting)
    assert engine.permission(MOSOVO, "export", "visor", "mappa-management").allowed
    assert engine.permission(unvetted, "export", "visor", "mappa-management") == Verdict(
        allowed=False, rules=()
    )


def test_a_system_pushes_for_itself_only_and_reads_nobody(engine: Engine) -> None:
    client = Asker(("case-system",), "police", systems=("visor",))
    push = engine.permission(client, "push", "ingest", "system-update", "visor")
    assert push == Verdict(allowed=True, rules=("case-system-pushes-its-own-systems",))
    assert not engine.permission(client, "push", "ingest", "system-update", "delius").allowed
    assert not engine.permission(client, "push", "ingest", "system-update").allowed
    assert not any(engine.visible(client, purpose, EVERY_LINK).allowed for purpose in Purpose)


@pytest.mark.parametrize("role", oracle.ROLES)
def test_limited_access_beats_every_permit(engine: Engine, role: str) -> None:
    rules = oracle.ROLES[role]
    asker = Asker((role,), sorted(rules.agencies or {"police"})[0], "MV", ("delius",))
    barred = Link(assigned=True, area=True, holding=True, limited="barred")
    bar = "limited-access-bars-the-asker"
    for purpose in Purpose:
        assert engine.visible(asker, purpose, barred) == Verdict(allowed=False, rules=(bar,))
        for kind in Kind:
            release = engine.release(asker, kind, purpose, barred)
            assert not release.released
            if engine.permission(asker, "read", kind, purpose).allowed:
                assert {rule for _, rule in release.withheld} == {bar}


def test_an_unknown_state_of_limited_access_is_taken_as_barred(engine: Engine) -> None:
    strange = Link(assigned=True, limited="perhaps")  # type: ignore[arg-type]
    assert not engine.visible(PRACTITIONER, "recall", strange).allowed


def test_nobody_reads_the_limited_access_list(engine: Engine) -> None:
    for role, rules in oracle.ROLES.items():
        for agency in rules.agencies or {"police"}:
            for purpose in rules.purposes:
                verdict = engine.permission(
                    Asker((role,), agency), "read", "limited-access", purpose
                )
                assert "limited-access-list-stays-inside" in verdict.rules


def test_every_section_reaches_somebody_unless_listed(engine: Engine) -> None:
    unreached = {f"{kind}/{section}" for kind in Kind for section in sections_of(RECORDS[kind])}
    for role, rules in oracle.ROLES.items():
        for agency in rules.agencies or ():
            for purpose in rules.purposes:
                for kind in Kind:
                    release = engine.release(Asker((role,), agency), kind, purpose, EVERY_LINK)
                    unreached -= {f"{kind}/{section}" for section in release.released}
    assert unreached == NOBODY_GETS


def test_two_roles_add_up(engine: Engine) -> None:
    both = Asker(("victim-liaison-officer", "probation-practitioner"), "probation")
    assert engine.permission(both, "read", Kind.PLAN, "recall").allowed
    assert engine.permission(both, "read", Kind.MINUTES, "victim-contact").allowed
    full = engine.release(both, Kind.MINUTES, "mappa-management", EVERY_LINK)
    summary = engine.release(both, Kind.MINUTES, "victim-contact", EVERY_LINK)
    assert not full.withheld
    assert summary.released == {"executive-summary"}


def test_two_roles_that_permit_the_same_are_both_named(engine: Engine) -> None:
    both = Asker(("mosovo-offender-manager", "mappa-administrator"), "police")
    release = engine.release(both, Kind.PERSON, "mappa-management", EVERY_LINK)
    assert release.rules == ("mosovo-person", "mappa-administrator-person")
    assert "contact" in release.released


def test_one_roles_people_do_not_combine_with_another_roles_sections(engine: Engine) -> None:
    both = Asker(("prison-offender-manager", "mappa-administrator"), "prison")
    area = engine.release(both, Kind.ROSH, "mappa-management", Link(area=True))
    held = engine.release(both, Kind.ROSH, "mappa-management", Link(holding=True))
    assert dict(area.withheld) == {"self-harm": DEFAULT_DENY, "victims": DEFAULT_DENY}
    assert dict(held.withheld) == {"victims": DEFAULT_DENY}


def test_what_policies_do_not_know_is_denied(engine: Engine) -> None:
    denied = Verdict(allowed=False, rules=())
    assert engine.permission(PRACTITIONER, "read", Kind.PLAN, None) == denied
    assert engine.permission(PRACTITIONER, "read", Kind.PLAN, "curiosity") == denied
    assert engine.permission(PRACTITIONER, "erase", Kind.PLAN, "recall") == denied
    assert engine.permission(PRACTITIONER, "read", "diary", "recall") == denied
    assert engine.permission(Asker(("chief",), "police"), "read", Kind.PLAN, "recall") == denied
    assert engine.permission(Asker((), "police"), "read", Kind.PLAN, "recall") == denied
    assert engine.visible(PRACTITIONER, None, EVERY_LINK) == denied
    nothing = engine.release(Asker((), "police"), Kind.MAPPA, None, EVERY_LINK)
    assert nothing.withheld == tuple(
        (name, DEFAULT_DENY) for name in ("registration", "history", "notes")
    )


@pytest.mark.parametrize("text", ['"', "\\", "\x00", "\n", '") || true', "ß" * 5000, "__entity"])
def test_no_attribute_can_break_out_of_its_place(engine: Engine, text: str) -> None:
    asker = Asker(("probation-practitioner", text), text, text, (text,))
    assert not engine.permission(asker, "read", Kind.PLAN, "recall", text).allowed
    assert not engine.permission(PRACTITIONER, text, text, text, text).allowed
    assert not engine.visible(asker, "recall", EVERY_LINK).allowed


def test_decisions_are_remembered_within_bounds(engine: Engine) -> None:
    first = engine.visible(PRACTITIONER, "recall", EVERY_LINK)
    for number in range(REMEMBERED + 10):
        engine.permission(Asker((), "police", str(number)), "read", Kind.PLAN, "recall")
    assert engine._permitted.cache_info().currsize == REMEMBERED  # type: ignore[attr-defined]
    assert engine.visible(PRACTITIONER, "recall", EVERY_LINK) is first


def test_a_policy_that_fails_denies(tmp_path: Path) -> None:
    """Cedar itself would skip it, and a limit that is skipped lets through."""
    root = tmp_path / "policies"
    shutil.copytree(HERE, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (root / "limits.cedar").open("a") as limits:
        limits.write(
            '@id("no-such-level")\nforbid (principal, action == Action::"see", resource)\n'
            "when { resource has level && resource.level + 9223372036854775807 < 0 };\n"
        )
    engine = Engine.load(root)
    assert engine.visible(PRACTITIONER, "recall", Link(area=True)).allowed
    assert engine.visible(PRACTITIONER, "recall", Link(area=True, level=3)) == FAILED
