"""The command line, run as a newcomer runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from gateway.demo.setup import furnish
from gateway.demo.story import END_OF_STORY
from tests.gateway.world import Gateway, free_port


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environ,
        timeout=60,
        check=False,
    )


EMBEDDED = pytest.mark.parametrize("gateway", ["sqlite"], indirect=True)
"""The command line works on the data directory, whatever the store of the gateway it calls."""


class Demo:
    """`mappa-gateway demo` as a process, its output in a file."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.port, self.data_dir = free_port(), data_dir
        self.output = data_dir.with_suffix(".log")
        command = [sys.executable, "-m", "gateway", "demo", "--port", str(self.port)]
        command += ["--data-dir", str(data_dir), "--people", "4", *options]
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {"COLUMNS": "200"},
            )

    def wait_for(self, text: str) -> str:
        deadline = time.monotonic() + 120
        while text not in (shown := self.output.read_text()):
            assert self.process.poll() is None, shown
            assert time.monotonic() < deadline, shown
            time.sleep(0.1)
        return shown

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) in (0, -signal.SIGINT)


def test_the_demo_tells_the_whole_story_and_keeps_serving(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo")
    shown = demo.wait_for("Try being anyone").replace(str(demo.port), "the port")
    try:
        assert END_OF_STORY in shown
        assert shown.index("twice weekly") < shown.index("a zone exists") < shown.index("404")
        assert "The log verifies" in shown
        assert "entries/000.jsonl" in shown
        listed = json.loads(run("staff", "--json", "--data-dir", str(demo.data_dir)).stdout)
        assert {"id", "name", "role", "agency", "area", "persons"} <= listed[0].keys()
        officer = next(s for s in listed if s["id"] == "OM-13-1")
        token = run("token", officer["id"], "--data-dir", str(demo.data_dir)).stdout.strip()
        answer = httpx.get(
            f"http://127.0.0.1:{demo.port}/v1/persons/{officer['persons'][0]}",
            headers={"Authorization": f"Bearer {token}", "Purpose-Of-Use": "mappa-management"},
        )
        assert answer.status_code == 200
        table = run("staff", "--data-dir", str(demo.data_dir), COLUMNS="160").stdout
        assert re.search(r"AUD-1\s+Robin Sayer\s+auditor", table)
    finally:
        demo.stop()


def test_the_demo_runs_again_on_its_own_data(tmp_path: Path) -> None:
    for _ in range(2):
        demo = Demo(tmp_path / "demo")
        demo.wait_for("Try being anyone")
        demo.stop()


def test_the_demo_can_go_without_its_story(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo", "--no-story")
    shown = demo.wait_for("Try being anyone")
    demo.stop()
    assert END_OF_STORY not in shown


@EMBEDDED
def test_a_taken_port_is_said_in_one_sentence(gateway: Gateway, tmp_path: Path) -> None:
    port = gateway.base_url.rpartition(":")[2]
    result = run("demo", "--port", port, "--data-dir", str(tmp_path), "--people", "1")
    assert result.returncode == 2
    assert "cannot listen" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


@EMBEDDED
def test_data_that_is_already_served_is_said_in_one_sentence(gateway: Gateway) -> None:
    result = run("serve", "--port", str(free_port()), "--data-dir", str(gateway.data_dir))
    assert result.returncode == 2
    assert "already serves" in result.stderr
    assert "Traceback" not in result.stderr


@EMBEDDED
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("token", "NOBODY"), "no such member of staff"),
        (("token", "OM-13-1", "--data-dir", "/nonexistent"), "run mappa-gateway demo first"),
        (("staff", "--data-dir", "/nonexistent"), "run the demo"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(
    gateway: Gateway, arguments: tuple[str, ...], says: str
) -> None:
    if "--data-dir" not in arguments:
        arguments += ("--data-dir", str(gateway.data_dir))
    result = run(*arguments)
    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@EMBEDDED
def test_a_file_is_pushed_to_the_running_demo(gateway: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text('{"otherIds": {"crn": "X900001"}, "firstName": "A", "surname": "B"}')
    there = ("--data-dir", str(gateway.data_dir))
    result = run("push", "delius", str(file), *there)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["counts"] == {"created": 1}
    file.write_text("{}")
    result = run("push", "delius", str(file), "--subject", "crn:X900001", *there)
    assert result.returncode == 1
    assert json.loads(result.stdout)["items"][0]["outcome"] == "quarantined"
    assert "no such system" in run("push", "fax", str(file), *there).stderr


def test_a_push_without_a_demo_says_so(tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text("{}")
    furnish(tmp_path, f"http://127.0.0.1:{free_port()}")
    result = run("push", "delius", str(file), "--data-dir", str(tmp_path))
    assert result.returncode == 2
    assert "is it running?" in result.stderr


def test_a_bad_setting_names_its_variable(tmp_path: Path) -> None:
    result = run("serve", "--data-dir", str(tmp_path), MAPPA_GATEWAY_MAX_BODY="lots")
    assert result.returncode == 2
    assert "MAPPA_GATEWAY_MAX_BODY" in result.stderr


def test_help_has_examples() -> None:
    assert "Example:" in run("demo", "--help").stdout
    assert "demo" in run("--help").stdout


def test_the_openapi_description_is_printed() -> None:
    assert json.loads(run("openapi").stdout)["info"]["title"] == "MAPPA Gateway"
