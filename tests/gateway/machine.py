"""A machine of a cluster that does nothing but keep its log: `python -m tests.gateway.machine`.

It runs the real integrator on a real database in a process of its own, until its standard input
ends. What it logs goes to standard output.
"""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.checkpoint import Checkpoint
from audit.view import LogView
from gateway.integrator import Integrator, log_directory
from gateway.store import checkpoints
from gateway.store.checkpoints import Leadership
from gateway.store.postgres import open_engine
from tests.audit.logs import SIGNER

PATIENCE = 60.0
_LEADS = re.compile(r"extends the log, with token (\d+)")


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Fails the test where it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class Machine:
    """One such process. `tokens` are those with which it ever led."""

    def __init__(self, url: str, data_dir: Path, mishap: str = "none", lease: float = 1.0) -> None:
        data_dir.mkdir(exist_ok=True)
        self.view = LogView(log_directory(data_dir), SIGNER.verifier)
        self.tokens: list[int] = []
        command = [sys.executable, "-m", __name__, url, str(data_dir), mishap, str(lease)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @classmethod
    @contextmanager
    def running(
        cls, url: str, data_dir: Path, mishap: str = "none", lease: float = 1.0
    ) -> Iterator["Machine"]:
        """A machine that is gone at the end, whatever state it is in."""
        machine = cls(url, data_dir, mishap, lease)
        try:
            yield machine
        finally:
            machine.process.kill()
            machine.close()

    def leave(self) -> None:
        """End in good order."""
        self.send(signal.SIGCONT)
        if self.process.stdin:
            self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0
        self.close()

    def close(self) -> None:
        """Wait for the end and let go of the pipes."""
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def stopped(self) -> bool:
        """Whether it is stopped as by SIGSTOP."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2][0] == "T"

    def _read(self) -> None:
        for line in self.process.stdout or ():
            if match := _LEADS.search(line):
                self.tokens.append(int(match[1]))


class UnluckyLeadership(Leadership):
    """The process is stopped or dies right beside the moment that counts."""

    mishap = "none"

    def publish(self, checkpoint: Checkpoint, note: bytes) -> bool:
        """Stopped before the checkpoint is published, or killed before it is in the folder."""
        if self.mishap == "stop":
            self.mishap = "none"
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)  # at once: this very thread
        done = super().publish(checkpoint, note)
        if self.mishap == "die" and done:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def main(url: str, data_dir: str, mishap: str, lease: str) -> None:
    """Keep the log until standard input ends."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    checkpoints.LEASE = float(lease)
    engine = open_engine(url)
    integrator = Integrator(engine, LogView(log_directory(Path(data_dir)), SIGNER.verifier), SIGNER)
    integrator._leadership = UnluckyLeadership(engine)
    integrator._leadership.mishap = mishap
    integrator.start()
    sys.stdin.read()
    integrator.stop()
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
