"""Zip files: their members one after the other, never unpacked to disk, bombs refused."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from gateway.load.errors import LoadError

SIGNATURE = b"PK\x03\x04"
DOCX = "[Content_Types].xml"
RATIO = 200
"""How many times its compressed size a member may have. Real records pack some twenty-fold."""
SMALL = 1 << 20
"""Bytes up to which nobody is harmed, whatever the ratio."""


@contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The archive in a file. Raises `LoadError` where it is damaged."""
    with _damage_said(), zipfile.ZipFile(file) as archive:
        yield archive


@contextmanager
def member(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """One file of an archive. Raises `LoadError` where it is damaged, now or while it is read."""
    with _damage_said(), archive.open(one) as file:
        yield file


@contextmanager
def _damage_said() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        kind = type(error).__name__
        raise LoadError(f"the zip file is damaged or of an unknown sort ({kind})") from None


def members(archive: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    """The files in an archive of `size` bytes, in its order. Raises `LoadError` for a bomb, and
    for one that is locked."""
    found = [
        one
        for one in archive.infolist()
        if not one.is_dir() and not one.filename.startswith("__MACOSX/")
    ]
    for number, one in enumerate(found, 1):
        if one.flag_bits & 1:
            raise LoadError(f"member {number} of the zip file is locked; unlock it first")
        if one.file_size > max(SMALL, RATIO * one.compress_size):
            raise LoadError(f"member {number} of the zip file unpacks to too much to be true")
    if sum(one.compress_size for one in found) > size:
        raise LoadError("the members of the zip file overlap")
    if not found:
        raise LoadError("the zip file is empty")
    return found
