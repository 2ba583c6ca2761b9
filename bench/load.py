"""The load generator: `python -m bench.load` reads a job as JSON and answers a result as JSON.

It is a process of its own, on a core of its own, so that what it costs is not taken from the
server it measures. Connections are kept alive; each sends its next prepared request as soon as
its answer is complete (closed loop), or, where a job says how many arrive a second, when one
arrives (open loop).
"""

import asyncio
import contextlib
import gc
import itertools
import json
import random
import resource
import subprocess
import sys
import time
from array import array
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

import uvloop

from bench.cores import pin

AT_ONCE = 200
"""How many connections are asked for at a time: a server's backlog is limited."""
AGAIN = 0.05
"""Seconds before a connection that ended is made anew."""
GRACE = 10.0
"""Seconds that requests under way at the end are waited for."""


@dataclass(frozen=True)
class Job:
    """Whom to ask, what, with how many connections and for how long."""

    port: int
    requests: Sequence[str]
    """Whole HTTP/1.1 requests, head and body, in Latin-1."""
    connections: int = 16
    seconds: float = 1.5
    warm: float = 0.2
    """Seconds before the clock starts; what is answered in them does not count."""
    expect: int = 200
    once: bool = False
    """Send each request once, in order, and end when there are no more; otherwise at random."""
    cores: Sequence[int] = ()
    arrivals: float = 0
    """Requests a second, whether or not answers come; 0: as soon as the last is answered."""
    names: Sequence[Sequence[str]] = ()
    """For a population too large to send whole: what `requests` of the same place hold `{}` for."""


@dataclass
class Result:
    """What came back while the clock ran. Latencies are milliseconds, CPU time is seconds.

    `answered`, and latencies but `wrong_p99`, are of the answers with the expected status.
    """

    answered: int
    seconds: float
    p50: float
    p99: float
    slowest: float
    statuses: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    """Answers whose status was not the expected one, warm-up included."""
    wrong_p99: float = 0.0
    told_when: int = 0
    """How many of the wrong ones carried `Retry-After`."""
    broken: int = 0
    """Connections that broke, or could not be made."""
    breaks: dict[str, int] = field(default_factory=dict)
    """The same by how; `NoneType` is an orderly end before the answer."""
    unanswered: int = 0
    missed: int = 0
    """Arrivals for which no connection was free."""
    in_all: int = 0
    """Every answer, warm-up included: what CPU time is divided by."""
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the sorted `values` lie; 0 where there are none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


class Connection(asyncio.Protocol):
    """One client: a request, its whole answer, the next request."""

    __slots__ = ("ended", "load", "pending", "since", "transport")

    def __init__(self, load: "Load") -> None:
        self.load, self.pending, self.since, self.ended = load, b"", 0.0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.load.ready(self)

    def send(self) -> None:
        """The next request; where there is none, this connection has done its work."""
        request = self.load.next_request()
        if request is None:
            self.since = 0.0
            self.transport.close()
        else:
            self.since = time.perf_counter()
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.pending:
            data = self.pending + data
        end = data.find(b"\r\n\r\n")
        head = data[: max(end, 0)].lower()
        if not head or not _complete(data, head):
            self.pending = data
            return
        self.pending = b""
        self.load.answer(head, self.since)
        if b"\r\nconnection: close" in head:
            self.since, self.ended = 0.0, True
            self.transport.close()
        else:
            self.load.ready(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.load.lost(self, error)


def _complete(data: bytes, head: bytes) -> bool:
    """Whether all of the answer with this head, in lower case, is there."""
    at = head.find(b"content-length:")
    if at < 0:
        return b"chunked" not in head or data.endswith(b"0\r\n\r\n")
    length = int(head[at + 15 :].partition(b"\r")[0])
    return len(data) >= len(head) + 4 + length


class Load:
    """One run of a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.requests = _requests(job)
        self.latencies, self.wrong_latencies = array("d"), array("d")
        self.statuses: Counter[str] = Counter()
        self.breaks: Counter[str] = Counter()
        self.wrong = self.told_when = self.broken = self.in_all = self.missed = 0
        self.open: set[Connection] = set()
        self.free: deque[Connection] = deque()
        self.stopping = False
        self.begin = self.end = 0.0
        self.cpu = time.process_time()
        self.idle = asyncio.Event()

    def next_request(self) -> bytes | None:
        """What to send next; `None` when it is over."""
        return None if self.stopping else next(self.requests, None)

    def ready(self, connection: Connection) -> None:
        """A connection may send: at once, or when something arrives."""
        if self.job.arrivals and not self.stopping:
            connection.since = 0.0
            self.free.append(connection)
        else:
            connection.send()

    async def arrive(self) -> None:
        """Let requests arrive evenly until the end, each on the connection free for longest."""
        begin, arrived = time.perf_counter(), 0
        while not self.stopping:
            due = int((time.perf_counter() - begin) * self.job.arrivals) - arrived
            arrived += due
            for _ in range(due):
                if self.free:
                    self.free.popleft().send()
                else:
                    self.missed += 1
            await asyncio.sleep(0.002)

    def answer(self, head: bytes, since: float) -> None:
        """Note one complete answer."""
        now = time.perf_counter()
        status = int(head[9:12])
        self.in_all += 1
        latencies = self.latencies
        if status != self.job.expect:
            self.wrong += 1
            self.told_when += b"\r\nretry-after:" in head
            latencies = self.wrong_latencies
        if self.begin and not self.stopping:
            self.statuses[str(status)] += 1
            latencies.append(now - since)

    def lost(self, connection: Connection, error: Exception | None) -> None:
        """A connection ended. It broke where an answer was still to come; servers may close one
        that waits for something to send, or that they said they would."""
        self.open.discard(connection)
        self.broken += bool(connection.since)
        self.breaks[type(error).__name__] += bool(connection.since)
        if connection in self.free:
            self.free.remove(connection)
            self._again()
        elif connection.since or connection.ended:
            self._again()
        elif not self.open:
            self.idle.set()

    def _again(self) -> None:
        """Instead of a connection that broke; none where it is over."""
        if not self.stopping:
            asyncio.get_running_loop().call_later(AGAIN, self.connect)
        elif not self.open:
            self.idle.set()

    def connect(self) -> "asyncio.Future[None]":
        """Open one connection, in the background."""
        task = asyncio.ensure_future(self._connect())
        task.add_done_callback(_done)
        return task

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        connection = Connection(self)
        self.open.add(connection)
        try:
            await loop.create_connection(lambda: connection, "127.0.0.1", self.job.port)
        except OSError as error:
            self.open.discard(connection)
            self.broken += 1
            self.breaks[type(error).__name__] += 1
            self._again()

    async def run(self) -> Result:
        """Connect, warm up, measure, let what is under way end."""
        for begin in range(0, self.job.connections, AT_ONCE):
            count = min(AT_ONCE, self.job.connections - begin)
            made = [self.connect() for _ in range(count)]
            if begin + count < self.job.connections:
                await asyncio.wait(made)
                await asyncio.sleep(0.05)
        arriving = asyncio.ensure_future(self.arrive()) if self.job.arrivals else None
        if self.job.warm:
            await asyncio.sleep(self.job.warm)
        self.begin = time.perf_counter()
        await self._idle(self.job.seconds)
        self.stopping, self.end = True, time.perf_counter()
        if arriving:
            await arriving
        for connection in self.free:
            connection.transport.close()
        if self.open:
            await self._idle(GRACE)
        self.cpu = time.process_time() - self.cpu
        return self._result()

    async def _idle(self, seconds: float) -> None:
        """Until every connection has ended, but no longer than `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle.wait(), seconds)

    def _result(self) -> Result:
        ordered = sorted(self.latencies)
        return Result(
            answered=len(ordered),
            seconds=self.end - self.begin,
            p50=percentile(ordered, 0.50) * 1000,
            p99=percentile(ordered, 0.99) * 1000,
            slowest=percentile(ordered, 1) * 1000,
            statuses=dict(self.statuses),
            wrong=self.wrong,
            wrong_p99=percentile(sorted(self.wrong_latencies), 0.99) * 1000,
            missed=self.missed,
            told_when=self.told_when,
            broken=self.broken,
            breaks=dict(+self.breaks),
            unanswered=len(self.open),
            in_all=self.in_all,
            cpu=self.cpu,
        )


def _requests(job: Job) -> Iterator[bytes]:
    if job.names:
        return _named(job)
    requests = [request.encode("latin-1") for request in job.requests]
    if job.once:
        return iter(requests)
    return itertools.cycle(random.choices(requests, k=max(len(requests), 20_000)))  # noqa: S311


def _named(job: Job) -> Iterator[bytes]:
    """Any name of any request, for ever."""
    frames = [request.encode("latin-1").split(b"{}") for request in job.requests]
    names = [
        (*frame, name.encode())
        for frame, held in zip(frames, job.names, strict=True)
        for name in held
    ]
    while True:
        before, after, name = random.choice(names)  # noqa: S311
        yield before + name + after


def _done(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        raise error


def measure(job: Job) -> Result:
    """Run a job in a process of its own. Raises `RuntimeError` where that process fails."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        timeout=job.warm + job.seconds + GRACE + 60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load generator failed: {done.stderr[-2000:]}")
    return Result(**json.loads(done.stdout))


def main() -> None:
    """One job from standard input, its result on standard output."""
    job = Job(**json.load(sys.stdin))
    pin(0, job.cores)
    gc.disable()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def run() -> Result:
        return await Load(job).run()

    json.dump(asdict(uvloop.run(run())), sys.stdout)


if __name__ == "__main__":
    main()
