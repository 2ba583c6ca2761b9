"""What is asked of the servers, as prepared requests."""

import itertools
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.load import Job
from bench.seed import AT_ONCE, Population
from gateway.demo.client import Agent
from gateway.demo.payloads import batch, delius_person

_DICE = random.Random(325)  # noqa: S311
SINGLES_A_SECOND = 5000
"""More than any server here takes, so that prepared pushes do not run out."""
PAYLOADS_A_SECOND = 1000
"""About what one process takes in batches: how much is sent where a round ends with its work."""
RECORDS = 3
"""What a pushed person is filed as: person, case team and limited access."""
LONGEST = 90.0


def request(
    method: str, path: str, token: str = "", purpose: str = "", body: bytes | None = None
) -> str:
    """One whole HTTP/1.1 request, as `bench.load` sends it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if purpose:
        lines.append(f"Purpose-Of-Use: {purpose}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + (body or b"").decode("latin-1")


def _ask(agent: Agent, path: str) -> str:
    return request("GET", path, agent.token(), agent.purpose)


def plan_of(crn: str) -> str:
    """Where a plan is read."""
    return f"/v1/persons/crn:{crn}/risk-management-plan"


def read(population: Population, count: int) -> list[str]:
    """Each person's plan, asked for by their own offender manager."""
    return [
        _ask(population.officer(person.staff("OM")), plan_of(person.crn))
        for person in population.people
    ]


def denied(population: Population, count: int) -> list[str]:
    """Each person's plan, asked for by an officer who must not learn that they exist."""
    return [_ask(population.stranger(person), plan_of(person.crn)) for person in population.people]


def _push(population: Population, body: bytes) -> str:
    agent = population.system("delius")
    return request("POST", "/v1/ingest/delius", agent.token(), agent.purpose, body)


def single(population: Population, count: int) -> list[str]:
    """`count` pushes of one new person each."""
    return [
        _push(population, json.dumps(delius_person(person)).encode())
        for person in itertools.islice(population.newcomers, count)
    ]


def batches(population: Population, count: int) -> list[str]:
    """`count` pushes of a hundred new people each."""
    return [
        _push(
            population,
            batch(
                "delius",
                [delius_person(p) for p in itertools.islice(population.newcomers, AT_ONCE)],
            ),
        )
        for _ in range(count)
    ]


def search(population: Population, count: int) -> list[str]:
    """The auditor's question: who looked at this person (the newest twenty)."""
    auditor = population.officer("AUD-1", "audit")
    return [
        _ask(auditor, f"/v1/audit/entries?person=crn:{person.crn}&limit=20")
        for person in population.people
    ]


def proof(population: Population, count: int) -> list[str]:
    """Proofs that entries are in the log."""
    auditor = population.officer("AUD-1", "audit")
    entries: list[str] = []
    for person in _DICE.sample(list(population.people), min(10, len(population.people))):
        path = f"/v1/audit/entries?person=crn:{person.crn}&limit=20"
        answer = auditor.get(path)
        answer.raise_for_status()
        entries += [entry["id"] for entry in answer.json()["data"]]
    return [_ask(auditor, f"/v1/audit/entries/{entry}/proof") for entry in entries]


@dataclass(frozen=True)
class Operation:
    """One thing that is measured, and what it takes to be measured for a while."""

    name: str
    title: str
    prepare: Callable[[Population, int], Sequence[str]]
    expect: int = 200
    once: bool = False
    every: int = 2
    """In which rounds: 1 is every one. What promises are about comes often, what is long seldom."""
    payloads: int = 0
    """How many a request pushes. Batches take long beside a round, so that a round ends with the
    last answer to them, not with the clock."""

    def job(
        self, population: Population, connections: int, seconds: float, cores: Sequence[int]
    ) -> Job:
        """The load of one round."""
        if self.payloads > 1:
            count = max(connections, int(seconds * PAYLOADS_A_SECOND / self.payloads))
            warm, seconds = 0.0, LONGEST
        else:
            count, warm = int(seconds * SINGLES_A_SECOND), 0.2
        return Job(
            port=population.server.port,
            requests=self.prepare(population, count),
            connections=connections,
            seconds=seconds,
            warm=warm,
            expect=self.expect,
            once=self.once,
            cores=cores,
        )


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("read", "read a plan", read, every=1),
        Operation("denied", "read, may not know of them (404)", denied, expect=404),
        Operation("single", "push one new person (three records)", single, once=True, payloads=1),
        Operation(
            "batch", f"push {AT_ONCE} new people", batches, once=True, every=8, payloads=AT_ONCE
        ),
        Operation("search", "audit search", search),
        Operation("proof", "inclusion proof", proof),
    )
}
