"""One statement for many keys or many rows: a journey for each would cost more than its work."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, Executable, String, any_, bindparam
from sqlalchemy.sql import ColumnElement

from gateway.store.query import Query, Row, run

LIST = ARRAY(String)
SIZES = (1, 8, 64, 512)
"""How many keys one statement asks SQLite about: few statements, which it keeps prepared."""
Among = Callable[[Any], ColumnElement[bool]]


class Many:
    """A question about the keys of a list. `build` makes it, given how a column is held against
    them: PostgreSQL takes a list as one value, and looks each key up by index; where it got each
    as a parameter, it would read the whole table. SQLite has no lists."""

    def __init__(self, build: Callable[[Among], Executable]) -> None:
        self._build = build
        self._of_list = Query(build(lambda column: column == any_(bindparam("keys", type_=LIST))))
        self._made: dict[int, Query] = {}

    def rows(
        self, connection: Connection, keys: Sequence[str], named: Mapping[str, Any] | None = None
    ) -> Iterator[Row]:
        """Every row about any of `keys`, which are each there once; `named` are further values."""
        if not keys:
            return
        if connection.dialect.name == "postgresql":
            values = {"keys": list(keys)} | dict(named or {})
            yield from run(connection, self._of_list, values).fetchall()
            return
        for start in range(0, len(keys), SIZES[-1]):
            part = keys[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(part))
            values = {f"key_{n}": part[min(n, len(part) - 1)] for n in range(size)}
            yield from run(connection, self._of(size), values | dict(named or {})).fetchall()

    def _of(self, size: int) -> Query:
        if size not in self._made:
            keys: list[Any] = [bindparam(f"key_{n}") for n in range(size)]
            self._made[size] = Query(self._build(lambda column: column.in_(keys)))
        return self._made[size]


def run_all(connection: Connection, query: Query, rows: Iterable[Mapping[str, Any]]) -> None:
    """Run a statement once for each of `rows`, without waiting for one before the next."""
    sent = [query.sent(connection.dialect, row)[1] for row in rows]
    if sent:
        driver: Any = connection.connection.dbapi_connection
        driver.cursor().executemany(query.text(connection.dialect), sent)
