"""The log of one machine keeps up with the store, or says that it does not."""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from audit.errors import LogError
from audit.lock import WriterLock
from audit.log import Log
from audit.view import LogView
from gateway import integrator as module
from gateway.integrator import Integrator, log_directory
from gateway.store.schema import upgrade
from gateway.store.sqlite import open_engine
from tests.audit.logs import SIGNER, build, files
from tests.gateway.cluster import check, commit, migrated, published
from tests.gateway.machine import wait_until
from tests.postgres import PostgresServer

Start = Callable[..., Integrator]


@pytest.fixture
def shared(postgres: PostgresServer) -> Iterator[Engine]:
    """The store of many machines."""
    with migrated(postgres) as (_, opened):
        yield opened


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engine]:
    """The store of one process."""
    engine = open_engine(tmp_path / "gateway.db")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts integrators on data directories, and stops them at the end."""
    running: list[Integrator] = []

    def started(engine: Engine, data_dir: Path) -> Integrator:
        data_dir.mkdir(exist_ok=True)
        one = Integrator(engine, LogView(log_directory(data_dir), SIGNER.verifier), SIGNER)
        one.start()
        running.append(one)
        return one

    yield started
    for one in running:
        one.stop()


def test_the_embedded_store_has_its_log_to_itself(
    embedded: Engine, tmp_path: Path, start: Start
) -> None:
    one = start(embedded, tmp_path)
    size = commit(embedded, 2500)
    wait_until(lambda: one.view.size == size, "it does not keep up")
    assert one.failure is None
    assert published(embedded) == [], "nobody else has to be told"


def test_an_entry_is_under_a_checkpoint_within_a_second(
    embedded: Engine, tmp_path: Path, start: Start
) -> None:
    one = start(embedded, tmp_path)
    assert asyncio.run(one.reached(commit(embedded, 1), seconds=5))
    assert not asyncio.run(one.reached(2, seconds=0.1))


def test_what_others_published_is_followed_and_checked(
    shared: Engine, tmp_path: Path, start: Start
) -> None:
    first, second = start(shared, tmp_path / "a"), start(shared, tmp_path / "b")
    size = commit(shared, 700)
    wait_until(lambda: first.view.size == second.view.size == size, "they do not keep up")
    late = start(shared, tmp_path / "c")
    wait_until(lambda: late.view.size == size, "it does not catch up")
    check(shared, [tmp_path / name for name in "abc"], size)


def test_entries_that_do_not_come_to_the_published_root_raise_the_alarm(
    shared: Engine, tmp_path: Path, start: Start
) -> None:
    """The store was changed after the leader had taken the entries in."""
    first = start(shared, tmp_path / "a")
    size = commit(shared, 300)
    wait_until(lambda: first.view.size == size, "it does not keep up")
    first.stop()
    with shared.begin() as connection:
        forged = "UPDATE audit_entry SET sealed = replace(sealed, 'permit', 'denied')"
        connection.execute(text(f"{forged} WHERE seq = 123"))
    second = start(shared, tmp_path / "b")
    wait_until(lambda: second.failure == "LogError", "it takes what is not so")
    assert second.view.size == 0
    assert set(files(log_directory(tmp_path / "b"))) == {"checkpoint", "vkey"}


def test_a_gap_in_the_store_raises_the_alarm(
    embedded: Engine, tmp_path: Path, start: Start
) -> None:
    commit(embedded, 10)
    with embedded.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE seq = 7"))
    one = start(embedded, tmp_path)
    wait_until(lambda: one.failure == "LogError", "it leaves an entry out")
    assert one.view.size == 0


def test_a_store_put_back_to_an_older_state_raises_the_alarm(
    embedded: Engine, tmp_path: Path, start: Start
) -> None:
    one = start(embedded, tmp_path)
    size = commit(embedded, 10)
    wait_until(lambda: one.view.size == size, "it does not keep up")
    with embedded.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE seq > 8"))
        connection.execute(text("UPDATE audit_head SET size = 8"))
    wait_until(lambda: one.failure == "LogError", "it does not notice")


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM log_checkpoint WHERE size = 10", "UPDATE log_checkpoint SET root = '00'"],
)
def test_a_log_that_was_not_published_is_not_gone_on_with(
    shared: Engine, tmp_path: Path, start: Start, change: str
) -> None:
    """So it is after the database was put back; the next root would be one nobody else gets."""
    one = start(shared, tmp_path)
    size = commit(shared, 10)
    wait_until(lambda: one.view.size == size, "it does not keep up")
    with shared.begin() as connection:
        connection.execute(text(change))
    commit(shared, 10)
    wait_until(lambda: one.failure == "LogError", "it does not notice")
    assert one.view.size == 10


def test_a_machine_that_cannot_write_leaves_the_lead_to_another(
    shared: Engine, tmp_path: Path, start: Start
) -> None:
    first = start(shared, tmp_path / "a")
    size = commit(shared, 5)
    wait_until(lambda: first.view.size == size, "it does not begin")
    shutil.move(log_directory(tmp_path / "a"), tmp_path / "hidden")
    wait_until(lambda: first.failure is not None, "it does not notice")
    second = start(shared, tmp_path / "b")
    size = commit(shared, 20)
    wait_until(lambda: second.view.size == size, "nobody leads")
    shutil.move(tmp_path / "hidden", log_directory(tmp_path / "a"))
    wait_until(lambda: first.failure is None and first.view.size == size, "it does not come back")
    check(shared, [tmp_path / "a", tmp_path / "b"], size)


def test_a_process_that_does_not_write_sees_that_nobody_does(
    shared: Engine, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the right to write the folder is stopped, or hangs."""
    monkeypatch.setattr(module, "STALLED", 1.0)
    holder = WriterLock(tmp_path / "log.lock")
    assert holder.held()
    build(log_directory(tmp_path), 0)
    one = start(shared, tmp_path)
    time.sleep(1.5)
    assert one.failure is None, "nothing waits"
    commit(shared, 5)
    wait_until(lambda: one.failure == "Stalled", "it does not notice")
    holder.release()
    wait_until(lambda: one.failure is None and one.view.size == 5, "it does not take over")


def test_a_thread_that_hangs_counts_as_a_log_that_cannot_grow(
    embedded: Engine, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALLED", 1.0)
    hanging = threading.Event()
    append = Log.append

    def hang(*arguments: object) -> bool:
        hanging.wait()
        return append(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Log, "append", hang)
    one = start(embedded, tmp_path)
    commit(embedded, 5)
    wait_until(lambda: one.failure == "Stalled", "it does not notice")
    hanging.set()
    wait_until(lambda: one.failure is None, "it does not go on")


def test_a_log_that_must_be_looked_at_is_not_begun_with(embedded: Engine, tmp_path: Path) -> None:
    folder = log_directory(tmp_path)
    build(folder, 300)
    (folder / "tile/0/001.p/44").unlink()
    for _ in range(2):
        one = Integrator(embedded, LogView(folder, SIGNER.verifier), SIGNER)
        with pytest.raises(LogError):
            one.start()
