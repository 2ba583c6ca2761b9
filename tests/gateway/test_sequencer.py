"""Many machines, one log: whoever is stopped, killed or cut off, there is one history."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gateway.store.checkpoints import LOCK
from tests.gateway.cluster import check, commit, migrated, published
from tests.gateway.machine import Machine, wait_until
from tests.postgres import PostgresServer

HANDOVERS = 6


@pytest.fixture
def store(postgres: PostgresServer) -> Iterator[tuple[str, Engine]]:
    with migrated(postgres) as opened:
        yield opened


class Flow:
    """Entries that keep coming until the block ends; then `size` says how many came."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.size = engine, 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Flow":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        dice = random.Random()
        while not self._ending.wait(0.005):
            self.size = commit(self.engine, dice.randrange(1, 8))


def leader(machines: list[Machine]) -> Machine:
    """Who led last."""
    wait_until(lambda: any(machine.tokens for machine in machines), "nobody leads")
    return max(machines, key=lambda machine: max(machine.tokens, default=0))


def hand_over(engine: Engine, machines: list[Machine], flow: Flow, delay: float) -> None:
    """Stop the leader at some point, let another take over, and let the old one go on."""
    old = leader(machines)
    before = max(old.tokens)
    time.sleep(delay)
    old.send(signal.SIGSTOP)
    wait_until(lambda: leader(machines) is not old, "nobody took over")
    wait_until(lambda: any(t > before for *_, t in published(engine)), "the new leader is idle")
    old.send(signal.SIGCONT)
    size = flow.size
    wait_until(lambda: old.view.size >= size, "it does not follow")


def test_two_machines_keep_the_same_log(store: tuple[str, Engine], tmp_path: Path) -> None:
    url, engine = store
    places = [tmp_path / "a", tmp_path / "b"]
    with Machine.running(url, places[0]) as a, Machine.running(url, places[1]) as b:
        with Flow(engine) as flow:
            wait_until(lambda: min(a.view.size, b.view.size) > 300, "the logs do not grow")
        wait_until(lambda: a.view.size == b.view.size == flow.size, "an entry is missing")
        assert sorted(a.tokens + b.tokens) == [1], "one of them leads, all the time"
        a.leave()
        b.leave()
    check(engine, places, flow.size)


def test_a_leader_stopped_anywhere_is_replaced_and_never_publishes_again(
    store: tuple[str, Engine], tmp_path: Path
) -> None:
    url, engine = store
    places = [tmp_path / name for name in "abc"]
    dice = random.Random()
    with ExitStack() as stack:
        machines = [stack.enter_context(Machine.running(url, place)) for place in places]
        with Flow(engine) as flow:
            for _ in range(HANDOVERS):
                hand_over(engine, machines, flow, dice.uniform(0, 0.5))
        wait_until(lambda: all(one.view.size == flow.size for one in machines), "one lags")
        for machine in machines:
            machine.leave()
    check(engine, places, flow.size)
    assert sum(len(machine.tokens) for machine in machines) > HANDOVERS


def test_a_leader_stopped_at_the_moment_of_publishing_is_refused(
    store: tuple[str, Engine], tmp_path: Path
) -> None:
    url, engine = store
    with Machine.running(url, tmp_path / "a", "stop") as old:
        commit(engine, 700)
        wait_until(old.stopped, "it did not come to publish")
        assert published(engine) == []
        with Machine.running(url, tmp_path / "b") as new:
            commit(engine, 5)
            wait_until(lambda: new.view.size == 705, "nobody took over")
            assert old.view.size == 0
            old.send(signal.SIGCONT)
            wait_until(lambda: old.view.size == 705, "it does not follow")
            size = commit(engine, 100)
            wait_until(lambda: old.view.size == new.view.size == size, "they do not go on")
            assert (old.tokens, new.tokens) == ([1], [2])
            new.leave()
        old.leave()
    assert all(token > 1 for *_, token in published(engine))
    check(engine, [tmp_path / "a", tmp_path / "b"], size)


def test_a_leader_killed_after_publishing_finds_its_checkpoint_again(
    store: tuple[str, Engine], tmp_path: Path
) -> None:
    url, engine = store
    size = commit(engine, 300)
    for number in range(3):
        with Machine.running(url, tmp_path / "a", "die") as unlucky:
            assert unlucky.process.wait(30) == -signal.SIGKILL
            assert unlucky.view.size == (0 if number == 0 else size - 50)
        assert published(engine)[-1][0] == size
        size = commit(engine, 50)
    with Machine.running(url, tmp_path / "a") as again:
        wait_until(lambda: again.view.size == size, "it does not go on")
        again.leave()
    check(engine, [tmp_path / "a"], size)


def test_a_leader_whose_session_is_gone_notices_and_the_log_goes_on(
    store: tuple[str, Engine], tmp_path: Path
) -> None:
    url, engine = store
    ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = :space AND objid = :key"
    with Machine.running(url, tmp_path / "a") as a:
        size = commit(engine, 10)
        wait_until(lambda: a.view.size == size, "it does not begin")
        with engine.begin() as connection:
            assert connection.execute(text(ended), LOCK).scalar()
        size = commit(engine, 10)
        wait_until(lambda: a.view.size == size, "it does not recover")
        a.leave()
    assert a.tokens == [1, 2]
    check(engine, [tmp_path / "a"], size)


def test_the_log_goes_on_after_the_database_crashed(tmp_path: Path) -> None:
    places = [tmp_path / "a", tmp_path / "b"]
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer.running())
        url, engine = stack.enter_context(migrated(server))
        a, b = (stack.enter_context(Machine.running(url, place)) for place in places)
        size = commit(engine, 400)
        wait_until(lambda: a.view.size > 0, "it does not begin")
        server.kill()
        time.sleep(1)
        server.start()
        engine.dispose()
        size = commit(engine, 100)
        wait_until(lambda: a.view.size == b.view.size == size, "they do not recover")
        a.leave()
        b.leave()
        check(engine, places, size)


def test_another_process_of_a_machine_takes_its_folder_over(
    store: tuple[str, Engine], tmp_path: Path
) -> None:
    url, engine = store
    with Machine.running(url, tmp_path / "a") as first:
        commit(engine, 10)
        wait_until(lambda: first.view.size == 10, "it does not begin")
        with Machine.running(url, tmp_path / "a") as second:
            size = commit(engine, 300)
            wait_until(lambda: second.view.size == size, "the reader does not see it grow")
            assert second.tokens == []
            first.send(signal.SIGKILL)
            size = commit(engine, 300)
            wait_until(lambda: second.view.size == size, "nobody took over")
            second.leave()
    assert second.tokens
    check(engine, [tmp_path / "a"], size)
