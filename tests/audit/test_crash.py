"""However a write fails or the machine dies, feeding again gives the very same log."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.check import check_log
from audit.errors import LogError
from audit.log import Log
from tests.audit.logs import SIGNER, build, feed, files, sealed

REAL_FSYNC, REAL_REPLACE, REAL_MKDIR = os.fsync, Path.replace, Path.mkdir


class Crash(Exception):  # noqa: N818
    """The machine stopped."""


class Faults:
    """Counts every step that reaches the disk, and fails at one of them: before or after it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps, self.at, self.after = 0, -1, False
        patch.setattr(os, "fsync", self._wrap(REAL_FSYNC))
        patch.setattr(Path, "replace", self._wrap(REAL_REPLACE))
        patch.setattr(Path, "mkdir", self._wrap(REAL_MKDIR))

    def arm(self, step: int, after: bool) -> None:
        """Fail at `step` from now."""
        self.steps, self.at, self.after = 0, step, after

    def _wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            number = self.steps
            self.steps += 1
            if number == self.at and not self.after:
                raise Crash
            result = real(*arguments, **named)
            if number == self.at:
                raise Crash
            return result

        return step


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """The disk, which can fail."""
    return Faults(monkeypatch)


SCENES = [(0, 1), (0, 3), (3, 4), (250, 256), (250, 300), (255, 258), (500, 780)]


@pytest.mark.parametrize(("old", "new"), SCENES)
def test_a_crash_at_any_step_is_made_good(
    tmp_path: Path, faults: Faults, old: int, new: int
) -> None:
    batch = [sealed(number) for number in range(old, new)]
    undisturbed = tmp_path / "undisturbed"
    log = build(undisturbed, old)
    shutil.copytree(undisturbed, tmp_path / "before")
    faults.arm(-1, after=False)
    log.append(batch)
    steps = faults.steps
    assert steps >= 8
    want = files(undisturbed)
    assert check_log(undisturbed, SIGNER.verifier, expect_size=new).sound
    for step in range(steps):
        for after in (False, True):
            place = tmp_path / f"{step}-{after}"
            shutil.copytree(tmp_path / "before", place)
            log = Log.open(place, SIGNER)
            faults.arm(step, after)
            with pytest.raises(Crash):
                log.append(batch)
            faults.arm(-1, after=False)
            assert check_log(place, SIGNER.verifier).problems == []
            again = Log.open(place, SIGNER)
            assert again.size in (old, new)
            again.append(batch[again.size - old :])
            _same(files(place), want)
            shutil.rmtree(place)


def _same(found: dict[str, bytes], want: dict[str, bytes]) -> None:
    """All files equal; partial tiles that full ones replaced may be left."""
    left = {name for name in found if name not in want}
    assert {name: data for name, data in found.items() if name in want} == want
    assert all(".p/" in name and name.partition(".p/")[0] in want for name in left), left


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_while_a_log_is_begun(tmp_path: Path, faults: Faults, after: bool) -> None:
    faults.arm(-1, after=False)
    Log.open(tmp_path / "undisturbed", SIGNER)
    want = files(tmp_path / "undisturbed")
    for step in range(faults.steps):
        faults.arm(step, after)
        with pytest.raises(Crash):
            Log.open(tmp_path / f"{step}", SIGNER)
        faults.arm(-1, after=False)
        assert Log.open(tmp_path / f"{step}", SIGNER).size == 0
        assert files(tmp_path / f"{step}") == want


def test_larger_batches_may_be_fed_after_a_crash(tmp_path: Path, faults: Faults) -> None:
    for step in range(12):
        log = build(tmp_path / f"{step}", 250)
        faults.arm(step, after=True)
        with pytest.raises(Crash):
            log.append([sealed(number) for number in range(250, 254)])
        faults.arm(-1, after=False)
        feed(Log.open(tmp_path / f"{step}", SIGNER), 400, 150)
        assert check_log(tmp_path / f"{step}", SIGNER.verifier, expect_size=400).problems == []


def test_a_log_in_use_recovers_from_a_failed_write(tmp_path: Path, faults: Faults) -> None:
    """The writer lives on: it must learn how far the failed append really got."""
    learned = 0
    for step in range(12):
        log = build(tmp_path / f"{step}", 10)
        faults.arm(step, after=True)
        with pytest.raises(Crash):
            log.append([sealed(10), sealed(11)])
        faults.arm(-1, after=False)
        assert log.size == 10
        try:
            log.append([sealed(10), sealed(11), sealed(12)])
        except LogError:
            learned += 1
            assert log.size == 12
            log.append([sealed(12)])
        assert log.size == 13
        assert check_log(tmp_path / f"{step}", SIGNER.verifier, expect_size=13).problems == []
    assert learned


def test_an_append_flushes_a_handful_of_times(tmp_path: Path, faults: Faults) -> None:
    log = build(tmp_path, 300)
    faults.arm(-1, after=False)
    log.append([sealed(number) for number in range(300, 400)])
    assert faults.steps <= 12
