"""A split says whose records are; whom their system keeps out of them stays out of both parts."""

import pytest
from sqlalchemy import Connection, Engine

from gateway.clock import now, stamp
from gateway.demo.payloads import delius_person, nomis_prisoner
from gateway.identity import deciding
from gateway.identity.deciding import Wanted
from gateway.identity.splitting import Chosen
from gateway.store.identity import By
from tests.gateway.identity.test_restoring import answering, push, rows, state
from tests.gateway.ingest.cases import somebody
from tests.gateway.ingest.test_limited_access import ASHA, RHYS, lists

CHOICES = {
    "the system that limits": "SELECT id FROM record_version WHERE system = 'delius'",
    "another system": "SELECT id FROM record_version WHERE system = 'nomis'",
    "all but the limits": "SELECT id FROM record_version WHERE kind <> 'limited-access'",
    "the limits": "SELECT id FROM record_version WHERE kind = 'limited-access'",
}


def limits(connection: Connection) -> dict[str, set[tuple[str, str]]]:
    """Who is barred from whom, or admitted alone, by the person who answers."""
    found: dict[str, set[tuple[str, str]]] = {one: set() for one in answering(connection)}
    for person, mode, user in rows(
        connection, "SELECT person_id, mode, user_name FROM limited_user"
    ):
        found[person].add((mode, user))
    return found


def taken_out(connection: Connection, chosen: str) -> str:
    """Split what was chosen off the only person there is; returns the review."""
    (person,) = answering(connection)
    records = [row[0] for row in rows(connection, CHOICES[chosen])]
    by = By("IS-1", "entry", stamp(now()))
    deciding.part_records(connection, person, Chosen(records), by)
    assert len(answering(connection)) == 2
    ((review,),) = rows(connection, "SELECT id FROM identity_review WHERE decision = 'split'")
    return str(review)


@pytest.mark.parametrize("chosen", CHOICES)
def test_whoever_is_kept_out_of_a_person_is_kept_out_of_both_parts(
    engine: Engine, chosen: str
) -> None:
    with engine.begin() as connection:
        person = somebody()
        push(connection, "delius", delius_person(person))
        push(connection, "nomis", nomis_prisoner(person))
        push(connection, "delius", lists(person, excluded=[ASHA], restricted=[RHYS]))
        before = state(connection)
        review = taken_out(connection, chosen)
        kept_out = {("excluded", ASHA), ("restricted", RHYS)}
        assert list(limits(connection).values()) == [kept_out, kept_out]
        by = By("IS-1", "entry", stamp(now()))
        deciding.decide(connection, review, Wanted("undo"), None, by)
        assert state(connection) == before


@pytest.mark.parametrize("chosen", ["the system that limits", "another system"])
def test_a_newer_statement_counts_for_both_parts(engine: Engine, chosen: str) -> None:
    with engine.begin() as connection:
        person = somebody()
        push(connection, "delius", delius_person(person))
        push(connection, "nomis", nomis_prisoner(person))
        taken_out(connection, chosen)
        push(connection, "delius", lists(person, excluded=[ASHA]))
        assert any(limits(connection).values())
        push(connection, "delius", lists(person))
        assert not any(limits(connection).values())


def test_what_arrived_since_a_split_stays_newer_than_what_is_put_back(engine: Engine) -> None:
    with engine.begin() as connection:
        person = somebody()
        push(connection, "delius", delius_person(person))
        push(connection, "delius", lists(person))
        review = taken_out(connection, "the limits")
        push(connection, "delius", lists(person, excluded=[ASHA]))
        by = By("IS-1", "entry", stamp(now()))
        deciding.decide(connection, review, Wanted("undo"), None, by)
        assert list(limits(connection).values()) == [{("excluded", ASHA)}]
