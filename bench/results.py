"""Medians of the rounds, and the file they are kept in."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.operations import OPERATIONS, RECORDS
from bench.rounds import Measured

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """One cell over its rounds. Latencies are ms, `cpu` is µs a request, by part."""

    subject: str
    operation: str
    connections: int
    rate: float
    records: float
    """Records filed a second, where something is pushed."""
    ratio: float | None
    """Median over the rounds of rate by the floor's rate at as many connections."""
    p50: float
    p99: float
    cpu: dict[str, float]
    foreign: float
    wrong: int
    """Unexpected answers and broken connections, in all rounds together."""
    rounds: list[dict[str, Any]]


def figures(measured: Sequence[Measured]) -> list[Figure]:
    """A figure for each cell, in the order they were first measured."""
    cells = defaultdict(list)
    for one in measured:
        cells[one.cell].append(one)
    floors = {
        (one.round, one.cell.connections): one.result.rate
        for one in measured
        if one.cell.subject == "floor"
    }
    return [_figure(rounds, floors) for rounds in cells.values()]


def _figure(rounds: Sequence[Measured], floors: dict[tuple[int, int], float]) -> Figure:
    cell = rounds[0].cell
    rate = median(one.result.rate for one in rounds)
    ratios = [
        one.result.rate / floor
        for one in rounds
        if (floor := floors.get((one.round, cell.connections)))
    ]
    return Figure(
        subject=cell.subject,
        operation=cell.operation,
        connections=cell.connections,
        rate=round(rate, 1),
        records=round(rate * OPERATIONS[cell.operation].payloads * RECORDS, 1),
        ratio=round(median(ratios), 3) if ratios else None,
        p50=round(median(one.result.p50 for one in rounds), 3),
        p99=round(median(one.result.p99 for one in rounds), 3),
        cpu={
            part: round(median(one.cpu[part] / max(1, one.result.in_all) for one in rounds) * 1e6)
            for part in rounds[0].cpu
        },
        foreign=round(median(one.foreign for one in rounds), 3),
        wrong=sum(one.result.wrong + one.result.broken for one in rounds),
        rounds=[
            asdict(one.result)
            | {
                "round": one.round,
                "rate": round(one.result.rate, 1),
                "cpu": one.cpu,
                "foreign": round(one.foreign, 3),
            }
            for one in rounds
        ],
    )


def save(
    file: Path, machine: dict[str, Any], settings: dict[str, Any], found: Sequence[Figure]
) -> None:
    """Write everything that was measured."""
    content = {
        "machine": machine,
        "settings": settings,
        "figures": [asdict(figure) for figure in found],
    }
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load(file: Path) -> tuple[dict[str, Any], dict[str, Any], list[Figure]]:
    """What was saved: machine, settings, figures."""
    content = json.loads(file.read_text(encoding="utf-8"))
    return content["machine"], content["settings"], [Figure(**one) for one in content["figures"]]
