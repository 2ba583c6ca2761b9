"""What the figures were measured on: a result without it says nothing."""

import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pysqlite3

from bench.cores import can_pin

LIBRARIES = ("fastapi", "starlette", "uvicorn", "uvloop", "pydantic", "sqlalchemy", "psycopg")


def described() -> dict[str, Any]:
    """Cores, memory, system, versions, what an fsync takes, and when."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": psutil.cpu_count(),
        "pinned": can_pin(),
        "cpu": _processor(),
        "memoryGiB": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": pysqlite3.sqlite_version,
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "fdatasyncMs": round(fsync_ms(), 3),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """The model as the system calls it, with its rate where the name does not say enough."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def fsync_ms(times: int = 100) -> float:
    """Median milliseconds of writing 4 KiB durably where the servers keep their data."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken) * 1000
