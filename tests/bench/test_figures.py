"""Medians, ratios round by round, and the tables made of them."""

import json
from pathlib import Path

import pytest

from bench import results, table
from bench.load import Result
from bench.machine import described
from bench.operations import RECORDS
from bench.promises import promises
from bench.results import Figure, figures
from bench.rounds import Cell, Measured, Plan, schedule
from bench.seed import AT_ONCE
from bench.servers import Server
from bench.subjects import Subject

SETTINGS = {"people": 10, "rounds": 3}


def measured(
    subject: str, number: int, rate: float, operation: str = "read", wrong: int = 0
) -> Measured:
    """One second of one cell."""
    result = Result(
        answered=int(rate),
        seconds=1,
        p50=1 + number,
        p99=9,
        slowest=9,
        wrong=wrong,
        in_all=int(rate),
    )
    cpu = {"server": rate / 10_000, "load": 0.1}
    return Measured(Cell(subject, operation, 16), number, result, cpu, 0.01)


def some() -> list[Figure]:
    """The machine was twice as slow in the second of three rounds."""
    return figures(
        [
            measured("floor", 0, 1000),
            measured("sqlite", 0, 600),
            measured("sqlite", 0, 50, "batch"),
            measured("floor", 1, 500),
            measured("sqlite", 1, 300),
            measured("floor", 2, 1000),
            measured("sqlite", 2, 800, wrong=2),
        ]
    )


def test_a_ratio_compares_what_was_measured_in_the_same_round() -> None:
    found = {(f.subject, f.operation): f for f in some()}
    assert found["floor", "read"].ratio == 1
    assert found["sqlite", "read"].ratio == 0.6
    assert found["sqlite", "read"].rate == 600
    assert found["sqlite", "read"].p50 == 2
    assert found["sqlite", "read"].cpu["server"] == 100
    assert found["sqlite", "read"].wrong == 2
    assert found["sqlite", "batch"].records == 50 * AT_ONCE * RECORDS
    assert len(found["floor", "read"].rounds) == 3


def test_what_is_saved_is_what_is_shown_again(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.save(file, described(), SETTINGS, some())
    machine, settings, found = results.load(file)
    assert found == some()
    assert settings == SETTINGS
    assert machine["cores"] >= 1
    assert machine["fdatasyncMs"] > 0
    assert json.loads(file.read_text())["figures"]


def test_the_readme_gets_a_table_between_its_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    for _ in range(2):
        table.put(readme, table.markdown(described(), SETTINGS, some()))
    text = readme.read_text()
    assert text.startswith("# Title\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert text.count("| floor: bare endpoint |") == 1
    assert "0.60 · 600/s · 2.0 / 9.0 ms (2 failed)" in text
    assert f"{50 * AT_ONCE * RECORDS:,} rec/s" in text


def test_a_readme_without_markers_is_left_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Title\n")
    with pytest.raises(ValueError, match="bench:begin"):
        table.put(readme, "text")
    assert readme.read_text() == "# Title\n"


def test_every_subject_has_its_turn_first_and_reads_come_in_every_round() -> None:
    subjects = [
        Subject(name, name, Server(1, {}), dict.fromkeys(jobs), least=least)  # type: ignore[arg-type]
        for name, jobs, least in (
            ("floor", ["read"], 1),
            ("one", ["read", "search"], 1),
            ("two", ["read", "search"], 2),
        )
    ]
    planned = list(schedule(subjects, Plan(["read", "search"], (1, 16), 3, 1, 0)))
    for number, first in enumerate(("floor", "one", "two")):
        reads = [(s.name, n) for r, s, op, n in planned if r == number and op == "read"]
        assert sorted(reads) == [("floor", 1), ("floor", 16), ("one", 1), ("one", 16), ("two", 16)]
        assert next(name for name, clients in reads if clients == 16) == first
    searches = {(r, s.name, n) for r, s, op, n in planned if op == "search"}
    assert searches == {
        (r, *cell) for r in (0, 2) for cell in (("one", 1), ("one", 16), ("two", 16))
    }


def test_a_promise_is_judged_by_what_was_measured_for_it() -> None:
    found = figures(
        [
            measured("floor", 0, 1000),
            measured("sqlite", 0, 440),
            measured("django-sqlite", 0, 50),
            measured("sqlite", 0, 10, "batch"),
        ]
    )
    judged = {promise.what: (promise.reached, promise.kept) for promise in promises(found)}
    assert judged == {
        "read on SQLite beside the floor, 16": (0.44, False),
        "sqlite beside django-sqlite, 16": (8.8, True),
        "records a second in batches, SQLite": (10 * AT_ONCE * RECORDS, True),
    }
