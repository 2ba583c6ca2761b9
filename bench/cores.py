"""Which cores processes may use, and what CPU time and memory they took."""

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

SERVER: tuple[int, ...] = (0,)
LOAD: tuple[int, ...] = (1,)
ALL: tuple[int, ...] = (0, 1)


def can_pin() -> bool:
    """Whether server and load can be kept apart here: two cores, and a system that pins."""
    return hasattr(os, "sched_setaffinity") and {0, 1} <= os.sched_getaffinity(0)


def pin(pid: int, cores: Sequence[int]) -> None:
    """Keep one process (0: this one) to some cores; whatever it starts later follows."""
    if cores and can_pin():
        os.sched_setaffinity(pid, cores)


def pin_all(roots: Iterable[int], cores: Sequence[int]) -> None:
    """Move running processes, their children and all their threads."""
    if not can_pin():
        return
    for process in family(roots):
        for task in Path(f"/proc/{process.pid}/task").glob("*"):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(task.name), cores)


def family(roots: Iterable[int]) -> list[psutil.Process]:
    """Processes and everything they started that still runs."""
    found: list[psutil.Process] = []
    for root in roots:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(root)
            found += [process, *process.children(recursive=True)]
    return found


def used(roots: Iterable[int]) -> float:
    """CPU seconds, user and system, that these processes and their children used so far."""
    total = 0.0
    for process in family(roots):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def memory(roots: Iterable[int]) -> int:
    """Resident bytes of these processes and their children."""
    total = 0
    for process in family(roots):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total
