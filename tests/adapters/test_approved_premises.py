"""The weekly residents' list: who is where since when, and nobody sent away by being left out."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import adapters.approved_premises
from adapters.approved_premises import ADAPTER
from adapters.approved_premises.residents import TABLE
from adapters.base import AdapterError, MappedPerson
from schemas.identifiers import Scheme
from schemas.person import Person
from schemas.residence import Residence, Stay
from tests.adapters.mutation import read_all

SAMPLES = Path(adapters.approved_premises.__file__).parent / "samples"


def sample(name: str) -> list[MappedPerson]:
    return read_all(ADAPTER, (SAMPLES / f"{name}.csv").read_bytes())


def stays(person: MappedPerson) -> dict[str, list[Stay]]:
    """The stays by document."""
    return {
        one.source_ref: one.record.stays
        for one in person.records
        if isinstance(one.record, Residence)
    }


def listed(*rows: dict[str, str]) -> MappedPerson:
    common = {"CRN": "X530009", "Premises": "Wren House", "List date": "02/03/2026"}
    (person,) = read_all(ADAPTER, TABLE.write(common | row for row in rows))
    return person


def said(person: MappedPerson) -> list[str]:
    return [f"{one.code} {one.pointer}" for one in person.cautions]


def test_a_row_gives_the_stay_and_who_it_is() -> None:
    first, second, third = sample("residents")
    [(name, (stay,))] = stays(first).items()
    assert name == "q101 2026-01-12"
    assert stay == Stay(
        premises="Wren House",
        premises_code="Q101",
        room="7",
        start=date(2026, 1, 12),
        expected_end=date(2026, 4, 6),
        key_worker="Odalys Finch",
        key_worker_telephone="01632 960211",
        curfew="21:00 to 07:00",
        notes="Settled",
    )
    assert {one.written_at for one in first.records} == {datetime(2026, 3, 2, tzinfo=UTC)}
    who = first.records[-1].record
    assert isinstance(who, Person)
    assert (who.name.surname, who.name.forenames, who.date_of_birth) == (
        "ASHDOWN",
        ["Perrin"],
        date(1988, 9, 4),
    )
    assert [(one.scheme, one.value) for one in first.identifiers] == [
        (Scheme.CRN, "X530001"),
        (Scheme.NOMS, "A5301CT"),
    ]
    assert said(first) == ["unmapped-body /row/1"]
    assert [stay.start for own in stays(second).values() for stay in own] == [date(2026, 3, 2)]
    [(gone,)] = stays(third).values()
    assert (gone.end, gone.end_reason) == (date(2026, 2, 27), "Move on to own tenancy")


def test_two_places_at_once_are_both_shown_and_pointed_at() -> None:
    both, spoilt = sample("two-places")
    assert [stay.premises for own in stays(both).values() for stay in own] == [
        "Wren House",
        "Larch Lodge",
    ]
    assert said(both) == [
        "contradiction /row/2/column/Arrived",
        "contradiction /row/3/column/Arrived",
    ]
    assert [stay.start for own in stays(spoilt).values() for stay in own] == [None]
    assert said(spoilt) == ["serial-date /row/2/column/Arrived"]


def test_who_is_not_on_the_next_list_has_not_left() -> None:
    """Each stay is a document of its own: a list says nothing of the documents it does not name."""
    this_week = TABLE.write(
        {"CRN": crn, "Premises": "Wren House", "Arrived": "2026-01-12"}
        for crn in ("X530001", "X530002")
    )
    next_week = TABLE.write(
        [{"CRN": "X530001", "Premises": "wren  house", "Arrived": "12/01/2026", "Room": "3"}]
    )
    before, after = read_all(ADAPTER, this_week), read_all(ADAPTER, next_week)
    assert [person.identifiers[0].value for person in after] == ["X530001"]
    assert list(stays(before[0])) == list(stays(after[0]))


@pytest.mark.parametrize(
    ("row", "caution"),
    [
        ({"Arrived": "2026-02-02", "Departed": "2026-02-01"}, "Departed"),
        ({"Arrived": "2026-02-02", "Expected departure": "2026-02-01"}, "Expected departure"),
        ({"Arrived": "2026-02-02", "Departed": "2026-03-09"}, "Departed"),
    ],
)
def test_days_in_an_order_that_cannot_be_are_kept_and_pointed_at(
    row: dict[str, str], caution: str
) -> None:
    person = listed(row)
    [(stay,)] = stays(person).values()
    assert str(stay.end or stay.expected_end) == row[caution]
    assert said(person) == [f"contradiction /row/2/column/{caution}"]


def test_rows_about_one_stay_are_one_and_what_they_contradict_is_unknown() -> None:
    rows = [{"Arrived": "2026-02-02", "Room": "1"}, {"Arrived": "2026-02-02", "Room": "2"}]
    person = listed(*rows)
    [(stay,)] = stays(person).values()
    assert (stay.room, stay.start) == (None, date(2026, 2, 2))
    assert said(person) == [f"contradiction /row/{row}/column/Room" for row in (2, 3)]


def test_a_reference_names_a_stay_and_a_move_on_the_day_is_no_contradiction() -> None:
    person = listed(
        {"Stay reference": "S-1", "Arrived": "2026-02-02", "Departed": "2026-02-10"},
        {"Stay reference": "S-2", "Premises": "Larch Lodge", "Arrived": "2026-02-10"},
    )
    assert list(stays(person)) == ["S-1", "S-2"]
    assert said(person) == []


def test_a_reference_that_a_spreadsheet_rounded_names_no_stay_and_is_shown() -> None:
    spoilt = {"Stay reference": "1.2E+10", "Premises code": "01-Jan", "Room": "03-Apr"}
    person = listed(
        spoilt | {"Arrived": "2026-02-02", "Departed": "2026-02-10"},
        spoilt | {"Premises": "Larch Lodge", "Arrived": "2026-02-10"},
    )
    found = stays(person)
    assert list(found) == ["wren house 2026-02-02", "larch lodge 2026-02-10"]
    shown = {(stay.reference, stay.premises_code, stay.room) for (stay,) in found.values()}
    assert shown == {tuple(spoilt.values())}
    assert set(said(person)) == {
        f"spreadsheet-number /row/{row}/column/{name}" for row in (2, 3) for name in spoilt
    }


def test_any_number_of_stays_of_one_person_is_looked_at_once() -> None:
    rows = [{"Stay reference": f"S-{n}", "Arrived": "2026-02-02"} for n in range(300)]
    person = listed(*rows)
    assert len(stays(person)) == 300
    assert len(person.cautions) == 300


def test_columns_that_could_mean_either_are_not_read() -> None:
    raw = (
        b"CRN,Premises,Arrived,Departure date,Address\nX530009,Wren House,2/2/2026,3/3/2026,1 Way\n"
    )
    (person,) = read_all(ADAPTER, raw)
    [(stay,)] = stays(person).values()
    assert (stay.end, stay.expected_end, stay.address) == (None, None, [])
    assert said(person) == [f"unknown-field /row/2/column/{column}" for column in (4, 5)]


def test_a_row_that_names_nobody_is_not_filed() -> None:
    with pytest.raises(AdapterError, match="no-subject"):
        ADAPTER.read(TABLE.write([{"Premises": "Wren House", "Arrived": "2026-02-02"}]))


def test_a_bad_row_does_not_cost_the_list() -> None:
    raw = b"CRN,Premises,Arrived\nX530001,Wren House,2/2/2026\nX530002,Wren, House,2/2/2026\n"
    good, bad = ADAPTER.split(raw)
    assert ADAPTER.read(good.raw)
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(bad.raw)
    assert bad.placed(caught.value.pointer) == "/row/3/column/4"
