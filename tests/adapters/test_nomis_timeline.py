"""A prison timeline says where somebody is only as far as its stays agree."""

from datetime import date

import pytest

from adapters.base import AdapterError
from schemas.custody import Custody
from tests.adapters.test_nomis import alone, codes, read, record, sample


def test_the_timeline_ends_where_the_open_stay_does() -> None:
    [mapped] = alone(sample("timeline")).records
    assert isinstance(mapped.record, Custody)
    assert (mapped.record.prison, mapped.record.booking_number) == ("LEI", "61204K")
    assert mapped.source_ref == "prison-timeline"
    assert mapped.written_at is not None
    assert mapped.written_at.isoformat() == "2021-08-02T10:40:31+00:00"


def test_a_closed_stay_says_when_the_person_left() -> None:
    payload = sample("timeline")
    payload["prisonPeriod"] = payload["prisonPeriod"][1:]
    custody: Custody = record(alone(payload), Custody)
    assert (custody.prison, custody.release) == (None, date(2016, 12, 20))


def test_a_departure_without_arrival_leaves_the_place_unknown() -> None:
    payload = sample("timeline")
    payload["prisonPeriod"][0]["transfers"].append(
        {"dateInToPrison": "2022-01-01T08:00:00", "dateOutOfPrison": "2022-01-02T08:00:00"}
    )
    assert record(alone(payload), Custody).prison is None


def test_two_open_stays_or_an_unreadable_time_leave_the_place_unknown() -> None:
    two_open, unreadable = sample("timeline"), sample("timeline")
    del two_open["prisonPeriod"][1]["releaseDate"]
    unreadable["prisonPeriod"][0]["transfers"][0]["dateInToPrison"] = "Tuesday"
    assert record(alone(two_open), Custody).prison is None
    assert ("contradiction", "/prisonPeriod") in codes(alone(two_open))
    assert record(alone(unreadable), Custody).prison is None


def test_a_timeline_without_dates_is_refused() -> None:
    with pytest.raises(AdapterError, match="no-dated-stay"):
        read({"prisonerNumber": "A4821QX", "prisonPeriod": [{"bookNumber": "61204K"}]})
