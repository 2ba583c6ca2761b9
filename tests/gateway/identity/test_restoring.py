"""Whatever is merged, split and taken back: each record version is in exactly one person, and all
that was decided can be taken back to exactly what was before."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from adapters.registry import ADAPTERS
from gateway.demo.payloads import delius_person, mappa_minutes, nomis_prisoner, visor_nominal
from gateway.demo.people import Character
from gateway.errors import Problem
from gateway.identity import deciding
from gateway.identity.deciding import Wanted
from gateway.identity.splitting import Chosen
from gateway.ingest.push import Push, file_push, map_push
from gateway.store.identity import By
from tests.gateway.ingest.cases import encoded, somebody
from tests.gateway.ingest.test_limited_access import ASHA, lists

BY = By("IS-1", "entry", "2026-06-01T09:00:00.000Z")
UNDO = Wanted("undo")
Step = Callable[[Connection], object]


def push(connection: Connection, system: str, payload: Any) -> None:
    """File one payload, as a push does."""
    one = Push(ADAPTERS[system], "client", encoded(payload))
    done = file_push(connection, one, map_push(one))
    assert done.status == 200, done.body


def fill(connection: Connection) -> list[Character]:
    """Three people, each known to three systems; one of them with an exclusion."""
    people = [somebody(level=2) for _ in range(3)]
    for person in people:
        push(connection, "delius", delius_person(person))
        push(connection, "delius", delius_person(person) | {"currentExclusion": False})
        push(connection, "nomis", nomis_prisoner(person))
        push(connection, "visor", visor_nominal(person))
        push(connection, "mappa", mappa_minutes(person))
    push(connection, "delius", lists(people[0], excluded=[ASHA]))
    return people


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(text(query))), key=repr)


def state(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that is held of the people, but for how often a view has changed and for ids that hold
    nothing: those that splits which were taken back have left behind."""
    return {
        "versions": rows(
            connection, "SELECT id, person_id, version, status, body FROM record_version"
        ),
        "views": rows(
            connection,
            "SELECT person_id, kind, record_id, source, body FROM current_view"
            " WHERE record_id <> ''",
        ),
        "identifiers": rows(
            connection, "SELECT scheme, value, person_id, disputed FROM person_identifier"
        ),
        "areas": rows(connection, "SELECT * FROM person_area"),
        "assignments": rows(connection, "SELECT * FROM assignment"),
        "limits": rows(connection, "SELECT * FROM limited_user"),
        "people": rows(
            connection,
            "SELECT id, surname, forename, date_of_birth, prison, category, level, excluded,"
            " restricted FROM person WHERE id IN (SELECT person_id FROM record_version)",
        ),
    }


def whole(connection: Connection, versions: set[str]) -> None:
    """No version is lost, doubled or nobody's; exactly one person answers for each."""
    found = rows(
        connection,
        "SELECT v.id, p.id, coalesce(p.survivor, p.id) FROM record_version v"
        " JOIN person p ON p.id = v.person_id",
    )
    assert {row[0] for row in found} == versions
    assert len(found) == len(versions)
    answering = {row[2] for row in found}
    ends = rows(connection, "SELECT id, survivor, merged_into FROM person")
    for person, survivor, merged_into in ends:
        assert (merged_into is None) == (survivor in (None, person))
        assert person not in answering or survivor in (None, person)


def attempt(connection: Connection, step: Step) -> bool:
    """Do it in a savepoint of its own; whether it could be decided so."""
    connection.exec_driver_sql("SAVEPOINT attempt")
    try:
        step(connection)
    except Problem as problem:
        assert problem.status == 409, problem.slug  # noqa: PT017
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
        return False
    finally:
        connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
    return True


def answering(connection: Connection) -> list[str]:
    query = (
        "SELECT DISTINCT coalesce(p.survivor, p.id) FROM record_version v"
        " JOIN person p ON p.id = v.person_id"
    )
    return [row[0] for row in rows(connection, query)]


def decided(connection: Connection) -> list[str]:
    query = "SELECT id FROM identity_review WHERE decision IS NOT NULL"
    return [row[0] for row in rows(connection, query)]


def merging(connection: Connection, picks: list[int]) -> None:
    people = answering(connection)
    one, other = (people[pick % len(people)] for pick in picks[:2])
    deciding.merge(connection, one, other, Wanted("same", one), BY)


def splitting(connection: Connection, picks: list[int]) -> None:
    people = answering(connection)
    person = people[picks[0] % len(people)]
    query = (
        "SELECT v.id, v.system, v.person_id, coalesce(p.survivor, p.id) FROM record_version v"
        " JOIN person p ON p.id = v.person_id"
    )
    mine = [row for row in rows(connection, query) if row[3] == person]
    some = [mine[pick % len(mine)] for pick in picks[1 : 1 + picks[1] % 4]]
    sent = sorted({row[1] for row in mine})
    systems = {sent[pick % len(sent)] for pick in picks[2 : 2 + picks[2] % 3]}
    owners = {row[2] for row in mine if row in some or row[1] in systems}
    held = rows(connection, "SELECT scheme, value, person_id FROM person_identifier")
    numbers = [(scheme, value) for scheme, value, owner in held if owner in owners]
    taken = [numbers[pick % len(numbers)] for pick in picks[4:] if numbers]
    chosen = Chosen([row[0] for row in some], systems, taken)
    deciding.part_records(connection, person, chosen, BY)


def undoing(connection: Connection, picks: list[int]) -> None:
    if reviews := decided(connection):
        review = reviews[picks[0] % len(reviews)]
        deciding.decide(connection, review, Wanted("undo"), None, BY)


def stating(connection: Connection, picks: list[int]) -> None:
    """Delius says of one of them whether Asha is excluded."""
    numbers = rows(connection, "SELECT value FROM person_identifier WHERE scheme = 'crn'")
    (crn,) = numbers[picks[0] % len(numbers)]
    push(connection, "delius", lists(somebody(crn=crn), excluded=[ASHA] * (picks[1] % 2)))


PICKS = st.lists(st.integers(0, 999), min_size=8, max_size=8)
DECISIONS = [merging, merging, splitting, undoing]
STEPS = st.tuples(st.sampled_from(DECISIONS), PICKS)
STEPS_AND_PUSHES = st.tuples(st.sampled_from([*DECISIONS, stating, stating]), PICKS)


def undo_all(connection: Connection) -> None:
    """Take back what can be until nothing is left: what stands on others comes after them."""
    while left := decided(connection):
        undone = [
            attempt(
                connection, partial(deciding.decide, review=one, wanted=UNDO, state=None, by=BY)
            )
            for one in left
        ]
        assert any(undone), "some decision can never be taken back"


@given(steps=st.lists(STEPS, max_size=10))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sequence_can_be_taken_back_to_what_was_before(
    engine: Engine, steps: list[tuple[Callable[[Connection, list[int]], None], list[int]]]
) -> None:
    with engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("BEGIN")
        fill(connection)
        before = state(connection)
        versions = {row[0] for row in before["versions"]}
        for step, picks in steps:
            attempt(connection, lambda c, step=step, picks=picks: step(c, picks))  # type: ignore[misc]
            whole(connection, versions)
        undo_all(connection)
        whole(connection, versions)
        after = state(connection)
        for name, held in before.items():
            assert after[name] == held, name
        connection.exec_driver_sql("ROLLBACK")


@given(steps=st.lists(STEPS_AND_PUSHES, max_size=10))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_arrives_meanwhile_is_newer_than_all_that_is_put_back(
    engine: Engine, steps: list[tuple[Callable[[Connection, list[int]], None], list[int]]]
) -> None:
    with engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("BEGIN")
        fill(connection)
        for step, picks in steps:
            attempt(connection, lambda c, step=step, picks=picks: step(c, picks))  # type: ignore[misc]
        undo_all(connection)
        documents: dict[tuple[str, ...], list[tuple[int, str, str]]] = {}
        query = (
            "SELECT person_id, kind, system, source_ref, version, received_at, status"
            " FROM record_version"
        )
        for *document, version, received_at, status in rows(connection, query):
            documents.setdefault(tuple(document), []).append((version, received_at, status))
        for key, found in documents.items():
            in_order = sorted(found)
            times = [received_at for _, received_at, _ in in_order]
            assert times == sorted(times), "versions are numbered as they arrived"
            if "limited-access" in key:
                assert [status for *_, status in in_order][-1] == "current"
        connection.exec_driver_sql("ROLLBACK")
