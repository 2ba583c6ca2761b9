"""Custody as readers get it, where prisons answer in several parts."""

from datetime import date

import pytest

from gateway.ingest.compose import Source, choose, compose
from schemas.custody import Alert, Custody, SentenceDates
from schemas.kinds import Kind
from schemas.mappa import MappaRegistration, MappaView

WHOLE = Custody(
    prison="LEI",
    status="ACTIVE IN",
    recalled=True,
    sentence_dates=SentenceDates(tariff=date(2026, 1, 1)),
    alerts=[Alert(code="P33", active=True), Alert(code="XNR", active=True)],
)


def source(record: Custody, ref: str, when: str, system: str = "nomis") -> Source:
    return Source(f"{system}-{ref}", system, record, record.standing, None, when, ref)


def shown(*sources: Source) -> Custody:
    chosen = choose(Kind.CUSTODY, sources)
    record = compose(Kind.CUSTODY, chosen, sources)
    assert isinstance(record, Custody)
    return record


def test_a_whole_record_alone_stands_as_it_is() -> None:
    assert shown(source(WHOLE, "current", "1")) is WHOLE


def test_what_came_since_is_said_beside_the_place() -> None:
    ended = Custody(alerts=[Alert(code="P33", active=False), Alert(code="P44", active=True)])
    dates = Custody(recalled=False, sentence_dates=SentenceDates(tariff=date(2027, 1, 1)))
    record = shown(
        source(WHOLE, "current", "1"), source(ended, "alerts", "2"), source(dates, "dates", "3")
    )
    assert (record.prison, record.recalled) == ("LEI", False)
    assert record.sentence_dates == dates.sentence_dates
    assert [(one.code, one.active) for one in record.alerts] == [
        ("P33", False),
        ("P44", True),
        ("XNR", True),
    ]


def test_what_came_before_the_whole_record_is_history() -> None:
    earlier = Custody(release=date(2020, 1, 1), alerts=[Alert(code="PVN")])
    assert shown(source(earlier, "alerts", "1"), source(WHOLE, "current", "2")) == WHOLE


def test_a_later_place_keeps_the_sentence_and_no_prison_of_before() -> None:
    hospital = Custody(location_code="ELMFRD", restricted_patient=True)
    record = shown(source(WHOLE, "current", "1"), source(hospital, "restricted-patient", "2"))
    assert (record.prison, record.location_code) == (None, "ELMFRD")
    assert record.sentence_dates == WHOLE.sentence_dates


@pytest.mark.parametrize("when", ["1", "9"])
def test_a_prison_stands_before_sentences_of_another_system(when: str) -> None:
    sentence = Custody(sentence_dates=SentenceDates(tariff=date(2001, 1, 1)))
    other = source(sentence, "sentence-1", when, "ppud")
    assert shown(source(WHOLE, "current", "5"), other) == WHOLE


def test_without_a_whole_record_the_chosen_part_stands_alone() -> None:
    alerts = Custody(alerts=[Alert(code="P33")])
    assert shown(source(alerts, "alerts", "1")) == alerts


def test_both_sides_of_one_systems_contradiction_are_shown() -> None:
    sides = [MappaView(system="nomis", category=1, level=level) for level in (1, 3)]
    own = MappaRegistration(category=1, disagreements=sides)
    chosen = Source("a", "nomis", own, 0, None, "1")
    record = compose(Kind.MAPPA, chosen, [chosen])
    assert isinstance(record, MappaRegistration)
    assert record.disagreements == sides
