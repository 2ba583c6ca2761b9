"""Core statements for the hot path: compiled once per database, then run straight on its driver.

SQLAlchemy's own execution costs several times what the database does for a small read. The
statement stays one, for both stores; only the way it is sent is short.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    Connection,
    Dialect,
    Executable,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)

Row = tuple[Any, ...]


class Query:
    """A Core statement whose parameters are named; their values must be plain driver types.

    `together` is the same question asked for many at once, where there is one: its only parameter
    `asked` is a JSON array of the parameters of each, and the last column says whose a row is.
    """

    def __init__(self, statement: Executable, together: "Query | None" = None) -> None:
        self.statement: Any = statement
        self.together = together
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


class Given:
    """Where a question takes its parameters from: each by itself, or a set of them."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self._asked: Any = None
        if names:
            columns: list[Any] = [column("n", Integer), *(column(name, Text) for name in names)]
            given = func.json_to_recordset(cast(bindparam("asked", type_=Text), JSON))
            self._asked = given.table_valued(*columns, name="asked").render_derived(with_types=True)
        self.names: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        self.names[name] = None
        return bindparam(name, type_=Text) if self._asked is None else self._asked.c[name]

    def begin(self) -> Any:
        """Where to begin joining: one row for each who asks."""
        return select(literal_column("1")).subquery("one") if self._asked is None else self._asked

    def select(self, *columns: Any) -> Select[Any]:
        """The columns, and whose they are where several ask.

        The planner takes any such set for a hundred rows, and would rather read whole tables than
        look a hundred up. What it cannot judge (that `n` is `n`) makes it expect one.
        """
        if self._asked is None:
            return select(*columns)
        whose = self._asked.c.n
        return select(*columns, whose).where(whose == whose + literal_column("0"))


def question(build: Callable[[Given], Executable]) -> Query:
    """A question about text that can be asked singly and, of PostgreSQL, for many together."""
    singly = Given()
    statement = build(singly)
    return Query(statement, Query(build(Given(tuple(singly.names)))))


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
