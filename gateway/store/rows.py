"""Rows in memory: as they were read, as they were changed since, and back again."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Journal:
    """What was changed since the last mark, in all the `Rows` that share it."""

    def __init__(self) -> None:
        self._changes: list[tuple[dict[Any, Any], Any, Any]] = []

    def mark(self) -> None:
        """From here `undo` goes back to here."""
        self._changes.clear()

    def note(self, rows: dict[Any, Any], key: Any) -> None:
        """The row of `key` is about to change; `None` stands for no row."""
        self._changes.append((rows, key, rows.get(key)))

    def undo(self) -> None:
        """Take back every change since the mark."""
        for rows, key, before in reversed(self._changes):
            if before is None:
                del rows[key]
            else:
                rows[key] = before
        self._changes.clear()


class Rows(Generic[K, V]):
    """Rows by their key. They are values: whoever changes one puts another in its place."""

    def __init__(self, journal: Journal) -> None:
        self.read: dict[K, V] = {}
        self.changed: dict[K, V] = {}
        self._journal = journal

    def get(self, key: K) -> V | None:
        """The row as it now is; `None` where there is none, or it was never read."""
        found = self.changed.get(key)
        return self.read.get(key) if found is None else found

    def put(self, key: K, row: V) -> None:
        """A new row, or another in its place."""
        self._journal.note(self.changed, key)
        self.changed[key] = row

    def unread(self, keys: Iterable[K]) -> list[K]:
        """Those of `keys` about which nothing is known, each once."""
        return [k for k in dict.fromkeys(keys) if k not in self.read and k not in self.changed]
