"""`mappa-gateway load` as an operator runs it."""

import json
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.gateway.evidence import Evidence
from tests.gateway.load.backlog import Run, backlog, check
from tests.gateway.test_cli import run
from tests.gateway.world import free_port


def test_help_shows_examples() -> None:
    shown = " ".join(run("load", "--help", COLUMNS="200").stdout.split())
    assert "mappa-gateway load --system delius register.ndjson" in shown
    assert all(
        option in shown for option in ("--dry-run", "--again", "--rejects", "130 interrupted")
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--system", "delus", "FILE"], "--system is one of: delius, oasys"),
        (["--system", "delius", "nowhere.json"], "No such file or directory"),
        (["--system", "delius", "FILE", "--subject", "Ashgrove"], "write the subject as crn:"),
        (["--system", "delius", "FILE", "--agency", "army"], "--agency is one of: probation"),
        (["--system", "delius", "FILE"], "an empty JSON array"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    file = tmp_path / "register.json"
    file.write_text("[]")
    given = [str(file) if one == "FILE" else one for one in arguments]
    ended = run("load", *given, "--data-dir", str(tmp_path / "data"))
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("load", "--system", "delius", "FILE"),
        ("load", "--system", "delius", "FILE", "--dry-run"),
        ("identity", "propose"),
    ],
)
def test_a_database_that_is_away_is_said_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "register.json"
    file.write_text("{}")
    given = [str(file) if one == "FILE" else one for one in arguments]
    url = f"postgresql://mappa@127.0.0.1:{free_port()}/mappa"
    there = ("--data-dir", str(tmp_path / "data"))
    ended = run(*given, *there, MAPPA_GATEWAY_DATABASE_URL=url)
    assert ended.returncode == 2
    assert "mappa-gateway: the database does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


@pytest.mark.parametrize(("stated", "staff"), [(("--staff", "J-1"), "J-1"), ((), None)])
def test_the_account_is_recorded_whoever_is_said_to_load(
    tmp_path: Path, stated: tuple[str, ...], staff: str | None
) -> None:
    file, data = tmp_path / "register.json", tmp_path / "data"
    file.write_text("{}")
    given = ("load", "--system", "delius", str(file), "--data-dir", str(data), *stated)
    assert run(*given, LOGNAME="somebody-else", USER="somebody-else").returncode == 1
    own = pwd.getpwuid(os.getuid()).pw_name
    with Evidence(data, None).reading() as connection:
        rows = connection.execute(text("SELECT client, staff FROM audit_entry")).all()
    assert [tuple(row) for row in rows] == [(f"mappa-gateway load ({own})", staff or own)]


@pytest.mark.crash
def test_ctrl_c_ends_after_the_batch_and_the_same_command_goes_on(tmp_path: Path) -> None:
    load = Run(tmp_path / "data")
    (file,) = backlog(tmp_path, 1500, ("persons.ndjson",))
    process = load.start(file)
    while not load.filed(file):
        assert process.poll() is None, "it had ended before"
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    filed = load.filed(file)
    assert 0 < filed < 1500
    assert filed % 200 == 0
    load.load(file)
    assert f"going on after {filed:,} payloads" in load.said[-1]
    check(load, [file])


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A payload is held no longer than its batch: a file of 60 MB takes no 60 MB more."""
    file = tmp_path / "long.json"
    padded = json.dumps({"nothing": "x" * 20_000})
    with file.open("w") as out:
        out.write("[")
        out.writelines(f"{padded},\n" for _ in range(3000))
        out.write("{}]")
    probe = (
        "import resource, sys, io, pathlib\n"
        "from adapters.registry import ADAPTERS\n"
        "from gateway.ingest.push import Push\n"
        "from gateway.load.reader import Reader\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "push = Push(ADAPTERS['delius'], 'x', b'')\n"
        "with Reader(pathlib.Path(sys.argv[1]), push, 1 << 20) as reader:\n"
        "    count = 0\n"
        "    while batch := reader.next_batch():\n"
        "        count += len(batch.payloads)\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(count, grown)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", probe, str(file)], capture_output=True, text=True, check=True
    ).stdout
    count, grown = map(int, shown.split())
    assert count == 3001
    assert grown * 1024 < 30_000_000
