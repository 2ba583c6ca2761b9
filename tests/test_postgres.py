"""The tests' own PostgreSQL: private, unprivileged, gone afterwards, and true to a crash."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import PostgresServer, find_binaries


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer.running(tmp_path_factory.mktemp("postgres")) as running:
        yield running


def ask(url: str, statement: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return str(row[0]) if row else ""


def test_it_is_new_enough_and_never_trades_a_commit_for_speed(server: PostgresServer) -> None:
    assert int(ask(server.url, "SHOW server_version_num")) >= postgres.OLDEST * 10_000
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(server.url, f"SHOW {setting}") == "on"


def test_it_does_not_run_as_root(server: PostgresServer) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_it_listens_on_the_loopback_alone(server: PostgresServer) -> None:
    assert ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server.url, "SHOW unix_socket_directories") == ""


def test_each_test_can_have_a_database_of_its_own(server: PostgresServer) -> None:
    one, other = server.database("one"), server.database("other")
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE thing (id int)")
    assert ask(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'thing'") == "0"
    with psycopg.connect(other):
        server.drop("other")
    server.drop("one")
    assert ask(server.url, "SELECT count(*) FROM pg_database WHERE datname = 'one'") == "0"


def test_a_crash_ends_every_process_and_loses_nothing_committed(server: PostgresServer) -> None:
    url = server.database("crash")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (id serial)")
    committed: list[int] = []

    def write() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while True:
                try:
                    row = connection.execute("INSERT INTO kept DEFAULT VALUES RETURNING id")
                except psycopg.OperationalError:
                    return
                committed.extend(found for (found,) in row)

    writer = threading.Thread(target=write)
    writer.start()
    while len(committed) < 20:
        time.sleep(0.01)
    family = [server.pid, *postgres._children(server.pid)]
    assert len(family) > 3
    server.kill()
    server.kill()
    assert not any(postgres._alive(pid) for pid in family)
    writer.join()
    server.start()
    with psycopg.connect(url) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM kept")}
    assert set(committed) <= kept


def test_settings_environment_and_cores_are_the_callers(tmp_path: Path) -> None:
    core = min(os.sched_getaffinity(0))
    with PostgresServer.running(
        tmp_path, environment={"PGTZ": "Asia/Tokyo"}, cores={core}, work_mem="7MB"
    ) as server:
        assert ask(server.url, "SHOW work_mem") == "7MB"
        environ = Path(f"/proc/{server.pid}/environ").read_text()
        assert "PGTZ=Asia/Tokyo" in environ.split("\0")
        backend = int(ask(server.url, "SELECT pg_backend_pid()"))
        assert backend != server.pid
        for pid in (server.pid, *postgres._children(server.pid)):
            assert os.sched_getaffinity(pid) == {core}


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with PostgresServer.running(tmp_path) as server:
        home = server.home
        family = [server.pid, *postgres._children(server.pid)]
        assert home.is_dir()
        connection = psycopg.connect(server.url)
    connection.close()
    assert not home.exists()
    assert not any(postgres._alive(pid) for pid in family)


def test_nothing_is_left_behind_by_a_crash_either(tmp_path: Path) -> None:
    with PostgresServer.running(tmp_path) as server:
        home = server.home
        server.kill()
    assert not home.exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="shared_buffers"),
        PostgresServer.running(tmp_path, shared_buffers="much"),
    ):
        pass


def without_system_server(patch: pytest.MonkeyPatch, empty: Path) -> None:
    patch.setenv("PATH", str(empty))
    patch.setattr(postgres, "DEBIAN", empty)


def test_without_a_system_server_the_one_in_the_wheel_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_system_server(monkeypatch, tmp_path)
    assert postgres.WHEEL in str(find_binaries())
    with PostgresServer.running(tmp_path) as server:
        assert ask(server.url, "SELECT 1") == "1"


def test_without_any_server_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_system_server(monkeypatch, tmp_path)
    monkeypatch.setattr(postgres, "WHEEL", "no_such_wheel")
    with pytest.raises(RuntimeError, match="pip install"):
        find_binaries()
