"""A load client on raw sockets that also reconnects where a server closes after each answer.

The bench has a load generator of its own for servers that keep connections; the search for the
best server settings also needs those that do not.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field


@dataclass
class Result:
    """Milliseconds each answer took, the status of each, and how long all of it took (seconds)."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency below which `share` of the answers lie."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, token: str
) -> tuple[int, bytes, bool]:
    """The status and body of one answer, and whether the connection stays open."""
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: peer\r\nAccept: application/json\r\n"
        f"Authorization: Bearer {token}\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length), b"connection: close" not in head


async def client(port: int, paths: list[str], token: str, until: float, result: Result) -> None:
    """Ask for random paths, one after the other, until the time `until`."""
    while time.perf_counter() < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        stays = True
        while stays and (since := time.perf_counter()) < until:
            status, _, stays = await ask(reader, writer, random.choice(paths), token)  # noqa: S311
            result.latencies.append((time.perf_counter() - since) * 1000)
            result.statuses[status] = result.statuses.get(status, 0) + 1
        writer.close()


async def load(port: int, paths: list[str], token: str, connections: int, seconds: float) -> Result:
    """What `connections` clients get in `seconds`. Raises `TimeoutError` where a server hangs."""
    result, began = Result(), time.perf_counter()
    clients = (client(port, paths, token, began + seconds, result) for _ in range(connections))
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*clients)
    result.seconds = time.perf_counter() - began
    return result
