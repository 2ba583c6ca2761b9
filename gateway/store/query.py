"""Core statements for the hot path: compiled once per database, then run straight on its driver.

SQLAlchemy's own execution costs several times what the database does for a small read. The
statement stays one, for both stores; only the way it is sent is short.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Executable

Row = tuple[Any, ...]


class Query:
    """A Core statement whose parameters are named; their values must be plain driver types."""

    def __init__(self, statement: Executable) -> None:
        self.statement: Any = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def text(self, dialect: Dialect) -> str:
        """The statement as the dialect's driver takes it."""
        return self._for(dialect)[0]

    def sent(self, dialect: Dialect, named: Mapping[str, Any]) -> tuple[str, Row]:
        """The statement and its parameters in order."""
        text, order, fixed = self._for(dialect)
        values = {**fixed, **named} if fixed else named
        return text, tuple([values[name] for name in order])

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        found = self._compiled.get(dialect.name)
        if found is None:
            made: Any = self.statement.compile(dialect=dialect)
            if made.positiontup is None:
                raise TypeError("the engine must use positional parameters")
            fixed = {name: b.value for b, name in made.bind_names.items() if not b.required}
            found = self._compiled[dialect.name] = (str(made), tuple(made.positiontup), fixed)
        return found


class Reader(Protocol):
    """Whoever runs queries for handlers, always on the primary."""

    def rows(self, query: Query, named: Mapping[str, Any]) -> Awaitable[list[Row]]:
        """Every row. Raises `StoreUnavailableError` where the database cannot be reached."""
        ...


def run(connection: Connection, query: Query, values: Mapping[str, Any] | list[Any]) -> Any:
    """Run a query in the connection's transaction, straight on the driver; returns its cursor.

    A list of values is already in the order of the statement's parameters.
    """
    driver: Any = connection.connection.dbapi_connection
    if isinstance(values, list):
        return driver.execute(query.text(connection.dialect), values)
    return driver.execute(*query.sent(connection.dialect, values))
