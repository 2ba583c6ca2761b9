"""A batch is filed as its payloads are one by one: read and written at once, decided the same."""

import json
from collections.abc import Sequence
from typing import Any

import pysqlite3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import StaticPool

from adapters.registry import ADAPTERS
from gateway.ingest.push import Push, file_push, map_push
from gateway.store.schema import upgrade

CRNS, NOMS = ("X100001", "X100002", "X100003"), ("A1234AA", "A1235AA")
PNCS = ("2010/0000001W", "2010/0000002X")
DAYS = ("1980-01-01", "1990-02-02")
PAYLOADS = st.fixed_dictionaries(
    {
        "firstName": st.sampled_from(["Aled", "Bram"]),
        "surname": st.just("Ashgrove"),
        "dateOfBirth": st.sampled_from([*DAYS, None]),
        "otherIds": st.fixed_dictionaries(
            {
                "crn": st.sampled_from(CRNS),
                "nomsNumber": st.sampled_from([*NOMS, None]),
                "pncNumber": st.sampled_from([*PNCS, "nonsense", None]),
            }
        ),
        "currentRestriction": st.booleans(),
        "currentExclusion": st.booleans(),
        "offenderManagers": st.lists(
            st.fixed_dictionaries(
                {
                    "staff": st.fixed_dictionaries({"code": st.sampled_from(["A1", "B2"])}),
                    "probationArea": st.just({"code": "N55"}),
                    "active": st.just(True),
                }
            ),
            max_size=1,
        ),
    }
)
PAGES = st.lists(
    st.one_of(PAYLOADS, st.lists(PAYLOADS, min_size=2, max_size=3)), min_size=1, max_size=8
)
TABLES = {
    "person": "SELECT surname, forename, date_of_birth, prison, excluded, restricted FROM person",
    "identifier": "SELECT scheme, value, disputed FROM person_identifier",
    "area": "SELECT agency, area, source FROM person_area",
    "assignment": "SELECT agency, staff_id FROM assignment",
    "limited": "SELECT mode, user_name FROM limited_user",
    "version": "SELECT kind, source_ref, version, status, content_hash FROM record_version",
    "view": "SELECT kind, source, body FROM current_view",
    "raw": "SELECT hash FROM raw_payload",
    "quarantine": "SELECT reason, raw_hash FROM quarantine",
    "review": "SELECT reason, other_person_id IS NULL FROM identity_review",
}


def empty() -> Engine:
    engine = create_engine("sqlite://", module=pysqlite3, poolclass=StaticPool)
    upgrade(engine)
    return engine


def push(connection: Connection, payloads: Sequence[Any]) -> list[Any]:
    sent = Push(ADAPTERS["delius"], "x", json.dumps(payloads).encode())
    done = json.loads(file_push(connection, sent, map_push(sent)).body)
    return [(item["outcome"], [r["outcome"] for r in item["records"]]) for item in done["items"]]


def stored(connection: Connection) -> dict[str, list[Any]]:
    return {
        name: sorted(map(repr, connection.execute(text(query)).fetchall()))
        for name, query in TABLES.items()
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PAGES, PAGES)
def test_a_batch_is_filed_as_its_payloads_one_by_one(first: list[Any], second: list[Any]) -> None:
    """Also onto what an earlier batch left, with clashes and with payloads about several people."""
    told, kept = [], []
    for size in (1, len(first) + len(second)):
        engine = empty()
        with engine.connect() as connection:
            outcomes = []
            for payloads in (first, second):
                pages = [{"content": p} if isinstance(p, list) else p for p in payloads]
                for start in range(0, len(pages), size):
                    outcomes += push(connection, pages[start : start + size])
            told.append(outcomes)
            kept.append(stored(connection))
        engine.dispose()
    assert told[0] == told[1]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("also", [False, True])
def test_what_a_refused_payload_began_is_taken_back(engine: Engine, also: bool) -> None:
    """Of several people in a payload the last may be unclear: then nobody of it is filed."""
    refused = {
        "system": "mappa",
        "person": {"crn": "X100001", "pnc": PNCS[0]},
        "meetingId": "1",
        "meetingDate": "2999-01-01",
    }
    mapped = Push(ADAPTERS["mappa"], "x", json.dumps([refused] * (1 + also)).encode())
    with engine.begin() as connection:
        done = json.loads(file_push(connection, mapped, map_push(mapped)).body)
        assert {item["outcome"] for item in done["items"]} == {"quarantined"}
        assert stored(connection)["person"] == stored(connection)["version"] == []
        assert len(stored(connection)["quarantine"]) == 1
