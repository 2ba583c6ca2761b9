"""The soak finds what it looks for: a check that could not fail would be worth nothing."""

import dataclasses
import time
from pathlib import Path

import httpx
import pytest

from bench.crash import Burst, House, Witness, check, check_history, kill, kill_server
from bench.load import Result
from bench.pressure import Pressure, _faults
from bench.seed import MOST, TODAY
from gateway.demo.people import characters

NOTE = b"log\n%d\n%s\n\nsignature\n"


def test_a_killed_server_has_lost_nothing_and_a_loss_would_be_seen(tmp_path: Path) -> None:
    house, witness = House("SQLite", tmp_path / "data"), Witness()
    people = characters(MOST, TODAY)
    while not witness.pushed:
        size = kill_server(house, people, witness)
    check_history(house, witness, size)
    assert witness.faults == []
    assert witness.entries

    for doubting in (Witness(entries={"no-such-entry"}), Witness(pushed={"X999999"})):
        check(house, doubting)
        assert len(doubting.faults) == 1
    forked = Witness(checkpoints={size: b"QUJD"})
    check_history(house, forked, size)
    assert forked.faults == [f"the checkpoint of size {size} is of another history"]
    ahead = Witness(checkpoints={size + 1: b"QUJD"})
    check_history(house, ahead, size)
    assert ahead.faults == [f"checkpoints beyond the log: [{size + 1}]"]


def test_a_changed_log_is_noticed(tmp_path: Path) -> None:
    house, witness = House("SQLite", tmp_path / "data"), Witness()
    with house.served() as server, Burst(server, characters(MOST, TODAY), witness).going():
        while not witness.pushed or not witness.checkpoints:
            time.sleep(0.05)
        kill(server)
    with house.served():
        pass
    victim = next(path for path in (tmp_path / "data/log/entries").rglob("*") if path.is_file())
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    check(house, witness)
    assert "the log does not verify" in witness.faults[0]


def test_two_roots_of_one_size_are_a_fault() -> None:
    witness = Witness()
    for root in (b"AAAA", b"AAAA", b"BBBB"):
        witness.saw(NOTE % (7, root))
    assert witness.faults == ["two roots of size 7"]


def test_an_answer_must_name_its_entry_but_a_refusal_need_not() -> None:
    witness = Witness()
    assert not witness.heard(httpx.Response(503))
    assert witness.heard(httpx.Response(404, headers={"Audit-Entry": "one"}))
    assert witness.faults == []
    assert (witness.entries, witness.refused) == ({"one"}, 1)
    witness.heard(httpx.Response(200))
    assert witness.faults == ["an answer 200 named no entry"]


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
        ({}, {"broken": 1}, "1 connections broke"),
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
