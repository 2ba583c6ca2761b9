"""Interleaved rounds: every subject in turn, so that what disturbs the machine disturbs all."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import psutil

from bench.cores import SERVER, pin_all, used
from bench.load import Result, measure
from bench.operations import OPERATIONS
from bench.subjects import Subject

CALM = 0.02
"""CPU seconds in a tenth of a second below which a server has finished its earlier work."""


@dataclass(frozen=True)
class Cell:
    """What one measurement is about."""

    subject: str
    operation: str
    connections: int


@dataclass(frozen=True)
class Measured:
    """One cell in one round. CPU seconds are by part: `server`, `database`, `load`."""

    cell: Cell
    round: int
    result: Result
    cpu: dict[str, float]
    foreign: float
    """CPU seconds, per second and core, that others took meanwhile: noise."""


@dataclass(frozen=True)
class Plan:
    """What is measured, how often and how long; after `until` (monotonic) the first round is
    brought to its end, and no other."""

    operations: Sequence[str]
    connections: Sequence[int]
    rounds: int
    seconds: float
    until: float


def schedule(subjects: Sequence[Subject], plan: Plan) -> Iterator[tuple[int, Subject, str, int]]:
    """Round by round; within one, subjects are neighbours in time, in an order that rotates."""
    for number in range(plan.rounds):
        turned = [*subjects[number % len(subjects) :], *subjects[: number % len(subjects)]]
        for operation in plan.operations:
            if number % OPERATIONS[operation].every:
                continue
            for clients in plan.connections:
                for subject in turned:
                    if operation in subject.jobs and clients >= subject.least:
                        yield number, subject, operation, clients


def calm(pids: Sequence[int], seconds: float = 3.0) -> None:
    """Wait until a server is done with what came before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = used(pids)
        time.sleep(0.1)
        if used(pids) - before < CALM:
            return


def once(subject: Subject, operation: str, clients: int, seconds: float, number: int) -> Measured:
    """One measurement, then peace on the server it was about."""
    job = subject.jobs[operation](clients, seconds)
    parts = subject.server.parts
    if subject.cores != SERVER:
        pin_all(subject.server.pids, subject.cores)
    before = {part: used(pids) for part, pids in parts.items()}
    whole, began = _busy(), time.monotonic()
    result = measure(job)
    lasted = time.monotonic() - began
    cpu = {part: used(pids) - before[part] for part, pids in parts.items()} | {"load": result.cpu}
    foreign = (_busy() - whole - sum(cpu.values())) / lasted / (psutil.cpu_count() or 1)
    if subject.cores != SERVER:
        pin_all(subject.server.pids, SERVER)
    calm(subject.server.pids)
    return Measured(Cell(subject.name, operation, clients), number, result, cpu, max(0, foreign))


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "steal", 0.0))


def run(
    subjects: Sequence[Subject],
    plan: Plan,
    tell: Callable[[int, int, str], None],
    say: Callable[[str], None],
) -> list[Measured]:
    """All rounds, or what there is time for of them; the first is always whole.

    `tell` shows how far it is; `say` is for what must not be overlooked: wrong answers, with the
    end of that server's log.
    """
    planned = list(schedule(subjects, plan))
    measured: list[Measured] = []
    for index, (number, subject, operation, clients) in enumerate(planned):
        if number and time.monotonic() > plan.until:
            break
        tell(index, len(planned), f"{OPERATIONS[operation].title}, {clients}: {subject.title}")
        try:
            one = once(subject, operation, clients, plan.seconds, number)
        except (OSError, LookupError, httpx.HTTPError) as error:
            say(f"{operation} at {clients} not measured, {_about(subject, repr(error))}")
            continue
        measured.append(one)
        if one.result.wrong:
            answers = f"answers {one.result.statuses}"
            say(f"{operation} at {clients} in round {number}: {_about(subject, answers)}")
    return measured


def _about(subject: Subject, what: str) -> str:
    return f"{subject.title}: {what}\n{subject.server.said()}"
