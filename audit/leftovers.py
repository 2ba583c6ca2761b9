"""Files of a log that its checkpoint does not need: older partial tiles, and interrupted appends.

They prove nothing, but a mirror may still serve the older tiles, so those must be the beginnings
of what is there now.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from audit import tiles
from audit.errors import FormatError
from audit.merkle import HASH_BYTES
from audit.report import Report

_INDEX = r"((?:x\d{3}/)*\d{3})"
_TILE = re.compile(rf"tile/(entries|\d|[1-5]\d|6[0-3])/{_INDEX}(?:\.p/([1-9]\d{{0,2}}))?")
_SEALED = re.compile(rf"entries/{_INDEX}\.jsonl")


def check_leftovers(directory: Path, size: int, report: Report) -> None:
    """Look at every file in the folder that the check of the tree did not need."""
    beyond = foreign = 0
    for name in _files(directory):
        if name in ("checkpoint", "vkey"):
            continue
        if match := _TILE.fullmatch(name):
            kind = "older" if _is_older(directory, match, size, report) else _beyond(match, size)
        elif match := _SEALED.fullmatch(name):
            kind = "beyond" if _number(match[1]) * tiles.WIDTH >= size else "needed"
        else:
            kind = "beyond" if name.endswith(".tmp") else "foreign"
        beyond += kind == "beyond"
        foreign += kind == "foreign"
    if beyond:
        report.notes.append(f"note: {beyond} files belong to an append that was not finished")
    if foreign:
        report.notes.append(f"note: {foreign} files in the folder are not part of a log")


def _files(directory: Path) -> Iterator[str]:
    for folder, _, names in os.walk(directory):
        for name in names:
            yield (Path(folder) / name).relative_to(directory).as_posix()


def _number(encoded: str) -> int:
    return int(encoded.replace("x", "").replace("/", ""))


def _place(match: re.Match[str]) -> tuple[int, int, int]:
    """Level (0 for bundles), index and width of a tile's path."""
    level = 0 if match[1] == "entries" else int(match[1])
    return level, _number(match[2]), int(match[3] or tiles.WIDTH)


def _beyond(match: re.Match[str], size: int) -> str:
    level, index, width = _place(match)
    return "beyond" if width > tiles.width_at(size, level, index) else "needed"


def _is_older(directory: Path, match: re.Match[str], size: int, report: Report) -> bool:
    """Whether this is a tile of an earlier size; a wrong one is reported."""
    level, index, width = _place(match)
    now = tiles.width_at(size, level, index)
    if width >= now:
        return False
    stem = match[0].partition(".p/")[0]
    try:
        data = (directory / match[0]).read_bytes()
        _, newest, _ = tiles.fetch(directory, stem, now)
        whole = len(data) == width * HASH_BYTES
        if match[1] == "entries":
            whole = len(tiles.parse_bundle(data, width)) == width
        if not (whole and newest.startswith(data)):
            report.problem(match[0], f"this older tile of {width} is not the beginning of {stem}")
    except FormatError as error:
        report.problem(match[0], f"{error} (an older tile)")
    except FileNotFoundError:  # dropped meanwhile by a log that is being written
        pass
    return True
