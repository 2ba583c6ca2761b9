"""ARMS as a table and as JSON: a priority for each factor, and the overall level."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.arms import ADAPTER, ARMS, PROTECTIVE, RISK
from adapters.base import MappedPerson
from adapters.score_tables import member
from adapters.testing.roundtrip import read_all
from adapters.testing.tested import Candidate, outcome
from adapters.testing.values import WILD
from schemas.rosh import Rosh
from tests.adapters.mutation import codes, scalars

SAMPLES = Candidate.of("arms").home / "samples"


def told(person: MappedPerson) -> list[tuple[str | None, str | None]]:
    (mapped,) = person.records
    assert isinstance(mapped.record, Rosh)
    assert {s.tool for s in mapped.record.scores} == {"ARMS"}
    return [(s.scale, s.band) for s in mapped.record.scores]


def test_every_factor_has_a_priority_and_the_whole_a_level() -> None:
    police, probation = read_all(ADAPTER, (SAMPLES / "assessments.csv").read_bytes())
    assert told(police) == [
        (None, "Medium"),
        ("risk: opportunity", "High"),
        ("risk: sexual preoccupation", "Low"),
        ("protective: commitment to desist", "Low"),
        ("protective: intimate relationship", "Medium"),
    ], "a blank factor was not assessed"
    assert [scale for scale, _ in told(probation)] == [
        None,
        *(f"risk: {name.lower()}" for name in RISK),
        *(f"protective: {name.lower()}" for name in PROTECTIVE),
    ]
    assert codes(police) == codes(probation) == set()


def test_json_says_the_same() -> None:
    police, probation = read_all(ADAPTER, (SAMPLES / "assessments.json").read_bytes())
    assert (None, "MEDIUM") in told(police)
    assert ("risk: hostile orientation", None) not in told(police)
    assert [p.records[0].source_ref for p in (police, probation)] == [
        "police/2026-02-20", "probation/2026-03-01",
    ]  # fmt: skip


def test_a_priority_is_not_a_level() -> None:
    body = {"crn": "X720001", "agency": "police", "assessmentDate": "2026-01-15"}
    (person,) = read_all(ADAPTER, json.dumps(body | {"opportunity": "VERY_HIGH"}).encode())
    assert (told(person), codes(person)) == (
        [("risk: opportunity", "VERY_HIGH")], {"unknown-code"},
    )  # fmt: skip
    (person,) = read_all(ADAPTER, json.dumps(body | {"overallLevel": "VERY_HIGH"}).encode())
    assert codes(person) == set()


COLUMNS = [column.name for column in ARMS.table.columns]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from([member(name) for name in COLUMNS]), scalars))
def test_no_json_ever_breaks_it(row: dict[str, Any]) -> None:
    outcome(ADAPTER, json.dumps(row).encode())


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), WILD), max_size=3))
def test_no_table_ever_breaks_it(rows: list[dict[str, str]]) -> None:
    outcome(ADAPTER, ARMS.table.write(rows))
