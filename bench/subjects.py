"""Who is measured: the floor, the gateway on each store, and the peer."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from bench import peer
from bench.cores import ALL, LOAD, SERVER
from bench.delay import slow_disk
from bench.load import Job
from bench.operations import OPERATIONS, plan_of, request
from bench.seed import Population, populate
from bench.servers import Server, floor, gateway
from tests.postgres import PostgresServer

DELAY_MS = 2.0


@dataclass(frozen=True)
class Subject:
    """One row of the table. `jobs` maps an operation's name to the load of a round."""

    name: str
    title: str
    server: Server
    jobs: Mapping[str, Callable[[int, float], Job]]
    cores: Sequence[int] = SERVER
    least: int = 1
    """Connections below which it says nothing new."""


TITLES = {
    "floor": "floor: bare endpoint",
    "floor-bytes": "bare endpoint, bytes made beforehand",
    "sqlite": "gateway, SQLite",
    "postgres-1": "gateway, PostgreSQL, 1 worker",
    "postgres-2": "gateway, PostgreSQL, 2 workers",
    "postgres-1-free": "… 1 worker, both cores",
    "postgres-2-free": "… 2 workers, both cores",
    "sqlite-slow": "gateway, SQLite, +2 ms fsync",
    "postgres-slow": "gateway, PostgreSQL, +2 ms fsync",
    "django-sqlite": "Django REST, SQLite",
    "django-postgres": "Django REST, PostgreSQL",
}
FLOORS = ("floor", "floor-bytes")


class House:
    """Starts what was chosen, one after another, and keeps it until the end."""

    def __init__(self, stack: ExitStack, chosen: Sequence[str], people: int) -> None:
        self.stack, self.chosen, self.people = stack, chosen, people
        self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        self.http = stack.enter_context(httpx.Client(timeout=120))
        self.subjects: list[Subject] = []
        self._databases: dict[bool, PostgresServer] = {}
        self._shim: dict[str, str] = {}

    def slow(self) -> dict[str, str]:
        """The environment of a slower disk, built once."""
        if not self._shim:
            temporary = tempfile.TemporaryDirectory(prefix="bench-shim-")
            directory = Path(self.stack.enter_context(temporary))
            self._shim = slow_disk(directory, DELAY_MS)
        return self._shim

    def postgres(self, slow: bool = False) -> PostgresServer:
        """A PostgreSQL server on the servers' core."""
        if slow not in self._databases:
            running = PostgresServer.running(
                environment=self.slow() if slow else None, cores=set(SERVER)
            )
            self._databases[slow] = self.stack.enter_context(running)
        return self._databases[slow]

    def gateway(self, name: str, workers: int = 1, slow: bool = False) -> Population:
        """A gateway with its people in it."""
        environ = self.slow() if slow else {}
        data_dir = self.directory / name
        if name.startswith("postgres"):
            engine = self.postgres(slow)
            url = engine.database(name.replace("-", "_"))
            opened = gateway(
                data_dir,
                database_url=url,
                database=[engine.pid],
                workers=workers,
                environ=environ,
            )
        else:
            opened = gateway(data_dir, environ=environ)
        return populate(self.stack.enter_context(opened), self.people, self.http)

    def add(
        self,
        name: str,
        server: Server,
        jobs: Mapping[str, Callable[[int, float], Job]],
        cores: Sequence[int] = SERVER,
    ) -> None:
        """One more subject, where it was chosen."""
        if name in self.chosen:
            least = 2 if cores is ALL else 1
            self.subjects.append(Subject(name, TITLES[name], server, jobs, cores, least))

    def add_gateway(self, name: str, workers: int = 1, slow: bool = False) -> Population | None:
        """A gateway as a subject; PostgreSQL's also with both cores to itself and its database."""
        free = f"{name}-free"
        if not {name, free} & set(self.chosen):
            return None
        population = self.gateway(name, workers, slow)
        jobs = {op.name: partial(_job, population, op.name) for op in OPERATIONS.values()}
        self.add(name, population.server, jobs)
        self.add(free, population.server, {"read": jobs["read"]}, ALL)
        return population

    def add_floor(self, document: bytes) -> None:
        """The bare endpoints."""
        server = self.stack.enter_context(floor(document, self.directory))
        for name, prefix in zip(FLOORS, ("", "/bytes"), strict=True):
            asked = [request("GET", prefix + plan_of("X500000"))]
            self.add(name, server, {"read": partial(_plain, server.port, asked)})

    def add_peer(self, name: str, document: bytes) -> None:
        """The Django service on one database."""
        if name not in self.chosen:
            return
        if name == "django-postgres":
            engine = self.postgres()
            url, pids = engine.database("django"), [engine.pid]
        else:
            url, pids = f"sqlite:///{self.directory / 'django.db'}", []
        running = peer.serving(self.directory, url, self.people, document, pids)
        server, asked = self.stack.enter_context(running)
        self.add(name, server, {"read": partial(_plain, server.port, asked)})


def _job(population: Population, operation: str, connections: int, seconds: float) -> Job:
    return OPERATIONS[operation].job(population, connections, seconds, LOAD)


def _plain(port: int, requests: Sequence[str], connections: int, seconds: float) -> Job:
    return Job(port, requests, connections, seconds, cores=LOAD)


@contextmanager
def opened(
    chosen: Sequence[str], people: int, tell: Callable[[str], None]
) -> Iterator[tuple[list[Subject], dict[str, str]]]:
    """Everything chosen, serving, the floor first; and who did not come up, with why: the others
    are measured all the same. The document is the embedded gateway's."""
    with ExitStack() as stack:
        house = House(stack, chosen, people)
        tell("gateway on SQLite")
        first = house.add_gateway("sqlite") or house.gateway("sqlite")
        document = first.document()
        tell("floor")
        house.add_floor(document)
        absent = {}
        steps: list[tuple[str, Callable[[], object]]] = [
            ("postgres-1", partial(house.add_gateway, "postgres-1")),
            ("postgres-2", partial(house.add_gateway, "postgres-2", workers=2)),
            ("sqlite-slow", partial(house.add_gateway, "sqlite-slow", slow=True)),
            ("postgres-slow", partial(house.add_gateway, "postgres-slow", slow=True)),
            ("django-sqlite", partial(house.add_peer, "django-sqlite", document)),
            ("django-postgres", partial(house.add_peer, "django-postgres", document)),
        ]
        for name, step in steps:
            tell(TITLES[name])
            try:
                step()
            except (RuntimeError, subprocess.CalledProcessError, httpx.HTTPError) as error:
                absent[name] = str(error)
        house.subjects.sort(key=lambda subject: list(TITLES).index(subject.name))
        yield house.subjects, absent
