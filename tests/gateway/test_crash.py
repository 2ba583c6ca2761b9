"""`kill -9` in the middle of a burst: nothing acknowledged is lost, nothing answered unrecorded."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
import pytest

from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person
from gateway.demo.people import Character, characters
from gateway.demo.setup import furnish
from gateway.integrator import log_directory
from gateway.store.sqlite import reading
from tests.gateway.world import free_port

ROUNDS = 10
CLIENTS = 4


@dataclass
class Witness:
    """What the clients were told before the server died."""

    entries: set[str] = field(default_factory=set)
    pushed: set[str] = field(default_factory=set)


class Server:
    """A gateway in a process of its own, on one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        environ = os.environ | {
            "MAPPA_GATEWAY_DATA_DIR": str(data_dir),
            "MAPPA_GATEWAY_BASE_URL": self.base_url,
            "MAPPA_GATEWAY_EMBEDDED_ISSUER": "on",
        }
        command = [sys.executable, "-m", "gateway", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environ)
        while True:
            try:
                if httpx.get(f"{self.base_url}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.05)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(30) in (0, -signal.SIGTERM)


def burst(server: Server, people: list[Character], witness: Witness) -> None:
    """Push and read until the connection breaks."""
    with httpx.Client(timeout=10) as http:
        pusher = Agent(http, server.base_url, server.data_dir, "probation-systems")
        reader = Agent(http, server.base_url, server.data_dir, "police-desk", "OM-13-1")
        auditor = Agent(http, server.base_url, server.data_dir, "audit-desk", "AUD-1", "audit")
        try:
            for person in people:
                search = json.dumps({"surname": person.surname}).encode()
                body = json.dumps(delius_person(person)).encode()
                answer = pusher.call(
                    "POST",
                    "/v1/ingest/delius",
                    content=body,
                    headers={"Purpose-Of-Use": "system-update"},
                )
                if answer.status_code == 200:
                    witness.pushed.add(person.crn)
                    witness.entries.add(answer.headers["audit-entry"])
                for answer in (
                    reader.get(f"/v1/persons/crn:{person.crn}"),
                    reader.get("/v1/persons/crn:X000000/mappa"),
                    reader.call("POST", "/v1/persons/search", content=search),
                    pusher.call("POST", "/v1/ingest/delius", content=b"{"),
                    auditor.get("/v1/audit/entries", params={"limit": 5}),
                ):
                    witness.entries.add(answer.headers["audit-entry"])
        except httpx.TransportError:
            return


def verify(data_dir: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "audit.verify", str(log_directory(data_dir))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def check(data_dir: Path, witness: Witness) -> None:
    with reading(data_dir) as connection:
        stored = connection.exec_driver_sql("SELECT id FROM audit_entry")
        assert witness.entries <= {row[0] for row in stored}
        held = connection.exec_driver_sql(
            "SELECT i.value FROM person_identifier i JOIN current_view v USING (person_id) "
            "WHERE i.scheme = 'crn' AND v.kind = 'person'"
        )
        assert witness.pushed <= {row[0] for row in held}
    verify(data_dir)


@pytest.mark.crash
def test_killed_ten_times_in_a_burst_nothing_answered_is_lost(tmp_path: Path) -> None:
    furnish(tmp_path, "http://127.0.0.1")
    witness, dice = Witness(), random.Random()
    cast = list(characters(4000, date(2026, 6, 1)))
    size = len(cast) // ROUNDS
    for number in range(ROUNDS):
        server = Server(tmp_path)
        mine = cast[number * size : (number + 1) * size]
        threads = [
            threading.Thread(target=burst, args=(server, mine[n::CLIENTS], witness))
            for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(dice.uniform(0.4, 1.2))
        server.kill()
        for thread in threads:
            thread.join()
        check(tmp_path, witness)
    assert len(witness.pushed) > ROUNDS
    last = Server(tmp_path)
    last.stop()
    check(tmp_path, witness)
    with reading(tmp_path) as connection:
        total = connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar()
    assert f"{total} entries" in verify(tmp_path)
