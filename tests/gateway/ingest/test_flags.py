"""Registrations come as a list and one at a time; readers get the list with what came since."""

from datetime import date

from gateway.ingest.compose import Source, choose, compose
from gateway.ingest.flags import Flagged, joined
from schemas import Kind
from schemas.custody import Custody
from schemas.rosh import RiskFlag

CHILD = RiskFlag(code="RCCO", start=date(2024, 2, 6))
WEAPONS = RiskFlag(description="Weapons")


def flagged(ref: str, day: int, *flags: RiskFlag, system: str = "delius") -> Flagged:
    return Flagged(system, ref, f"2026-03-{day:02}", flags)


def test_nobody_flagged_anything() -> None:
    assert joined([]) == joined([flagged("registrations", 1)]) == []


def test_a_later_registration_adds_to_the_list() -> None:
    told = [flagged("registration-7", 2, WEAPONS), flagged("registrations", 1, CHILD)]
    assert joined(told) == [WEAPONS, CHILD]


def test_a_registration_that_ended_since_is_shown_with_its_end() -> None:
    ended = CHILD.model_copy(update={"end": date(2026, 3, 2)})
    told = [flagged("registrations", 1, CHILD, WEAPONS), flagged("registration-7", 2, ended)]
    assert joined(told) == [ended, WEAPONS]


def test_a_list_that_came_later_says_it_all() -> None:
    told = [flagged("registrations", 3, CHILD), flagged("registration-7", 2, WEAPONS)]
    assert joined(told) == [CHILD]


def test_registrations_of_two_systems_are_not_mixed() -> None:
    told = [flagged("registrations", 1, CHILD), flagged("registration-7", 2, WEAPONS, system="x")]
    assert joined(told) == [CHILD]


def test_without_a_list_the_single_ones_are_the_list() -> None:
    told = [flagged("registration-7", 2, WEAPONS), flagged("registration-1", 1, CHILD)]
    assert joined(told) == [CHILD, WEAPONS]


def test_two_flags_of_one_list_are_two_however_alike() -> None:
    assert joined([flagged("risk-flags", 1, CHILD, CHILD)]) == [CHILD, CHILD]


def test_the_prisons_word_on_custody_stands_before_probations() -> None:
    prison = Source("1", "nomis", Custody(prison="LEI"), 0, None, "2026-03-01")
    probation = Source("2", "delius", Custody(recalled=True), 0, None, "2026-03-02")
    chosen = choose(Kind.CUSTODY, [probation, prison])
    assert compose(Kind.CUSTODY, chosen, [probation, prison]) == prison.record
