"""Versions are append-only; the newest by the source's own time is current, and none is lost."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from adapters.registry import ADAPTERS
from gateway.demo.payloads import delius_person
from gateway.ingest.push import Push, file_push, map_push
from gateway.store import records
from gateway.store.schema import upgrade
from gateway.store.sqlite import open_engine
from schemas import Kind
from tests.gateway.ingest.cases import encoded, known, person_of, plan, push, read, somebody
from tests.gateway.world import Gateway, fetched


def outcome(gateway: Gateway, payload: object, system: str = "oasys") -> str:
    (item,) = push(gateway, system, payload)
    return str(item["outcome"])


def test_the_first_is_created_a_change_updates_and_a_repeat_changes_nothing(
    gateway: Gateway,
) -> None:
    person = known(gateway)
    first = plan(person, "2026-03-01T10:00:00", "Weekly.")
    changed = plan(person, "2026-04-01T10:00:00", "Twice a week.")
    assert outcome(gateway, first) == "created"
    assert outcome(gateway, first) == "unchanged"
    assert outcome(gateway, changed) == "updated"
    assert outcome(gateway, changed) == "unchanged"
    held = read(gateway, f"crn:{person.crn}", "risk-management-plans")["data"]
    assert [(one["meta"]["version"], one["meta"]["status"]) for one in held] == [
        (2, "current"),
        (1, "superseded"),
    ]


def test_the_same_push_twice_leaves_every_row_of_the_person_alone(gateway: Gateway) -> None:
    person = somebody()
    (item,) = push(gateway, "delius", delius_person(person))
    identity = person_of(item)

    def rows() -> list[list[tuple[object, ...]]]:
        with gateway.reading() as connection:
            return [
                [tuple(row) for row in connection.execute(text(query), {"p": identity})]
                for query in (
                    "SELECT * FROM record_version WHERE person_id = :p ORDER BY id",
                    "SELECT * FROM current_view WHERE person_id = :p ORDER BY kind",
                    "SELECT * FROM person_identifier WHERE person_id = :p ORDER BY scheme",
                    "SELECT * FROM identity_review WHERE person_id = :p",
                    "SELECT * FROM person WHERE id = :p",
                )
            ]

    before = rows()
    (again,) = push(gateway, "delius", delius_person(person))
    assert again["outcome"] == "unchanged"
    assert {r["outcome"] for r in again["records"]} == {"unchanged"}
    assert [r["id"] for r in again["records"]] == [r["id"] for r in item["records"]]
    assert rows() == before


def test_a_plan_that_arrives_late_is_history_and_never_replaces_the_newer(
    gateway: Gateway,
) -> None:
    person = known(gateway)
    ref = f"crn:{person.crn}"
    assert outcome(gateway, plan(person, "2026-05-01T10:00:00", "Newer.")) == "created"
    late = plan(person, "2026-02-01T10:00:00", "Older.")
    assert outcome(gateway, late) == "historical"
    assert outcome(gateway, late) == "unchanged"
    now = read(gateway, ref, "risk-management-plan")
    assert now["data"]["supervision"] == "Newer."
    assert now["meta"]["writtenAt"] == "2026-05-01T09:00:00.000Z"
    held = read(gateway, ref, "risk-management-plans")["data"]
    assert [(one["record"]["supervision"], one["meta"]["status"]) for one in held] == [
        ("Newer.", "current"),
        ("Older.", "historical"),
    ]


def test_an_older_assessment_that_arrives_late_does_not_become_the_plan(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "oasys", plan(person, "2026-05-01T10:00:00", "Newer.", number=2))
    (item,) = push(gateway, "oasys", plan(person, "2026-02-01T10:00:00", "Older.", number=1))
    assert item["outcome"] == "created", "it is a document of its own"
    ref = f"crn:{person.crn}"
    assert read(gateway, ref, "risk-management-plan")["data"]["supervision"] == "Newer."
    assert len(read(gateway, ref, "risk-management-plans")["data"]) == 2


def test_what_states_no_time_counts_from_its_arrival(gateway: Gateway) -> None:
    person = known(gateway)
    assert outcome(gateway, plan(person, None, "First.")) == "created"
    assert outcome(gateway, plan(person, None, "Second.")) == "updated"
    assert outcome(gateway, plan(person, None, "First.")) == "updated", "it says so again, now"
    now = read(gateway, f"crn:{person.crn}", "risk-management-plan")
    assert now["data"]["supervision"] == "First."
    assert now["meta"]["writtenAt"] is None


def test_every_version_keeps_its_provenance(gateway: Gateway) -> None:
    person = known(gateway)
    payload = plan(person, "2026-01-10T10:00:00", "Weekly.", number=77)
    (item,) = push(gateway, "oasys", payload)
    record = item["records"][0]
    meta = read(gateway, f"crn:{person.crn}", "risk-management-plan")["meta"]
    assert (meta["id"], meta["version"]) == (record["id"], 1)
    assert (meta["source"], meta["writtenAt"]) == ("oasys", "2026-01-10T10:00:00.000Z")
    listed = read(gateway, f"crn:{person.crn}", "risk-management-plans")["data"][0]["meta"]
    assert listed["sourceRef"] == "77"
    with gateway.reading() as connection:
        row = connection.execute(
            text("SELECT * FROM record_version WHERE id = :id"), {"id": record["id"]}
        ).one()
        assert fetched(connection, records.raw, row.raw_hash) == encoded(payload)
    assert (row.system, row.client, row.adapter_version) == ("oasys", "probation-systems", "2")
    assert row.received_at == meta["receivedAt"]


def test_raw_bytes_are_kept_exactly_each_payload_with_its_own(gateway: Gateway) -> None:
    one, other = (encoded(delius_person(somebody())) for _ in range(2))
    spaced = b"  " + other.replace(b'": ', b'"  :\t') + b"\n"
    answer = gateway.push("delius", b"[" + one + b" ,\r\n" + spaced + b"]")
    assert answer.status_code == 200
    with gateway.reading() as connection:
        kept = {bytes(row[0]) for row in connection.execute(text("SELECT body FROM raw_payload"))}
    assert one in kept
    assert spaced.strip() in kept


DATES = ("2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05")
PLANS = [
    plan(somebody(crn="Z000001"), f"{day}T10:00:00", f"As of {day}.", number)
    for day, number in zip(DATES, (1, 1, 2, 1), strict=True)
]


def file_all(connection: Connection, payloads: list[dict[str, object]]) -> tuple[bytes, int]:
    """Push each by itself; returns the current plan and how many versions are kept."""
    for payload in payloads:
        one = Push(ADAPTERS["oasys"], "probation-systems", encoded(payload))
        assert file_push(connection, one, map_push(one)).status == 200
    person = connection.execute(text("SELECT id FROM person")).scalar_one()
    view = fetched(connection, records.current, person, Kind.PLAN)
    assert view
    kept = fetched(
        connection, records.versions, person, Kind.PLAN, newest_only=False, offset=0, limit=50
    )
    return view.body, len(kept)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(order=st.permutations(range(len(PLANS))), repeats=st.lists(st.integers(0, 3), max_size=2))
def test_in_whatever_order_dated_plans_arrive_the_newest_is_current(
    order: list[int], repeats: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "gateway.db")
        upgrade(engine)
        with engine.begin() as connection:
            body, kept = file_all(connection, [PLANS[n] for n in itertools.chain(order, repeats)])
        engine.dispose()
    assert b"As of 2026-04-05." in body
    assert kept == len(PLANS)
