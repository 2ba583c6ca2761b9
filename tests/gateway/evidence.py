"""What a store and its logs hold, read without the gateway, against what clients were told.

Whatever is not as it must be raises `AssertionError`.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from audit.sealed import read_line
from audit.tiles import TileReader
from gateway.store.postgres import open_engine
from gateway.store.sqlite import reading
from tests.gateway.burst import Witness

_NUMBERS = text("""
    SELECT count(*), coalesce(min(seq), 1), coalesce(max(seq), 0), (SELECT size FROM audit_head)
    FROM audit_entry
""")
_IDS = text("SELECT id FROM audit_entry")
_VERSIONS = text("""
    SELECT i.value, count(*) FROM person_identifier i
    JOIN record_version v ON v.person_id = i.person_id
    JOIN current_view c ON c.person_id = i.person_id AND c.kind = v.kind
    WHERE i.scheme = 'crn' AND v.kind = 'person' AND v.system = 'delius' GROUP BY i.value
""")
_PUBLISHED = text("SELECT note FROM log_checkpoint")


@dataclass(frozen=True)
class Evidence:
    """The embedded store of `data_dir`, or the PostgreSQL database at `url`."""

    data_dir: Path
    url: str | None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection of one's own."""
        if self.url is None:
            with reading(self.data_dir) as connection:
                yield connection
            return
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def committed(self) -> int:
        """How many entries there are; their numbers have no gap."""
        with self.reading() as connection:
            count, first, last, head = connection.execute(_NUMBERS).one()
        assert (first, last, head) == (1, count, count), "the entries' numbers have a gap"
        return int(count)

    def entries(self) -> set[str]:
        """The ids of all entries."""
        with self.reading() as connection:
            return {row[0] for row in connection.execute(_IDS)}

    def check_store(self, witness: Witness) -> None:
        """Every answer has its entry, every push its record, and a push sent again only one."""
        told, pushed = witness.entries.copy(), witness.pushed.copy()
        assert not told - self.entries(), "answers without their entries"
        with self.reading() as connection:
            held = {row[0]: row[1] for row in connection.execute(_VERSIONS)}
            notes = connection.execute(_PUBLISHED).scalars().all()
        assert not pushed - held.keys(), "acknowledged pushes are lost"
        assert not {crn for crn in held if held[crn] != 1}, "a push was filed twice"
        for note in notes:
            witness.saw(note.encode())
        assert not witness.faults, witness.faults

    def check_log(self, folder: Path, witness: Witness, whole: bool) -> None:
        """The log verifies, and every checkpoint that anybody saw is of its history.

        The `whole` log has every entry of the store, and nobody has seen more than it.
        """
        command = [sys.executable, "-m", "audit.verify", "--quiet", str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        witness.saw((folder / "checkpoint").read_bytes())
        size = int((folder / "checkpoint").read_bytes().split(b"\n")[1])
        reader, seen = TileReader(folder, size), witness.checkpoints.copy()
        for length, root in seen.items():
            if length <= size:
                assert reader.range_hash(0, length) == root, f"another history, at {length}"
        if whole:
            assert max(seen) == size == self.committed(), "the log is not whole"
            sealed = b"".join(file.read_bytes() for file in folder.rglob("*.jsonl"))
            logged = {entry.id for line in sealed.splitlines(True) if (entry := read_line(line))}
            assert logged == self.entries(), "the log is about other entries"
