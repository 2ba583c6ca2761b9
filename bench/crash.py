"""`kill -9` at random moments under load, and what must be true whenever one looks."""

import base64
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from sqlalchemy import text

from audit.tiles import TileReader
from bench.cores import family
from bench.seed import Population
from bench.servers import Server, gateway
from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person
from gateway.demo.people import Character
from gateway.integrator import log_directory
from gateway.store.sqlite import reading
from tests.postgres import PostgresServer

CLIENTS = 8
PATIENCE = 30.0
_DICE = random.Random()  # noqa: S311
_HELD = """
    SELECT i.value FROM person_identifier i JOIN current_view v ON v.person_id = i.person_id
    WHERE i.scheme = 'crn' AND v.kind = 'person'
"""


@dataclass
class Witness:
    """What clients were told, and whatever broke a promise (`faults`)."""

    entries: set[str] = field(default_factory=set)
    pushed: set[str] = field(default_factory=set)
    checkpoints: dict[int, bytes] = field(default_factory=dict)
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def heard(self, answer: httpx.Response) -> bool:
        """Note an answer; whether it was one, and not 503."""
        if answer.status_code == 503:
            self.refused += 1
            return False
        entry = answer.headers.get("audit-entry")
        if entry is None:
            self.faults.append(f"an answer {answer.status_code} named no entry")
        else:
            self.entries.add(entry)
        return True

    def saw(self, note: bytes) -> None:
        """Note a checkpoint: for one size there is one root."""
        lines = note.split(b"\n")
        size, root = int(lines[1]), lines[2]
        if self.checkpoints.setdefault(size, root) != root:
            self.faults.append(f"two roots of size {size}")


@dataclass(frozen=True)
class House:
    """One store: where it is, and how it is started."""

    name: str
    data_dir: Path
    engine: PostgresServer | None = None
    url: str | None = None
    workers: int = 1

    @contextmanager
    def served(self) -> Iterator[Server]:
        """A gateway on it, on any core: crashes are not timed."""
        with gateway(
            self.data_dir, database_url=self.url, workers=self.workers, cores=()
        ) as server:
            yield server

    def column(self, query: str) -> set[str]:
        """What the database holds, read without the gateway."""
        if self.url is None:
            with reading(self.data_dir) as connection:
                return {row[0] for row in connection.execute(text(query))}
        with psycopg.connect(self.url) as connection:
            return {row[0] for row in connection.execute(query.encode())}


def check(house: House, witness: Witness) -> int:
    """Nothing told is missing, and the log verifies; how many entries it has."""
    if lost := witness.entries - house.column("SELECT id FROM audit_entry"):
        witness.faults.append(f"{len(lost)} answers without their entries")
    if lost := witness.pushed - house.column(_HELD):
        witness.faults.append(f"{len(lost)} acknowledged pushes lost")
    folder = log_directory(house.data_dir)
    command = [sys.executable, "-m", "audit.verify", "--quiet", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        witness.faults.append(f"the log does not verify: {result.stdout}{result.stderr}")
        return 0
    size = int((folder / "checkpoint").read_bytes().split(b"\n")[1])
    witness.saw((folder / "checkpoint").read_bytes())
    return size


def check_history(house: House, witness: Witness, size: int) -> None:
    """Every checkpoint ever seen is of the history that there is now."""
    if missing := [seen for seen in witness.checkpoints if seen > size]:
        witness.faults.append(f"checkpoints beyond the log: {missing}")
    reader = TileReader(log_directory(house.data_dir), size)
    for seen, root in witness.checkpoints.items():
        if 0 < seen <= size and reader.range_hash(0, seen) != base64.b64decode(root):
            witness.faults.append(f"the checkpoint of size {seen} is of another history")


class Burst:
    """Clients that push, read and watch the log until they are told to stop."""

    def __init__(self, server: Server, people: Iterator[Character], witness: Witness) -> None:
        self.server, self.people, self.witness = server, people, witness
        self.stop = threading.Event()
        self._next = threading.Lock()
        work: Sequence[Callable[[], None]] = (*[self._talk] * CLIENTS, self._watch)
        self.threads = [threading.Thread(target=one, daemon=True) for one in work]

    @contextmanager
    def going(self) -> Iterator[None]:
        """While the block runs."""
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join()

    def _talk(self) -> None:
        with httpx.Client(timeout=20) as http:
            population = Population(self.server, [], http)
            pusher, reader = population.system("delius"), population.officer("OM-13-1")
            auditor = population.officer("AUD-1", "audit")
            while not self.stop.is_set():
                with self._next:
                    person = next(self.people)
                try:
                    self._ask(person, pusher, reader, auditor)
                except (httpx.TransportError, httpx.HTTPStatusError):
                    self.stop.wait(0.05)

    def _ask(self, person: Character, pusher: Agent, reader: Agent, auditor: Agent) -> None:
        heard, body = self.witness.heard, json.dumps(delius_person(person)).encode()
        answer = pusher.call("POST", "/v1/ingest/delius", content=body)
        if heard(answer) and answer.status_code == 200:
            self.witness.pushed.add(person.crn)
        heard(reader.get(f"/v1/persons/crn:{person.crn}"))
        heard(reader.get("/v1/persons/crn:X000000/mappa"))
        heard(pusher.call("POST", "/v1/ingest/delius", content=b"{"))
        heard(auditor.get("/v1/audit/entries", params={"limit": 5}))

    def _watch(self) -> None:
        with httpx.Client(base_url=self.server.base_url, timeout=20) as http:
            while not self.stop.wait(0.02):
                with suppress(httpx.TransportError):
                    answer = http.get("/tlog/checkpoint")
                    if answer.status_code == 200:
                        self.witness.saw(answer.content)


def kill(server: Server) -> None:
    """SIGKILL to the server and its workers."""
    if server.process is None:
        raise RuntimeError("there is no process to kill")
    processes = family([server.process.pid])
    for process in processes:
        with suppress(Exception):
            process.send_signal(signal.SIGKILL)
    server.process.wait()


def kill_server(house: House, people: Iterator[Character], witness: Witness) -> int:
    """Start, load, kill at a random moment, look; how many entries the log has."""
    with house.served() as server, Burst(server, people, witness).going():
        _under_load(witness)
        kill(server)
    return check(house, witness)


def kill_database(house: House, people: Iterator[Character], witness: Witness) -> int:
    """Kill PostgreSQL at a random moment under load; the gateway must recover by itself."""
    if house.engine is None:
        raise ValueError("the embedded store has no server to kill")
    with house.served() as server:
        with Burst(server, people, witness).going():
            _under_load(witness)
            house.engine.kill()
            time.sleep(_DICE.uniform(0.1, 0.5))
            house.engine.start()
            if not _until(lambda: _ready(server), witness, "the gateway did not recover"):
                said = house.data_dir.with_suffix(".log").read_text(errors="replace")
                witness.faults.append(f"it said last: {said[-1500:]}")
            before = len(witness.pushed)
            _until(lambda: len(witness.pushed) > before, witness, "no push was taken any more")
        folder = log_directory(house.data_dir)
        total = len(house.column("SELECT id FROM audit_entry"))
        _until(lambda: _size(folder) == total, witness, "the log does not keep up")
    return check(house, witness)


def _under_load(witness: Witness) -> None:
    """Until a random moment after the first answers came."""
    before = len(witness.entries)
    _until(lambda: len(witness.entries) > before, witness, "nothing was answered")
    time.sleep(_DICE.uniform(0, 1.5))


def _size(folder: Path) -> int:
    return int((folder / "checkpoint").read_bytes().split(b"\n")[1])


def _ready(server: Server) -> bool:
    try:
        return httpx.get(f"{server.base_url}/health/ready", timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def _until(done: Callable[[], bool], witness: Witness, fault: str) -> bool:
    """Whether it came true in time; a fault otherwise."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            witness.faults.append(fault)
            return False
        time.sleep(0.05)
    return True
