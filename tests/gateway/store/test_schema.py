"""The migrations make exactly the tables that are declared, from nothing and back to nothing."""

from collections.abc import Iterator
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

from gateway.store import tables
from gateway.store.schema import alembic_config, upgrade
from gateway.store.sqlite import open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(tmp_path / "gateway.db")
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


def definitions(engine: Engine) -> set[tuple[str, str]]:
    """Every table and index, as SQLite has written it down."""
    query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(query)}


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
        connection.execute(text("INSERT INTO raw_payload VALUES ('hash', 'bytes')"))
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


def test_log_positions_are_never_given_out_twice(engine: Engine) -> None:
    upgrade(engine)
    definition = dict(definitions(engine))["audit_entry"]
    assert "AUTOINCREMENT" in definition.upper()
