"""Re-computing a whole log from its files: every leaf, every tile, the root, every sealed entry.

Nothing is believed but the checkpoint's signature. Files are read once, in order, so that the
memory needed does not grow with the log.
"""

from collections.abc import Callable
from pathlib import Path

from audit import tiles
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.edge import Edge, Tile
from audit.entry import read_leaf
from audit.errors import FormatError
from audit.leftovers import check_leftovers
from audit.merkle import HASH_BYTES, leaf_hash
from audit.note import Verifier
from audit.report import Report
from audit.sealed import read_line

CHECKPOINT = "checkpoint"
Progress = Callable[[int, int], None]


class _Unreadable(Exception):  # noqa: N818 - a signal, caught in this file
    """A bundle and its hash tile are both useless: what lies above them cannot be computed."""


def check_log(
    directory: Path,
    verifier: Verifier,
    *,
    expect_size: int | None = None,
    since: bytes | None = None,
    progress: Progress = lambda done, size: None,
) -> Report:
    """Check the log in `directory` as signed by `verifier`.

    `expect_size` is how many entries there must be; `since` an older checkpoint, kept elsewhere,
    of which the log must be a continuation. `progress` is called with entries done and in all.
    """
    report = Report()
    try:
        checkpoint = open_checkpoint((directory / CHECKPOINT).read_bytes(), verifier)
    except (FormatError, OSError) as error:
        _bad_file(report, CHECKPOINT, error, "the signed size and root")
        return report
    report.size, report.root = checkpoint.size, checkpoint.root
    if expect_size is not None and expect_size != checkpoint.size:
        report.problem(CHECKPOINT, f"{checkpoint.size} entries where {expect_size} are expected")
    _check_tree(directory, checkpoint, report, progress)
    if since is not None:
        _check_since(directory, checkpoint, since, verifier, report)
    check_leftovers(directory, checkpoint.size, report)
    return report


def _check_tree(
    directory: Path, checkpoint: Checkpoint, report: Report, progress: Progress
) -> None:
    edge = Edge()
    for index in range(-(-checkpoint.size // tiles.WIDTH)):
        try:
            leaf_hashes = _check_bundle(directory, index, checkpoint.size, report)
        except _Unreadable:
            report.problem(tiles.bundle_stem(index), "nothing after this could be checked")
            return
        for tile in edge.extend(leaf_hashes):
            _check_tile(directory, tile, report)
        progress(edge.size, checkpoint.size)
    for tile in edge.partial_tiles():
        _check_tile(directory, tile, report)
    if edge.root() != checkpoint.root:
        report.problem(CHECKPOINT, "the entries do not add up to the signed root")


def _check_bundle(directory: Path, index: int, size: int, report: Report) -> list[bytes]:
    """Check the leaves and sealed entries of a bundle; returns the hashes of its leaves."""
    width = tiles.width_at(size, 0, index)
    stem = tiles.bundle_stem(index)
    name = tiles.path_of(stem, width)
    try:
        name, data, found = tiles.fetch(directory, stem, width)
        leaves = tiles.parse_bundle(data, found)[:width]
    except (FormatError, OSError) as error:
        _bad_file(report, name, error, f"of entries {_span(index, width)}")
        return _hashes_instead(directory, index, size)
    _note_times(leaves, index, size, name, report)
    _check_sealed(directory, index, leaves, size, report)
    return [leaf_hash(leaf) for leaf in leaves]


def _hashes_instead(directory: Path, index: int, size: int) -> list[bytes]:
    """Where a bundle is lost, its hash tile lets the check of the rest go on."""
    try:
        return tiles.TileReader(directory, size).tile(0, index)
    except (FormatError, OSError):
        raise _Unreadable from None


def _note_times(leaves: list[bytes], index: int, size: int, name: str, report: Report) -> None:
    start = index * tiles.WIDTH
    for place in {0, len(leaves) - 1}:
        if start + place not in (0, size - 1):
            continue
        try:
            time = str(read_leaf(leaves[place])["time"])
        except FormatError as error:
            report.problem(name, f"entry {start + place}: {error}")
            continue
        if start + place == 0:
            report.first = time
        if start + place == size - 1:
            report.last = time


def _check_tile(directory: Path, tile: Tile, report: Report) -> None:
    width = len(tile.hashes)
    stem = tiles.tile_stem(tile.level, tile.index)
    name = tiles.path_of(stem, width)
    try:
        name, data, found = tiles.fetch(directory, stem, width)
    except OSError as error:
        _bad_file(report, name, error, "a hash tile")
        return
    if len(data) != found * HASH_BYTES:
        report.problem(name, f"{len(data)} bytes where {found * HASH_BYTES} belong")
        return
    for place, value in enumerate(tile.hashes):
        if data[place * HASH_BYTES : (place + 1) * HASH_BYTES] == value:
            continue
        each = tiles.WIDTH**tile.level
        entry = (tile.index * tiles.WIDTH + place) * each
        below = tiles.path_of(tiles.bundle_stem(tile.index), width) if tile.level == 0 else ""
        what = f"entry {entry}" if each == 1 else f"entries {entry} to {entry + each - 1}"
        against = f" (compared with {below})" if below else ""
        report.problem(name, f"the hash of {what} is not that of the leaves{against}")


def _check_sealed(
    directory: Path, index: int, leaves: list[bytes], size: int, report: Report
) -> None:
    name = tiles.sealed_path(index)
    start, width = index * tiles.WIDTH, len(leaves)
    try:
        data = (directory / name).read_bytes()
    except OSError as error:
        _bad_file(report, name, error, f"of sealed entries {_span(index, width)}")
        return
    lines = data.split(b"\n")
    if lines.pop():
        report.problem(name, f"the line of entry {start + len(lines)} is cut short")
    if len(lines) < width:
        what = f"the sealed entries from {start + len(lines)} to {start + width - 1} are missing"
        report.problem(name, what)
    for place, (line, leaf) in enumerate(zip(lines, leaves, strict=False)):
        _check_line(line + b"\n", leaf, start + place, name, report)
    _check_beyond(lines[width:], start + width, name, size, report)


def _check_line(line: bytes, leaf: bytes, number: int, name: str, report: Report) -> None:
    try:
        entry = read_line(line)
        if entry is None:
            read_leaf(leaf)
    except FormatError as error:
        report.problem(name, f"entry {number}: {error}")
        return
    if entry is None:
        report.erased += 1
    elif entry.leaf() != leaf:
        bundle = tiles.bundle_stem(number // tiles.WIDTH)
        report.problem(name, f"entry {number}: it does not match its leaf in {bundle}")


def _check_beyond(lines: list[bytes], number: int, name: str, size: int, report: Report) -> None:
    """Lines after the checkpoint are an append under way, and only the last file may have them."""
    if not lines:
        return
    if number != size or number % tiles.WIDTH + len(lines) > tiles.WIDTH or not size % tiles.WIDTH:
        report.problem(name, f"goes on after its last entry, number {number - 1}")
        return
    for place, line in enumerate(lines):
        try:
            read_line(line + b"\n")
        except FormatError as error:
            report.problem(name, f"after the last entry, line {number + place}: {error}")
    count = len(lines)
    report.notes.append(f"note: {name}: {count} entries not yet under the checkpoint; not checked")


def _check_since(
    directory: Path, now: Checkpoint, since: bytes, verifier: Verifier, report: Report
) -> None:
    where = "the older checkpoint"
    try:
        old = open_checkpoint(since, verifier)
        if old.size > now.size:
            report.problem(where, f"it has {old.size} entries, the log only {now.size}")
        elif tiles.TileReader(directory, now.size).range_hash(0, old.size) != old.root:
            report.problem(where, f"the log's first {old.size} entries are not what they were")
        else:
            report.notes.append(f"The log continues the older checkpoint of {old.size} entries.")
    except (FormatError, OSError) as error:
        _bad_file(report, where, error, "or a tile that it needs")


def _bad_file(report: Report, name: str, error: Exception, what: str) -> None:
    if isinstance(error, FileNotFoundError):
        report.problem(name, f"the file is missing ({what})")
    elif isinstance(error, FormatError):
        report.problem(name, f"{error} ({what})")
    else:
        report.problem(name, f"the file cannot be read ({what})")


def _span(index: int, width: int) -> str:
    return f"{index * tiles.WIDTH} to {index * tiles.WIDTH + width - 1}"
