"""Clients that push, read and watch the log without a pause, and keep what they were told."""

import json
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Protocol

import httpx

from audit.checkpoint import open_checkpoint
from audit.errors import FormatError
from audit.note import Verifier
from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person
from gateway.demo.people import Character, characters

CLIENTS = 4
PEOPLE = 490_000
"""As many as the demo's identifiers can tell apart."""
PATIENCE = 20.0
"""Seconds after which a client counts as left without an answer."""


class Address(Protocol):
    """A gateway that clients know, whether or not it runs."""

    base_url: str
    data_dir: Path


@dataclass
class Witness:
    """What clients were told, and every promise that was broken while they listened (`faults`)."""

    verifier: Verifier
    entries: set[str] = field(default_factory=set)
    pushed: set[str] = field(default_factory=set)
    """CRNs of the persons whose push was acknowledged."""
    checkpoints: dict[int, bytes] = field(default_factory=dict)
    """The root of every size at which the log was ever seen."""
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def heard(self, answer: httpx.Response) -> bool:
        """Note an answer; False where it was a refusal (503)."""
        if answer.status_code == 503:
            self.refused += 1
            return False
        if answer.status_code >= 500:
            self.faults.append(f"an answer {answer.status_code}")
        if entry := answer.headers.get("audit-entry"):
            self.entries.add(entry)
        else:
            self.faults.append(f"an answer {answer.status_code} that named no entry")
        return True

    def saw(self, note: bytes) -> None:
        """Note a checkpoint: for one size there is one root, signed by the log's one key."""
        try:
            seen = open_checkpoint(note, self.verifier)
        except FormatError as error:
            self.faults.append(f"a checkpoint that is none: {error}")
            return
        if self.checkpoints.setdefault(seen.size, seen.root) != seen.root:
            self.faults.append(f"two roots of size {seen.size}")


@contextmanager
def burst(servers: Sequence[Address], witness: Witness) -> Iterator[None]:
    """Clients of all servers while the block runs: an unanswered push is sent again, anywhere."""
    stop = threading.Event()
    work: list[Callable[[], None]] = [
        *(_Client(servers, witness, stop, number).run for number in range(CLIENTS)),
        *(_Watcher(server, witness, stop).run for server in servers),
    ]
    threads = [threading.Thread(target=run) for run in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class _Desk:
    """One client's agents at one gateway."""

    def __init__(self, http: httpx.Client, server: Address) -> None:
        at = http, server.base_url, server.data_dir
        self.system = Agent(*at, "probation-systems", purpose="system-update")
        self.officer = Agent(*at, "police-desk", "OM-13-1")
        self.auditor = Agent(*at, "audit-desk", "AUD-1", "audit")

    def push(self, body: bytes) -> httpx.Response:
        return self.system.call("POST", "/v1/ingest/delius", content=body)

    def search(self, surname: str) -> httpx.Response:
        body = json.dumps({"surname": surname}).encode()
        return self.officer.call("POST", "/v1/persons/search", content=body)


class _Client:
    """Pushes every so many-th person, and asks about them."""

    def __init__(
        self, servers: Sequence[Address], witness: Witness, stop: threading.Event, number: int
    ) -> None:
        self.servers, self.witness, self.stop = servers, witness, stop
        self.people = islice(characters(PEOPLE, date(2026, 6, 1)), number, None, CLIENTS)
        self.dice = random.Random(number)

    def run(self) -> None:
        with httpx.Client(timeout=PATIENCE) as http:
            desks = [_Desk(http, server) for server in self.servers]
            for person in self.people:
                while not self._pushed(self.dice.choice(desks), person):
                    if self.stop.wait(0.05):
                        return

    def _pushed(self, desk: _Desk, person: Character) -> bool:
        """Whether the push was acknowledged; a good deal else is asked after it."""
        heard, taken = self.witness.heard, False
        try:
            answer = desk.push(json.dumps(delius_person(person)).encode())
            if heard(answer) and answer.status_code == 200:
                self.witness.pushed.add(person.crn)
                taken = True
            heard(desk.officer.get(f"/v1/persons/crn:{person.crn}"))
            heard(desk.officer.get("/v1/persons/crn:X000000/mappa"))
            heard(desk.search(person.surname))
            heard(desk.push(b"{"))
            heard(desk.auditor.get("/v1/audit/entries", params={"limit": 5}))
        except httpx.TimeoutException:
            self.witness.faults.append(f"no answer within {PATIENCE} seconds")
        except (httpx.TransportError, httpx.HTTPStatusError):
            pass  # killed; or too early for a token
        return taken and not self.stop.is_set()


class _Watcher:
    """Looks at the checkpoint of one gateway again and again."""

    def __init__(self, server: Address, witness: Witness, stop: threading.Event) -> None:
        self.server, self.witness, self.stop = server, witness, stop

    def run(self) -> None:
        with httpx.Client(base_url=self.server.base_url, timeout=PATIENCE) as http:
            while not self.stop.wait(0.02):
                with suppress(httpx.TransportError):
                    answer = http.get("/tlog/checkpoint")
                    if answer.status_code == 200:
                        self.witness.saw(answer.content)
