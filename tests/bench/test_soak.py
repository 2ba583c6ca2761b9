"""The soak kills what it says, and names what it finds."""

import dataclasses

import pytest
from rich.console import Console

from bench.load import Result
from bench.pressure import Pressure, _faults
from bench.soak import _kill


def test_the_embedded_store_outlives_a_kill() -> None:
    found = _kill("kill-sqlite", 1, Console(quiet=True))
    assert found["faults"] == []
    assert found["kills"] == 1
    assert found["entries"] >= found["answers"] > found["pushesAcknowledged"] > 0
    assert found["checkpointsSeen"]


GOOD = Pressure("SQLite", 1000, 4000, 900, 3000, 50, 5, {"200": 9, "503": 30}, 150, 250, 990)
CALM = Result(9, 1, 1, 1, 1, {"200": 9, "503": 30}, wrong=30, told_when=30)


def test_refusing_in_good_order_is_no_fault() -> None:
    assert _faults(GOOD, CALM) == []


@pytest.mark.parametrize(
    ("found", "result", "fault"),
    [
        ({"statuses": {"200": 9}}, {}, "nothing was refused at four times the load"),
        ({"statuses": {"200": 9, "503": 1, "500": 1}}, {}, "answers other than 200 and 503"),
        ({}, {"told_when": 29}, "a refusal without Retry-After"),
        ({}, {"broken": 1, "breaks": {"reset": 1}}, "1 connections broke {'reset': 1}"),
        ({}, {"unanswered": 1}, "1 requests were never answered"),
        ({"peak_mb": 1000.0}, {}, "memory grew too far"),
        ({"afterwards": 500.0}, {}, "full speed did not return"),
    ],
)
def test_each_broken_promise_is_named(
    found: dict[str, object], result: dict[str, object], fault: str
) -> None:
    pressed = dataclasses.replace(GOOD, **found)  # type: ignore[arg-type]
    assert _faults(pressed, dataclasses.replace(CALM, **result)) == [fault]  # type: ignore[arg-type]
