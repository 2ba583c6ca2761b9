"""`make fuzz`: many generated payloads of every upstream operation, and what became of them."""

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.adapters.upstream.operations import OPENAPI, Operation, operations
from tests.adapters.upstream.outcomes import CRASHED, tally

STEP = 500
SHOWN = 20


def main(arguments: list[str]) -> int:
    """Run; 1 where anything crashed, 2 where there is nothing to make payloads from."""
    parser = argparse.ArgumentParser(prog="python -m tests.adapters.upstream", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="payloads per operation")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--only", default="", help="operations whose name holds this")
    asked = parser.parse_args(arguments)
    chosen = [one for one in operations() if asked.only in one.name]
    if not chosen:
        print(f"no operation: are the OpenAPI files in {OPENAPI}?", file=sys.stderr)
        return 2
    found, crashes = _run(chosen, asked.first, asked.count)
    _show(chosen, found)
    for line in crashes[:SHOWN]:
        print(line)
    return int(bool(crashes))


def _run(
    chosen: list[Operation], first: int, count: int
) -> tuple[dict[str, Counter[str]], list[str]]:
    found = {operation.name: Counter[str]() for operation in chosen}
    crashes: list[str] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress, ProcessPoolExecutor(os.cpu_count()) as pool:
        task = progress.add_task("payloads", total=len(chosen) * count)
        parts = {
            pool.submit(tally, one, start, min(STEP, first + count - start)): one
            for one in chosen
            for start in range(first, first + count, STEP)
        }
        for part in as_completed(parts):
            counted, crashed = part.result()
            found[parts[part].name] += counted
            crashes += crashed
            progress.advance(task, counted.total())
    return found, crashes


def _show(chosen: list[Operation], found: dict[str, Counter[str]]) -> None:
    table = Table("system", "operation", "mapped", "refused", "crashed", "outcomes")
    for operation in chosen:
        counts = found[operation.name]
        mapped = sum(n for name, n in counts.items() if name.startswith("mapped"))
        refused = counts.total() - mapped - counts[CRASHED]
        details = ", ".join(f"{name} {n:,}" for name, n in counts.most_common())
        row = (f"{mapped:,}", f"{refused:,}", f"{counts[CRASHED]:,}", details)
        table.add_row(operation.system, operation.name, *row)
    Console(width=200).print(table)
    total = sum((counts for counts in found.values()), Counter[str]())
    print(f"{total.total():,} payloads of {len(chosen)} operations; crashed: {total[CRASHED]:,}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
