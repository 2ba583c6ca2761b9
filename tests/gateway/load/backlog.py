"""Files of invented records as agencies hand them over, loaded, killed on the way, and counted."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.registry import ADAPTERS
from gateway.demo import payloads
from gateway.demo.people import Character, characters
from gateway.integrator import log_directory
from gateway.keys import log_signer
from gateway.settings import Settings
from schemas import Kind
from tests.gateway.evidence import Evidence

TODAY = date(2024, 6, 1)
DICE = random.Random()
PATIENCE = 1200
Build = Callable[[Character], Any]
RECORDS: Mapping[str, tuple[str, Build]] = {
    "persons.ndjson": ("delius", payloads.delius_person),
    "plans.zip": ("oasys", payloads.oasys_plan),
    "licences.json": ("cvl", payloads.cvl_licence),
    "prisoners.json": ("nomis", payloads.nomis_prisoner),
    "rosh.ndjson": ("oasys", payloads.oasys_rosh),
}
"""Five payloads of each person, each from the system that keeps it. The first three hold five
records: the person, their MAPPA registration and case team; the plan; the licence."""


@dataclass(frozen=True)
class Backlog:
    """A file of one record of each person."""

    path: Path
    system: str
    people: int

    @property
    def sample(self) -> bytes:
        """One of its records."""
        return json.dumps(RECORDS[self.path.name][1](next(characters(1, TODAY)))).encode()


def backlog(folder: Path, people: int, names: Sequence[str] = tuple(RECORDS)) -> list[Backlog]:
    """Write the files: the same ones for as many people."""
    files = []
    for name in names:
        system, build = RECORDS[name]
        lines = (json.dumps(build(one)) for one in characters(people, TODAY))
        _write(folder / name, lines)
        files.append(Backlog(folder / name, system, people))
    return files


def _write(path: Path, lines: Iterator[str]) -> None:
    if path.suffix == ".zip":
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
            packed.open("part-1.ndjson", "w", force_zip64=True) as member,
        ):
            member.writelines(f"{line}\n".encode() for line in lines)
        return
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == ".json":
            file.write("[" + next(lines))
            file.writelines(f",\n{line}" for line in lines)
            file.write("]\n")
        else:
            file.writelines(f"{line}\n" for line in lines)


@dataclass
class Run:
    """Loads into one store, each in a process of its own. Sizes are bytes."""

    data_dir: Path
    url: str | None = None
    seconds: float = 0
    cpu: float = 0
    largest: int = 0
    said: list[str] = field(default_factory=list)
    kills: int = 0

    def __post_init__(self) -> None:
        self.evidence = Evidence(self.data_dir, self.url)
        log_signer(self.data_dir, Settings.log_origin)

    def load(self, file: Backlog, *, kill_after: Sequence[float] = ()) -> None:
        """Load a file, killed each time that such a share of it is filed, and gone on with."""
        for share in kill_after:
            process = self.start(file)
            while process.poll() is None and self.filed(file) < share * file.people:
                time.sleep(0.02)
            time.sleep(DICE.uniform(0, 0.05))
            os.kill(process.pid, signal.SIGKILL)
            status = self.ended(process)
            assert status == -signal.SIGKILL, f"it had ended before: {self.said[-1]}"
            self.kills += 1
        status = self.ended(self.start(file))
        assert status == 0, self.said[-1]

    def start(self, file: Backlog, *options: str) -> subprocess.Popen[bytes]:
        """The command, as an operator gives it."""
        command = [sys.executable, "-m", "gateway", "load", "--system", file.system]
        environ = {"MAPPA_GATEWAY_DATA_DIR": str(self.data_dir)}
        if self.url:
            environ["MAPPA_GATEWAY_DATABASE_URL"] = self.url
        self._begun = time.monotonic()
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [*command, str(file.path), *options],
                env=os.environ | environ,
                stdout=output,
                stderr=output,
            )

    @property
    def _output(self) -> Path:
        return self.data_dir.with_suffix(".output")

    def ended(self, process: subprocess.Popen[bytes]) -> int:
        """Its exit status, once it has ended; what it took is added up."""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds += time.monotonic() - self._begun
        self.cpu += used.ru_utime + used.ru_stime
        self.largest = max(self.largest, used.ru_maxrss * 1024)
        self.said.append(self._output.read_text())
        return process.returncode

    def filed(self, file: Backlog) -> int:
        """How many payloads of a file are committed."""
        query = text(
            "SELECT position FROM loaded_file WHERE system = :system AND finished_at IS NULL"
        )
        with suppress(FileNotFoundError, DBAPIError), self.evidence.reading() as connection:
            return int(connection.execute(query, {"system": file.system}).scalar() or 0)
        return 0


_COUNTS = {
    "people": "SELECT count(*) FROM person",
    "versions": "SELECT count(*) FROM record_version",
    "documents": "SELECT count(*) FROM (SELECT DISTINCT person_id, kind, system, source_ref"
    " FROM record_version) AS document",
    "payloads": "SELECT count(*) FROM raw_payload",
    "views": "SELECT count(*) FROM current_view",
    "named": "SELECT count(*) FROM audit_subject",
    "positions": "SELECT sum(position) FROM loaded_file WHERE finished_at IS NOT NULL",
    "quarantined": "SELECT count(*) FROM quarantine",
    "reviews": "SELECT count(*) FROM identity_review",
}


def check(run: Run, files: Sequence[Backlog]) -> dict[str, int]:
    """Nothing is lost and nothing doubled, in the store, its entries and its log; the counts."""
    people = files[0].people
    mapped = [
        one.record.kind
        for file in files
        for person in ADAPTERS[file.system].read(file.sample)
        for one in person.records
    ]
    shown = {*mapped} | ({Kind.LICENCE_CONDITIONS} if Kind.LICENCE in mapped else set())
    with run.evidence.reading() as connection:
        found = {
            name: int(connection.execute(text(q)).scalar() or 0) for name, q in _COUNTS.items()
        }
    assert found == {
        "people": people,
        "versions": people * len(mapped),
        "documents": people * len(mapped),
        "payloads": people * len(files),
        "views": people * len(shown),
        "named": people * len(files),
        "positions": people * len(files),
        "quarantined": 0,
        "reviews": 0,
    }, found
    _check_log(run)
    return found


def _check_log(run: Run) -> None:
    """Every entry is in the log, and the log verifies."""
    command = [sys.executable, "-m", "audit.verify", "--quiet", str(log_directory(run.data_dir))]
    size = str(run.evidence.committed())
    result = subprocess.run(
        [*command, "--expect-size", size], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
