"""Writing files so that a crash leaves either the old content or the new one, and never half."""

import os
from collections.abc import Sequence
from pathlib import Path

TEMPORARY = ".tmp"


def write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Put every file in place, in this order, and return when all of them would survive a crash.

    Each is written beside its place, flushed, and renamed; the folders are flushed once at the
    end. Raises `OSError`; some of the files may then be in place.
    """
    folders: dict[Path, None] = {}
    for path, content in files:
        _make_folder(path.parent, folders)
        _write(_temporary(path), content)
    for path, _ in files:
        _temporary(path).replace(path)
        folders[path.parent] = None
    for folder in folders:
        _flush(folder)


def _temporary(path: Path) -> Path:
    return path.with_name(path.name + TEMPORARY)


def _make_folder(folder: Path, to_flush: dict[Path, None]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, to_flush)
        folder.mkdir(mode=0o700, exist_ok=True)
        to_flush[folder.parent] = None


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
