"""A log can be read by processes that do not write it; one process at a time may write it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audit.errors import LogError
from audit.lock import WriterLock
from audit.merkle import EMPTY_ROOT
from audit.proof import verify_proof
from audit.view import LogView
from tests.audit.logs import OTHER_SIGNER, SIGNER, build, feed

HOLD = """
import sys
from pathlib import Path
from audit.lock import WriterLock
print(WriterLock(Path(sys.argv[1])).held(), flush=True)
sys.stdin.read()
"""


def test_a_view_follows_the_files(tmp_path: Path) -> None:
    view = LogView(tmp_path / "log", SIGNER.verifier)
    assert (view.size, view.root) == (0, EMPTY_ROOT)
    log = build(tmp_path / "log", 3)
    for size in (3, 300, 301):
        feed(log, size)
        assert (view.size, view.root) == (size, log.root)
        assert view.leaf(size - 1) == log.leaf(size - 1)
        assert view.proof(size - 1) == log.proof(size - 1)
        assert view.consistency_proof(2) == log.consistency_proof(2)
        assert view.inclusion_proof(1, 2) == log.inclusion_proof(1, 2)


def test_a_view_refuses_what_the_key_did_not_sign(tmp_path: Path) -> None:
    build(tmp_path, 3)
    with pytest.raises(LogError, match="checkpoint"):
        LogView(tmp_path, OTHER_SIGNER.verifier).size  # noqa: B018


def test_proofs_can_be_read_while_the_log_grows(tmp_path: Path) -> None:
    log, view = build(tmp_path, 1), LogView(tmp_path, SIGNER.verifier)
    done = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                verify_proof(view.proof(view.size - 1), SIGNER.verifier)
        except BaseException as error:  # the test's own thread must see it
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    feed(log, 800, 9)
    done.set()
    reader.join()
    assert not failures


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_right_to_write_passes_on_when_its_holder_ends(
    tmp_path: Path, end: signal.Signals
) -> None:
    mine = WriterLock(tmp_path / "log.lock")
    command = [sys.executable, "-c", HOLD, str(mine.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        assert not mine.held()
        other.send_signal(end)
        other.wait()
    assert mine.held()
    assert mine.held(), "it is kept"
    mine.release()
    mine.release()
