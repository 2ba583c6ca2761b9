"""Four times what the service can do: it must refuse in good order, and forget it afterwards."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.cores import LOAD, memory
from bench.load import Job, Result, measure
from bench.operations import read
from bench.rounds import calm
from bench.seed import Population

TIMES = 4
COMFORTABLE = 64
CONNECTIONS = 2000
MEMORY_MB = 400
"""What thousands of connections and a full queue may add to a server that was at rest."""
FULL_SPEED = 0.85
"""Of the rate before; what is missing to 1 is the noise of a machine."""


@dataclass
class Pressure:
    """Rates are requests a second, times ms, memory MB."""

    store: str
    sustainable: float
    offered: float
    accepted: float
    refused: float
    accepted_p99: float
    refused_p99: float
    statuses: dict[str, int]
    rest_mb: float
    peak_mb: float
    afterwards: float
    faults: list[str] = field(default_factory=list)


class _Memory:
    """The most memory a server was seen to use."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.pids, self.peak = pids, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.25):
            self.peak = max(self.peak, megabytes(self.pids))


def megabytes(pids: Sequence[int]) -> float:
    """Resident memory."""
    return round(memory(pids) / 2**20, 1)


def press(store: str, population: Population, seconds: float) -> Pressure:
    """Measure, overload, measure again."""
    server = population.server
    pids = server.parts["server"]
    requests = read(population, 0)

    def comfortable() -> float:
        rates = []
        for _ in range(3):
            job = Job(server.port, requests, COMFORTABLE, seconds / 4, cores=LOAD)
            rates.append(measure(job).rate)
        return median(rates)

    before = comfortable()
    calm(server.pids)
    rest = megabytes(pids)
    job = Job(
        server.port,
        requests,
        CONNECTIONS,
        seconds,
        warm=1.0,
        cores=LOAD,
        arrivals=TIMES * before,
    )
    with _Memory(pids) as watched:
        result = measure(job)
    calm(server.pids)
    found = Pressure(
        store=store,
        sustainable=round(before, 1),
        offered=round(TIMES * before, 1),
        accepted=round(result.rate, 1),
        refused=round(result.statuses.get("503", 0) / result.seconds, 1),
        accepted_p99=round(result.p99, 1),
        refused_p99=round(result.wrong_p99, 1),
        statuses=result.statuses,
        rest_mb=rest,
        peak_mb=watched.peak,
        afterwards=round(comfortable(), 1),
    )
    found.faults = _faults(found, result)
    return found


def _faults(found: Pressure, result: Result) -> list[str]:
    checks = {
        "nothing was refused at four times the load": not found.statuses.get("503"),
        "answers other than 200 and 503": bool(set(found.statuses) - {"200", "503"}),
        "a refusal without Retry-After": result.told_when < result.wrong,
        f"{result.broken} connections broke {result.breaks}": bool(result.broken),
        f"{result.unanswered} requests were never answered": bool(result.unanswered),
        "memory grew too far": found.peak_mb - found.rest_mb > MEMORY_MB,
        "full speed did not return": found.afterwards < FULL_SPEED * found.sustainable,
    }
    return [fault for fault, true in checks.items() if true]
