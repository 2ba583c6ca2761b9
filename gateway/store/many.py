"""One statement for many keys or many rows: a journey for each would cost more than its work."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, bindparam

from gateway.store.query import Query, Row, run

SIZES = (1, 8, 64, 512)
"""How many keys one statement asks about: few statements, which the database keeps prepared."""


class Many:
    """A question about the keys of a list. `build` makes it for so many parameters."""

    def __init__(self, build: Callable[[list[Any]], Executable]) -> None:
        self._build = build
        self._made: dict[int, Query] = {}

    def rows(
        self, connection: Connection, keys: Sequence[str], named: Mapping[str, Any] | None = None
    ) -> Iterator[Row]:
        """Every row about any of `keys`, which are each there once; `named` are further values."""
        for start in range(0, len(keys), SIZES[-1]):
            part = keys[start : start + SIZES[-1]]
            size = next(size for size in SIZES if size >= len(part))
            values = {f"key_{n}": part[min(n, len(part) - 1)] for n in range(size)}
            yield from run(connection, self._of(size), values | dict(named or {})).fetchall()

    def _of(self, size: int) -> Query:
        if size not in self._made:
            keys: list[Any] = [bindparam(f"key_{n}") for n in range(size)]
            self._made[size] = Query(self._build(keys))
        return self._made[size]


def run_all(connection: Connection, query: Query, rows: Iterable[Mapping[str, Any]]) -> None:
    """Run a statement once for each of `rows`, without waiting for one before the next."""
    sent = [query.sent(connection.dialect, row)[1] for row in rows]
    if sent:
        driver: Any = connection.connection.dbapi_connection
        driver.cursor().executemany(query.text(connection.dialect), sent)
