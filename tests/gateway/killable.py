"""A gateway in processes of its own, which can be killed and started again."""

import os
import signal
import subprocess
import sys
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from gateway.integrator import log_directory
from tests.postgres import free_port

PATIENCE = 60.0


class Server:
    """A gateway that is always found on the same data directory and the same port."""

    def __init__(self, data_dir: Path, url: str | None = None, workers: int = 1) -> None:
        self.data_dir, self.folder, self.port = data_dir, log_directory(data_dir), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._output = data_dir.with_suffix(".output")
        self._command = [sys.executable, "-m", "gateway", "serve", "--port", str(self.port)]
        if workers > 1:
            self._command += ["--workers", str(workers)]
        self._environ = {
            "MAPPA_GATEWAY_DATA_DIR": str(data_dir),
            "MAPPA_GATEWAY_BASE_URL": self.base_url,
            "MAPPA_GATEWAY_EMBEDDED_ISSUER": "on",
        } | ({"MAPPA_GATEWAY_DATABASE_URL": url} if url else {})

    def start(self) -> None:
        """Start; `health` says when it is up."""
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                env=os.environ | self._environ,
                stdout=output,
                stderr=output,
                start_new_session=True,  # all of its processes can be killed at one moment
            )

    def health(self) -> int | None:
        """The status with which it says how it is; None while it does not listen."""
        assert self.process is not None, "the gateway is not meant to run"
        assert self.process.poll() is None, "a gateway has ended by itself"
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(asking), suppress(OSError, HTTPException):
            asking.request("GET", "/health/ready")
            return asking.getresponse().status
        return None

    def workers(self) -> list[psutil.Process]:
        """The processes that share its port, where it was given several."""
        assert self.process is not None, "the gateway is not meant to run"
        children = psutil.Process(self.process.pid).children()
        alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
        return [child for child in alive if "spawn_main" in " ".join(child.cmdline())]

    def kill(self) -> None:
        """`kill -9`, its workers too."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End in good order."""
        assert self.process is not None, "the gateway is not meant to run"
        self.process.terminate()
        assert self.process.wait(PATIENCE) in (0, -signal.SIGTERM), "a gateway did not end well"
        self.process = None

    @property
    def said(self) -> str:
        """The end of its log."""
        return self._output.read_text(errors="replace")[-1500:]

    @property
    def size(self) -> int:
        """How many entries are under the checkpoint in its folder."""
        return int((self.folder / "checkpoint").read_bytes().split(b"\n")[1])
