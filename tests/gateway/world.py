"""Helpers of the HTTP tests: a running gateway and people who call it."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI
from rich.console import Console
from sqlalchemy import Connection

from gateway.demo.cast import SYSTEMS, staff
from gateway.demo.client import Agent, desk
from gateway.demo.people import Character, characters
from gateway.demo.setup import furnish, seed
from gateway.serve import server
from gateway.services import Services
from gateway.settings import Settings
from gateway.store.query import Query, Row, run

T = TypeVar("T")
TODAY = date(2026, 6, 1)
PURPOSES = {
    "probation-practitioner": "mappa-management",
    "mosovo-offender-manager": "mappa-management",
    "prison-offender-manager": "mappa-management",
    "victim-liaison-officer": "victim-contact",
    "mappa-administrator": "mappa-management",
    "identity-steward": "data-protection",
    "auditor": "audit",
    "case-system": "system-update",
}
"""The purpose under which each role does its daily work."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Reading:
    """Runs the store's queries on a connection of the test's own."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def rows(self, query: Query, named: Mapping[str, Any]) -> list[Row]:
        rows: list[Row] = run(self.connection, query, named).fetchall()
        return rows


def fetched(
    connection: Connection, ask: Callable[..., Coroutine[Any, Any, T]], *told: Any, **named: Any
) -> T:
    """What one of the store's questions answers on this connection."""
    return asyncio.run(ask(Reading(connection), *told, **named))


@dataclass
class Gateway:
    """A gateway that is serving, and the people it was given."""

    base_url: str
    data_dir: Path
    people: list[Character]
    app: FastAPI
    agents: dict[tuple[str, str], Agent] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    @classmethod
    @contextmanager
    def running(cls, data_dir: Path, people: int, **settings: Any) -> Iterator["Gateway"]:
        """Serve in a thread; stop and close everything at the end."""
        port = free_port()
        options: dict[str, Any] = {
            "base_url": f"http://127.0.0.1:{port}",
            "embedded_issuer": True,
        } | settings
        configured = Settings(data_dir=data_dir, **options)
        data_dir.mkdir(parents=True, exist_ok=True)
        furnish(data_dir, configured.base_url)
        web = server(configured)
        web.config.port = port
        thread = threading.Thread(target=web.run, daemon=True)
        thread.start()
        while not web.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        cast = list(characters(people, TODAY))
        if cast:
            seed(configured.base_url, data_dir, cast, Console(quiet=True))
        running = cls(configured.base_url, data_dir, cast, web.config.app)  # type: ignore[arg-type]
        try:
            yield running
        finally:
            running.http.close()
            web.should_exit = True
            thread.join(30)

    @property
    def services(self) -> Services:
        """The parts of the running gateway, for tests that break one."""
        services: Services = self.app.state.services
        return services

    @property
    def hero(self) -> Character:
        """The person of the story: Level 3, on licence, with a victim in the scheme."""
        return self.people[0]

    def staff(self, staff_id: str, purpose: str | None = None) -> Agent:
        """Somebody at their desk, for the purpose of their daily work unless stated."""
        member = next(s for s in staff() if s.id == staff_id)
        stated = purpose or PURPOSES[member.roles[0]]
        if (staff_id, stated) not in self.agents:
            agent = desk(self.http, self.base_url, self.data_dir, member, stated)
            self.agents[staff_id, stated] = agent
        return self.agents[staff_id, stated]

    def responsible(self, prefix: str, purpose: str | None = None) -> Agent:
        """The member of staff responsible for the hero in one post."""
        return self.staff(self.hero.staff(prefix), purpose)

    def system(self, name: str) -> Agent:
        """The case-system client that may push for a system."""
        client = next(c for c, (_, systems) in SYSTEMS.items() if name in systems)
        if (client, "") not in self.agents:
            agent = Agent(self.http, self.base_url, self.data_dir, client, purpose="system-update")
            self.agents[client, ""] = agent
        return self.agents[client, ""]

    def push(self, system: str, body: bytes, **headers: str) -> httpx.Response:
        """One push, whatever comes of it."""
        return self.system(system).call(
            "POST", f"/v1/ingest/{system}", content=body, headers=headers
        )

    def entry(self, answer: httpx.Response) -> dict[str, Any]:
        """The audit entry an answer names."""
        auditor = self.staff("AUD-1")
        found = auditor.get(f"/v1/audit/entries/{answer.headers['audit-entry']}")
        assert found.status_code == 200
        entry: dict[str, Any] = found.json()["data"]
        return entry

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the gateway's own database."""
        with self.services.store.engine.connect() as connection:
            yield connection

    def entries(self) -> int:
        """How many entries there are."""
        with self.reading() as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar()
        return int(found or 0)
