"""Where a log stands: all that its writer must remember to go on, and finding it again on disk."""

from dataclasses import dataclass
from pathlib import Path

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.edge import Edge
from audit.errors import FormatError, LogError
from audit.merkle import leaf_hash
from audit.note import Verifier
from audit.sealed import read_line
from audit.tiles import WIDTH, TileReader, bundle_stem, fetch, parse_bundle, sealed_path
from audit.view import CHECKPOINT


@dataclass(frozen=True, slots=True)
class Head:
    """One published state; never changed. `leaves` and `lines` are those of the last bundle."""

    checkpoint: Checkpoint
    note: bytes
    edge: Edge
    leaves: tuple[bytes, ...]
    lines: tuple[bytes, ...]


def read_head(directory: Path, verifier: Verifier) -> Head:
    """The state that the checkpoint vouches for. Raises `LogError` where the files differ."""
    note = (directory / CHECKPOINT).read_bytes()
    try:
        checkpoint = open_checkpoint(note, verifier)
    except FormatError as error:
        raise LogError(f"checkpoint: {error}") from error
    try:
        edge = Edge.read(TileReader(directory, checkpoint.size))
        if edge.root() != checkpoint.root:
            raise LogError("the hash tiles do not add up to the root in the checkpoint")
        leaves, lines = _read_last(directory, checkpoint.size, edge)
    except (FormatError, OSError) as error:
        raise LogError(f"the log cannot be read: {type(error).__name__}: {error}") from error
    return Head(checkpoint, note, edge, leaves, lines)


def _read_last(
    directory: Path, size: int, edge: Edge
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The leaves and sealed lines of the last bundle, where it is not full."""
    index, width = divmod(size, WIDTH)
    if not width:
        return (), ()
    _, data, found = fetch(directory, bundle_stem(index), width)
    leaves = tuple(parse_bundle(data, found)[:width])
    if [leaf_hash(leaf) for leaf in leaves] != edge.levels[0]:
        raise LogError(f"{bundle_stem(index)}: the last leaves do not match their hashes")
    lines = tuple(_lines((directory / sealed_path(index)).read_bytes())[:width])
    if len(lines) != width:
        raise LogError(f"{sealed_path(index)}: sealed entries are missing")
    for leaf, line in zip(leaves, lines, strict=True):
        entry = read_line(line)
        if entry is not None and entry.leaf() != leaf:
            raise LogError(f"{sealed_path(index)}: a sealed entry does not match its leaf")
    return leaves, lines


def _lines(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n")[:-1]]
