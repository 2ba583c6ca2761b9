"""The database decides whose checkpoint counts, at the very moment of publishing."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from audit.checkpoint import Checkpoint
from gateway.store import checkpoints
from gateway.store.checkpoints import Leadership
from tests.audit.logs import NAME, SIGNER
from tests.gateway.cluster import migrated, published
from tests.gateway.machine import wait_until
from tests.postgres import PostgresServer

RAISED = text("UPDATE log_leader SET token = token + 1")


@pytest.fixture
def engine(postgres: PostgresServer) -> Iterator[Engine]:
    with migrated(postgres) as (_, opened):
        yield opened


@pytest.fixture
def two(engine: Engine) -> Iterator[tuple[Leadership, Leadership]]:
    """The first of which leads."""
    first, second = Leadership(engine), Leadership(engine)
    assert first.held()
    yield first, second
    first.resign()
    second.resign()


def publish(leadership: Leadership, size: int, root: bytes = b"r" * 32) -> bool:
    checkpoint = Checkpoint(NAME, size, root)
    return leadership.publish(checkpoint, checkpoint.sign(SIGNER))


def sizes(engine: Engine) -> list[int]:
    return [size for size, *_ in published(engine)]


def test_one_leads_until_it_resigns(two: tuple[Leadership, Leadership]) -> None:
    first, second = two
    assert [first.held(), second.held(), first.held()] == [True, False, True]
    first.resign()
    wait_until(second.held, "the lock stays")
    assert not first.held()
    assert second.token == 2


def test_only_the_leader_publishes(engine: Engine, two: tuple[Leadership, Leadership]) -> None:
    first, second = two
    second.held()
    assert publish(first, 5)
    assert not publish(second, 6)
    assert sizes(engine) == [5]


def test_a_stale_token_is_refused_though_the_session_lives(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    first, _ = two
    with engine.begin() as connection:
        connection.execute(RAISED)
    assert not publish(first, 5)
    assert first.token is None
    assert sizes(engine) == []


def test_a_stale_token_cannot_be_renewed(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    first, second = two
    with engine.begin() as connection:
        connection.execute(RAISED)
    assert not first.held()
    wait_until(second.held, "the lock does not go with the session")
    assert second.token == 3


def test_no_size_is_ever_published_twice(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    first, second = two
    assert publish(first, 5)
    first.resign()
    wait_until(second.held, "the lock stays")
    assert not publish(second, 5, b"other root".ljust(32))
    assert second.token is None
    assert [(size, root) for size, root, *_ in published(engine)] == [(5, (b"r" * 32).hex())]


def in_thread(leadership: Leadership) -> tuple[threading.Thread, list[bool]]:
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(publish(leadership, 5)))
    thread.start()
    return thread, answers


def waiting(engine: Engine) -> bool:
    with engine.connect() as connection:
        asked = """SELECT count(*) FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND datname = current_database()"""
        return bool(connection.execute(text(asked)).scalar())


def test_publishing_waits_for_a_new_leader_and_is_refused(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    """The new leader's token is raised but not yet committed when the old one publishes."""
    first, _ = two
    with engine.begin() as connection:
        connection.execute(RAISED)
        thread, answers = in_thread(first)
        wait_until(lambda: waiting(engine), "publishing does not wait")
    thread.join()
    assert answers == [False]
    assert sizes(engine) == []


def test_a_new_leader_waits_for_publishing_and_sees_it(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    """The old leader's checkpoint is written but not yet committed when the new one takes over."""
    first, second = two
    row = {"size": 5, "root": "r", "note": "n", "token": first.token}
    with engine.begin() as connection:
        assert connection.execute(checkpoints._PUBLISH, row).first()
        first.resign()
        thread = threading.Thread(target=wait_until, args=(second.held, "the lock stays"))
        thread.start()
        wait_until(lambda: waiting(engine), "the new leader does not wait")
    thread.join()
    assert second.token == 2
    assert sizes(engine) == [5]


def test_a_leader_in_time_is_not_put_aside_but_a_stale_one_is(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    first, second = two
    assert not second.held()
    assert first.held()
    with engine.begin() as connection:
        connection.execute(text("UPDATE log_leader SET until = 0"))
    wait_until(second.held, "the stale leader stays")
    assert not publish(first, 5)
    assert publish(second, 5)
    assert [token for *_, token in published(engine)] == [2]


def test_whoever_follows_goes_as_far_as_its_step_allows(
    engine: Engine, two: tuple[Leadership, Leadership]
) -> None:
    for size in (10, 20, 30, 5000):
        assert publish(two[0], size)
    with engine.connect() as connection:
        steps = [checkpoints.published(connection, size, 25) for size in (0, 20, 30, 5000)]
    assert [step and step.size for step in steps] == [20, 30, 5000, None]


@pytest.mark.parametrize("bits", [15, 31])
def test_a_log_grows_past_every_width_a_number_may_have_in_the_database(
    engine: Engine, two: tuple[Leadership, Leadership], bits: int
) -> None:
    at, beyond = 2**bits - 10, 2**bits + 10
    for size in (at, beyond):
        assert publish(two[0], size)
    with engine.connect() as connection:
        steps = [checkpoints.published(connection, size, 2000) for size in (at, beyond)]
    assert [step and step.size for step in steps] == [beyond, None]
