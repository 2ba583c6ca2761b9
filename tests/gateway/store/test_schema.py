"""The migrations make exactly the tables that are declared, from nothing and back to nothing."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from gateway.store import sqlite, tables
from gateway.store.postgres import open_engine
from gateway.store.schema import alembic_config, upgrade
from tests.gateway.cluster import STORES, commit, database, fresh
from tests.postgres import PostgresServer


@pytest.fixture(params=STORES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh(request) as url:
        opened = open_engine(url) if url else sqlite.open_engine(tmp_path / "gateway.db")
        yield opened
        opened.dispose()


def declared() -> set[str]:
    return {
        table.name
        for table in SQLModel.metadata.tables.values()
        if table.name in {getattr(one, "__tablename__", None) for one in vars(tables).values()}
    }


def differences(engine: Engine) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, SQLModel.metadata))


def run(engine: Engine, step: Any, target: str) -> None:
    """Run an Alembic command on this database."""
    config: Config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        step(config, target)
        connection.commit()


def definitions(engine: Engine) -> set[tuple[Any, ...]]:
    """Every table, column, default, constraint and index, as the database has them written down."""
    if engine.dialect.name == "sqlite":
        queries = ["SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"]
    else:
        queries = [
            "SELECT table_name, column_name, data_type, is_nullable, column_default "
            "FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT sequencename::text FROM pg_sequences",
        ]
    with engine.connect() as connection:
        return {
            tuple(row) for query in queries for row in connection.exec_driver_sql(query).fetchall()
        }


def test_migrations_make_what_the_models_declare(engine: Engine) -> None:
    upgrade(engine)
    assert differences(engine) == []
    assert set(inspect(engine).get_table_names()) == declared() | {"alembic_version"}


def test_the_comparison_would_notice(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("DROP INDEX ix_person_surname"))
        connection.execute(text("ALTER TABLE person ADD COLUMN shoe_size INTEGER"))
        connection.commit()
    assert {one[0] for one in differences(engine)} == {"add_index", "remove_column"}


def test_constraints_are_those_declared(engine: Engine) -> None:
    upgrade(engine)
    found = inspect(engine)
    for name in declared():
        table = SQLModel.metadata.tables[name]
        key = found.get_pk_constraint(name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key], name
        foreign = {
            (tuple(one["constrained_columns"]), one["referred_table"])
            for one in found.get_foreign_keys(name)
        }
        assert foreign == {
            (tuple(one.column_keys), one.referred_table.name)
            for one in table.foreign_key_constraints
        }, name


def test_upgrading_twice_is_harmless(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(tables.RawPayload.__table__.insert(), {"hash": "hash", "body": b"bytes"})  # type: ignore[attr-defined]
        connection.commit()
    before = definitions(engine)
    upgrade(engine)
    assert definitions(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT hash FROM raw_payload")).scalars().all() == ["hash"]


def test_every_step_goes_back_and_forth_again(engine: Engine) -> None:
    upgrade(engine)
    newest = definitions(engine)
    revisions = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    for revision in revisions:
        run(engine, command.downgrade, "-1" if revision.down_revision else "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    for revision in reversed(revisions):
        run(engine, command.upgrade, revision.revision)
    assert definitions(engine) == newest


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def stored(engine: Engine) -> list[tuple[Any, ...]]:
    """The entries and whom they are about; bytes as bytes."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT seq, id, staff, salt, sealed FROM audit_entry"))
        about = connection.execute(text("SELECT person_id, seq FROM audit_subject"))
        return [*(tuple(row) for row in rows), *(tuple(row) for row in about)]


def test_entries_are_carried_over_as_text_and_back(engine: Engine) -> None:
    """The first gateways kept salt and entry as bytes, under numbers the database gave out."""
    run(engine, command.upgrade, "0001")
    salts = [hashlib.sha256(b"%d" % number).digest() for number in range(3)]
    sealed = ['{"justification": "naïve “quotes”"}'.encode(), b"{}", b'{"a":"\\u0000"}']
    add = text(
        "INSERT INTO audit_entry (id, time, agency, client, operation, outcome, salt, sealed)"
        " VALUES (:id, '', 'police', 'c', 'o', 'o', :salt, :sealed)"
    )
    with engine.begin() as connection:
        for number in range(3):
            row = {"id": str(number), "salt": salts[number], "sealed": sealed[number]}
            connection.execute(add, row)
        connection.execute(text("INSERT INTO audit_subject VALUES ('somebody', 2)"))
    before = stored(engine)
    upgrade(engine)
    subject = ("somebody", 2)
    kept = [(n + 1, str(n), None, salts[n].hex(), sealed[n].decode()) for n in range(3)]
    assert stored(engine) == [*kept, subject]
    run(engine, command.downgrade, "0001")
    assert stored(engine) == before
    run(engine, command.upgrade, "head")
    assert commit(engine, 2) == 5, "the numbers go on where they were"
    assert [row[0] for row in stored(engine)[:-1]] == [1, 2, 3, 4, 5]


def test_people_known_before_are_one_with_nobody_and_reviews_are_open(engine: Engine) -> None:
    run(engine, command.upgrade, "0003")
    person = {"excluded": False, "restricted": False, "disputed": True}
    statements = (
        "INSERT INTO person (id, created_at, excluded, restricted)"
        " VALUES ('a', '', :excluded, :restricted)",
        "INSERT INTO person_identifier VALUES ('crn', 'X000001', 'a', :disputed)",
        "INSERT INTO identity_review (id, person_id, reason, created_at) VALUES ('r', 'a', '', '')",
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), person)
    upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT merged_into, survivor FROM person")).one()
        merged = connection.execute(text("SELECT disputed, merged FROM person_identifier")).one()
        review = connection.execute(text("SELECT version, decision FROM identity_review")).one()
    assert (tuple(found), tuple(map(bool, merged))) == ((None, None), (True, False))
    assert tuple(review) == (0, None)
    run(engine, command.downgrade, "0003")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT scheme, disputed FROM person_identifier")).one()
    assert (rows[0], bool(rows[1])) == ("crn", True)


def test_numbers_begin_with_one(engine: Engine) -> None:
    upgrade(engine)
    assert commit(engine, 1) == 1
    assert [row[0] for row in stored(engine)] == [1]


def test_of_many_gateways_that_start_at_once_one_migrates(postgres: PostgresServer) -> None:
    with database(postgres) as url:
        engines = [open_engine(url) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))
        assert differences(engines[0]) == []
        for engine in engines:
            engine.dispose()
