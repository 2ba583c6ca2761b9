"""A service that is killed under load, on either store, looked at each time, and started again.

Whatever is not as it must be raises `AssertionError`.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from gateway.demo.setup import furnish
from gateway.keys import log_signer
from gateway.settings import Settings
from tests.gateway.burst import Witness, burst
from tests.gateway.evidence import Evidence
from tests.gateway.killable import Server
from tests.gateway.machine import wait_until
from tests.postgres import PostgresServer

DICE = random.Random()


@dataclass(frozen=True)
class Service:
    """Gateways on one store, what is in it, and what their clients were told."""

    servers: Sequence[Server]
    evidence: Evidence
    witness: Witness

    @classmethod
    @contextmanager
    def running(
        cls, folder: Path, url: str | None = None, machines: int = 1, workers: int = 1
    ) -> Iterator["Service"]:
        """A new one in `folder`, gone at the end whatever state it is in.

        `url` is that of an empty PostgreSQL database, which several machines need.
        """
        first = folder / "machine-0"
        furnish(first, "http://127.0.0.1")
        signer = log_signer(first, Settings.log_origin)  # one log, so one key on all machines
        others = [folder / f"machine-{number}" for number in range(1, machines)]
        data_dirs = [first, *(copytree(first, other) for other in others)]
        servers = [Server(data_dir, url, workers) for data_dir in data_dirs]
        service = cls(servers, Evidence(first, url), Witness(signer.verifier))
        try:
            service.start(servers)
            yield service
        except BaseException:
            print(*(server.said for server in servers), sep="\n", file=sys.stderr)
            raise
        finally:
            for server in servers:
                server.kill()

    @contextmanager
    def loaded(self) -> Iterator[None]:
        """Clients at work while the block runs."""
        with burst(self.servers, self.witness):
            yield

    def start(self, servers: Sequence[Server]) -> None:
        """Start some, and wait until they can answer and record."""
        for server in servers:
            server.start()
        self.say(200, servers)

    def kill_servers(self) -> None:
        """Kill one, or all at once, at a random moment; see what is left; start again."""
        self.random_moment()
        dead = list(self.servers) if DICE.random() < 0.5 else [DICE.choice(self.servers)]
        for server in dead:
            server.kill()
        if alive := [server for server in self.servers if server not in dead]:
            self.goes_on(alive)
        self.evidence.check_store(self.witness)
        self.check_logs(dead)
        self.start(dead)

    def kill_worker(self) -> None:
        """Kill one of several workers at a random moment: the others go on, and it is replaced."""
        self.random_moment()
        server = DICE.choice(self.servers)
        workers = server.workers()
        DICE.choice(workers).kill()
        self.goes_on(self.servers)
        self.evidence.check_store(self.witness)
        wait_until(lambda: len(server.workers()) == len(workers), "a worker is not replaced")

    def kill_database(self, engine: PostgresServer) -> None:
        """Kill PostgreSQL at a random moment: nothing is answered until it is back, and all is
        afterwards, though nobody starts the gateways again."""
        self.random_moment()
        engine.kill()
        refused = self.witness.refused
        self.say(503, self.servers)
        wait_until(lambda: self.witness.refused > refused, "nothing was refused")
        self.check_logs(self.servers)
        engine.start()
        self.say(200, self.servers)
        self.goes_on(self.servers)
        self.evidence.check_store(self.witness)

    def end(self) -> None:
        """Without load, stop in good order; every log is whole."""
        self.keep_up(self.servers)
        for server in self.servers:
            server.stop()
        self.evidence.check_store(self.witness)
        self.check_logs(self.servers, whole=True)

    def check_logs(self, servers: Sequence[Server], whole: bool = False) -> None:
        """The logs of these servers, which nobody extends meanwhile."""
        for server in servers:
            self.evidence.check_log(server.folder, self.witness, whole)

    def random_moment(self) -> None:
        """Some time after there is load."""
        self.push_taken()
        time.sleep(DICE.uniform(0, 0.8))

    def goes_on(self, servers: Sequence[Server]) -> None:
        """Pushes are taken, and come into the logs."""
        self.push_taken()
        self.keep_up(servers)

    def say(self, status: int, servers: Sequence[Server]) -> None:
        """All of them come to say so of their health."""
        for server in servers:
            wait_until(lambda s=server: s.health() == status, f"not {status}")  # type: ignore[misc]

    def push_taken(self) -> None:
        """Somebody's push is acknowledged."""
        before = len(self.witness.pushed)
        wait_until(lambda: len(self.witness.pushed) > before, "no push is acknowledged")

    def keep_up(self, servers: Sequence[Server]) -> None:
        """What is committed now comes into the logs of these servers."""
        committed = self.evidence.committed()
        wait_until(lambda: all(s.size >= committed for s in servers), "a log does not keep up")
