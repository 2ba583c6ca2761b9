"""The servers that are measured: the gateway on each store, and the floor."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.cores import SERVER
from bench.processes import free_port, module, serving
from gateway.demo.setup import furnish


@dataclass(frozen=True)
class Server:
    """Something that answers on a port, and the processes that work for it, by part."""

    port: int
    parts: Mapping[str, Sequence[int]]
    data_dir: Path = Path()
    process: subprocess.Popen[bytes] | None = field(default=None, compare=False)

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """The end of its log."""
        log = self.data_dir.with_suffix(".log")
        return log.read_text(errors="replace")[-1000:] if self.data_dir.name else ""

    @property
    def pids(self) -> list[int]:
        """Every root process of it."""
        return [pid for part in self.parts.values() for pid in part]


@contextmanager
def gateway(
    data_dir: Path,
    *,
    database_url: str | None = None,
    database: Sequence[int] = (),
    workers: int = 1,
    cores: Sequence[int] = SERVER,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A real gateway on an empty or existing data directory; `database` are PostgreSQL's pids."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    if not (data_dir / "demo.json").exists():
        furnish(data_dir, base_url)
    settings = {
        "MAPPA_GATEWAY_DATA_DIR": str(data_dir),
        "MAPPA_GATEWAY_BASE_URL": base_url,
        "MAPPA_GATEWAY_EMBEDDED_ISSUER": "on",
    }
    if database_url:
        settings["MAPPA_GATEWAY_DATABASE_URL"] = database_url
    command = module("gateway", "serve", "--port", str(port))
    if workers > 1:
        command += ["--workers", str(workers)]
    log = data_dir.with_suffix(".log")
    with serving(command, port, cores, log, settings | dict(environ or {})) as process:
        parts = {"server": [process.pid]} | ({"database": list(database)} if database else {})
        yield Server(port, parts, data_dir, process)


@contextmanager
def floor(document: bytes, directory: Path) -> Iterator[Server]:
    """The bare endpoint that returns `document`."""
    port, file = free_port(), directory / "document.json"
    file.write_bytes(document)
    command = module("bench.floor", "--port", str(port), "--document", str(file))
    with serving(command, port, SERVER, directory / "floor.log") as process:
        yield Server(port, {"server": [process.pid]}, directory, process)
