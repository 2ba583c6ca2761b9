"""What the embedded store promises beside what every store does."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text

from gateway.store.base import StoreUnavailableError
from gateway.store.query import Query
from gateway.store.schema import upgrade
from gateway.store.sqlite import SqliteStore, StoreInUseError, reading
from tests.gateway.store.conftest import Run
from tests.gateway.store.jobs import adding, logged, names, together


@pytest.fixture
def store(tmp_path: Path, run: Run) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path)
    upgrade(opened.engine)
    yield opened
    run(opened.close())


def test_one_store_at_a_time_has_a_directory(store: SqliteStore, tmp_path: Path, run: Run) -> None:
    with pytest.raises(StoreInUseError, match="already serves"):
        SqliteStore(tmp_path)
    run(store.close())
    run(SqliteStore(tmp_path).close())


def test_the_database_is_opened_for_durability(store: SqliteStore) -> None:
    def pragma(name: str) -> Any:
        return store.reader.execute(text(f"PRAGMA {name}")).scalar_one()

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1


def test_sqlite_is_one_without_the_write_ahead_logs_defect(store: SqliteStore) -> None:
    version = store.reader.execute(text("SELECT sqlite_version()")).scalar_one()
    assert tuple(map(int, version.split("."))) > (3, 51, 2)


def test_a_full_disk_takes_the_whole_group(store: SqliteStore, run: Run) -> None:
    """SQLite itself then ends the transaction."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON person WHEN NEW.id = 'b' "
            "BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END"
        )
    outcomes = run(together(store, adding("a", 1), adding("b", 2)))
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailableError}
    assert (names(store), logged(store)) == (set(), [])
    assert run(store.write(adding("d"))) == 1


def test_what_was_written_is_there_again(store: SqliteStore, tmp_path: Path, run: Run) -> None:
    run(store.write(adding("a", 1)))
    run(store.close())
    again = SqliteStore(tmp_path)
    upgrade(again.engine)
    assert run(again.write(adding("b", 2))) == 2
    assert logged(again) == [(1, 1), (2, 2)]
    run(again.close())


def test_reading_needs_data_and_writes_nothing(store: SqliteStore, tmp_path: Path) -> None:
    with reading(tmp_path) as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        with pytest.raises(Exception, match="readonly"):
            connection.execute(text("DELETE FROM person"))
    with pytest.raises(FileNotFoundError), reading(tmp_path / "elsewhere"):
        pass


def test_a_read_the_driver_refuses_leaves_its_neighbours(store: SqliteStore, run: Run) -> None:
    wanted = Query(select(bindparam("number")))

    async def ask() -> list[Any]:
        asked = [store.rows(wanted, {"number": number}) for number in (1, 2**70, 3)]
        return await asyncio.gather(*asked, return_exceptions=True)

    one, refused, other = run(ask())
    assert (one, other) == ([(1,)], [(3,)])
    assert isinstance(refused, StoreUnavailableError)
