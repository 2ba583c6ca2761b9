"""What the service promises of its speed, and whether a run kept it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench.results import Figure

INGEST_RECORDS = 1000
OVER_PEER = 8
TWO_WORKERS = 1.6


class Promise(NamedTuple):
    """One promise: `reached` is to be at least `least`."""

    what: str
    least: float
    reached: float

    @property
    def kept(self) -> bool:
        """As measured in this run."""
        return self.reached >= self.least


def promises(found: Sequence[Figure]) -> Iterator[Promise]:
    """Every promise that the run measured what is needed to judge."""
    cells = {(f.subject, f.operation, f.connections): f for f in found}
    for subject, clients, least in (("sqlite", 64, 0.60), ("sqlite", 16, 0.45)):
        figure = cells.get((subject, "read", clients))
        if figure and figure.ratio is not None:
            yield Promise(f"read on SQLite beside the floor, {clients}", least, figure.ratio)
    slow = cells.get(("sqlite-slow", "read", 64))
    if slow and slow.ratio is not None:
        yield Promise("read on SQLite beside the floor, +2 ms fsync, 64", 0.50, slow.ratio)
    for ours, peer in (("sqlite", "django-sqlite"), ("postgres-1", "django-postgres")):
        for clients in (16, 64):
            yield from _beside(cells, (ours, peer), clients, OVER_PEER)
    batches = [cells[key] for key in cells if key[:2] == ("sqlite", "batch")]
    if batches:
        best = max(figure.records for figure in batches)
        yield Promise("records a second in batches, SQLite", INGEST_RECORDS, best)
    for suffix in ("", "-free"):
        yield from _beside(cells, (f"postgres-2{suffix}", f"postgres-1{suffix}"), 64, TWO_WORKERS)


def _beside(
    cells: dict[tuple[str, str, int], Figure], pair: tuple[str, str], clients: int, least: float
) -> Iterator[Promise]:
    """The throughput of one subject by that of another, as medians."""
    one, other = (cells.get((name, "read", clients)) for name in pair)
    if one and other and other.rate:
        times = round(one.rate / other.rate, 2)
        yield Promise(f"{pair[0]} beside {pair[1]}, {clients}", least, times)
