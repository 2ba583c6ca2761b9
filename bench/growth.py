"""Filling an embedded store far faster than pushing could: a real beginning, copied many times.

The first two hundred people come through the gateway's own door. Everybody after them is a copy
with identifiers of their own, inserted straight into the tables; what is copied is whatever those
people have, so that this follows the tables as they change. Audit entries are copies of real
ones under new numbers, times and persons, and the log takes them in as it takes in any other.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pysqlite3

from audit.log import Log, SealedEntry
from bench.seed import MOST, TODAY
from gateway.demo.people import Character, characters
from gateway.integrator import log_directory
from gateway.keys import log_signer
from gateway.settings import Settings
from gateway.store.sqlite import FILE
from schemas.identifiers import Scheme, canonical

OWN = {
    "person": ("id",),
    "person_area": ("person_id",),
    "assignment": ("person_id",),
    "limited_user": ("person_id",),
    "raw_payload": ("hash",),
    "record_version": ("id", "person_id", "raw_hash"),
    "current_view": ("person_id", "record_id"),
}
"""The tables that are copied, and their columns that must differ in every copy."""
READ = ("person", "person_identifier", "assignment", "person_area", "limited_user", "current_view")
"""The tables that a read of a plan looks into."""
SCHEMES = (("crn", "crn"), ("noms", "noms"), ("pnc", "pnc"), ("cro", "cro"))
NO_COPY = "00001"
"""What a copy is called by begins with its number, in eight hexadecimal digits, and is less."""
A_SECOND = 10
"""Entries of one second of the invented past."""
GROUP = 10_000
Tell = Callable[[str, int, int], None]


class Growth:
    """The data directory of a gateway that is not running, with its first people in it."""

    def __init__(self, data_dir: Path, first: Sequence[Character]) -> None:
        self.data_dir, self.first = data_dir, first
        self.database = pysqlite3.connect(str(data_dir / FILE), isolation_level=None)
        for pragma in ("synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF"):
            self.database.execute(f"PRAGMA {pragma}")
        for table, (own, *_) in (OWN | {"person_identifier": ("person_id",)}).items():
            copied = f"CREATE TEMP TABLE first_{table} AS SELECT * FROM {table} "  # noqa: S608
            self.database.execute(f"{copied} WHERE {own} >= '{NO_COPY}'")
        self.templates = list(self._templates())

    def close(self) -> None:
        """Leave everything in the database file, on the disk, and what requests read in memory.

        A service that has run for a day has its working set there. Straight after gigabytes were
        written the system's cache holds those instead, and is busy bringing them to the disk.
        """
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.sync()
        for table in (*READ, "audit_subject"):
            self._walk(table)
        self.database.close()

    def _walk(self, table: str) -> None:
        """Read a table and each of its indexes from end to end."""
        names = [row[1] for row in self.database.execute(f"PRAGMA table_info({table})")]
        whole = f"SELECT sum(length({names[-1]})) FROM {table} NOT INDEXED"  # noqa: S608
        self.database.execute(whole).fetchone()
        for row in self.database.execute(f"PRAGMA index_list({table})").fetchall():
            (first,) = self.database.execute(f"PRAGMA index_info({row[1]})").fetchone()[2:]
            query = f"SELECT count(*) FROM {table} INDEXED BY {row[1]} WHERE {first} >= ''"  # noqa: S608
            self.database.execute(query).fetchone()

    def count(self, table: str) -> int:
        """Rows of a table."""
        found: int = self.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return found

    def people(self, total: int) -> None:
        """Copy the first people until there are `total` (a multiple of their number)."""
        size = len(self.first)
        copies = range(self.count("person") // size, total // size)
        if not copies:
            return
        self.database.execute("BEGIN")
        for table, own in OWN.items():
            self._copy(table, own, copies)
        self.database.executemany(
            "INSERT INTO person_identifier (scheme, value, person_id, disputed, merged) "
            "VALUES (?, ?, ?, 0, 0)",
            sorted(self._identifiers(copies)),
        )
        self.database.execute("COMMIT")

    def _copy(self, table: str, own: Sequence[str], copies: range) -> None:
        names = [row[1] for row in self.database.execute(f"PRAGMA table_info({table})")]
        values = [
            f"printf('%08x', copy) || substr({name}, 9)" if name in own else name for name in names
        ]
        self.database.execute(
            f"WITH RECURSIVE copies(copy) AS (VALUES(?) UNION ALL SELECT copy + 1 FROM copies "  # noqa: S608
            f"WHERE copy < ?) INSERT INTO {table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM copies CROSS JOIN first_{table}",
            (copies[0], copies[-1]),
        )

    def _identifiers(self, copies: range) -> Iterator[tuple[str, str, str]]:
        """Scheme, value and person: every copy bears the identifiers of somebody new."""
        holders = dict(
            self.database.execute(
                "SELECT value, person_id FROM first_person_identifier WHERE scheme = 'crn'"
            )
        )
        ids = [holders[person.crn] for person in self.first]
        size = len(self.first)
        new = islice(characters(MOST, TODAY), copies[0] * size, (copies[-1] + 1) * size)
        for number, person in enumerate(new, copies[0] * size):
            copy, original = divmod(number, size)
            whose = f"{copy:08x}{ids[original][8:]}"
            for scheme, attribute in SCHEMES:
                value = canonical(Scheme(scheme), getattr(person, attribute))
                yield scheme, str(value), whose

    def _templates(self) -> Iterator[tuple[tuple[Any, ...], str]]:
        """Columns and sealed text of real reads, with places for id, person and time."""
        rows = self.database.execute(
            "SELECT e.id, e.time, s.person_id, agency, client, staff, operation, outcome, sealed "
            "FROM audit_entry e JOIN audit_subject s USING (seq) "
            "WHERE outcome = 'released' AND s.person_id >= ?",
            (NO_COPY,),
        )
        for identity, time, person, *columns, sealed in rows:
            text = sealed if isinstance(sealed, str) else bytes(sealed).decode()
            text = text.replace("%", "%%").replace(identity, "%s").replace(person, "%s")
            yield tuple(columns), text.replace(time, "%s")

    def entries(self, total: int, tell: Tell) -> None:
        """Add entries until there are `total`, each about the next person in turn."""
        begin = self.count("audit_entry") + 1
        persons = [row[0] for row in self.database.execute("SELECT id FROM person ORDER BY id")]
        for start in range(begin, total + 1, GROUP):
            end = min(total + 1, start + GROUP)
            self.database.execute("BEGIN")
            self.database.executemany(
                "INSERT INTO audit_entry (id, time, agency, client, staff, operation, outcome, "
                "sealed, salt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                self._entries(start, end, total, persons, begin),
            )
            self.database.execute("UPDATE audit_head SET size = ?", (end - 1,))
            self.database.execute("COMMIT")
            tell("entries", end - 1, total)
        self.database.execute("BEGIN")
        self.database.executemany(
            "INSERT INTO audit_subject (person_id, seq) VALUES (?, ?)",
            (
                (person, seq)
                for turn, person in enumerate(persons)
                for seq in range(begin + turn, total + 1, len(persons))
            ),
        )
        self.database.execute("COMMIT")

    def _entries(
        self, start: int, end: int, total: int, persons: Sequence[str], begin: int
    ) -> Iterator[tuple[Any, ...]]:
        now, second, base = datetime.now(UTC), -1, ""
        for seq in range(start, end):
            past = (total - seq) // A_SECOND
            if past != second:
                second = past
                base = (now - timedelta(seconds=past + 1)).strftime("%Y-%m-%dT%H:%M:%S")
            columns, template = self.templates[seq % len(self.templates)]
            time = f"{base}.{A_SECOND - (total - seq) % A_SECOND:03d}Z"
            identity = f"{seq:016x}{seq * 0x9E3779B97F4A7C15 % 2**64:016x}"
            sealed = template % (identity, persons[(seq - begin) % len(persons)], time)
            yield (identity, time, *columns, sealed, secrets.token_hex(32), seq)

    def log(self, tell: Tell) -> None:
        """Let the log take in every entry it lacks."""
        signer = log_signer(self.data_dir, Settings(self.data_dir).log_origin)
        tlog = Log.open(log_directory(self.data_dir), signer)
        total = self.count("audit_entry")
        while tlog.size < total:
            rows = self.database.execute(
                "SELECT id, time, agency, salt, sealed FROM audit_entry WHERE seq > ? "
                "ORDER BY seq LIMIT ?",
                (tlog.size, GROUP),
            )
            tlog.append(
                [
                    SealedEntry(identity, time, agency, bytes.fromhex(salt), sealed.encode())
                    for identity, time, agency, salt, sealed in rows
                ]
            )
            tell("log", tlog.size, total)
