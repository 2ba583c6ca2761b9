"""The commands themselves: their help, their refusals, and one small run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One of the commands."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("module", ["bench", "bench.scale", "bench.soak"])
def test_each_explains_itself(module: str) -> None:
    done = run(module, "--help")
    assert done.returncode == 0
    assert "--quick" in done.stdout
    assert "--only" in done.stdout


@pytest.mark.parametrize("arguments", [("bench", "--only", "x"), ("bench.soak", "--only", "x")])
def test_an_unknown_choice_is_refused(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "not one of" in done.stderr


def test_a_size_that_cannot_be_built_is_refused() -> None:
    done = run("bench.scale", "--only", "10")
    assert done.returncode == 2
    assert "sizes are" in done.stderr


def test_a_small_run_measures_the_gateway_beside_the_floor(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    options = ("--only", "read,batch", "--subject", "sqlite", "--connections", "2")
    done = run("bench", "--quick", "--seconds", "0.3", *options, "--output", str(output))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "floor: bare endpoint" in done.stdout
    kept = {
        (figure["subject"], figure["operation"]): figure
        for figure in json.loads(output.read_text())["figures"]
    }
    assert set(kept) == {
        ("floor", "read"),
        ("floor-bytes", "read"),
        ("sqlite", "read"),
        ("sqlite", "batch"),
    }
    assert kept["sqlite", "read"]["ratio"] > 0
    assert kept["sqlite", "batch"]["records"] > kept["sqlite", "batch"]["rate"]
    assert all(figure["wrong"] == 0 for figure in kept.values())
    assert kept["sqlite", "read"]["cpu"]["server"] > 0
