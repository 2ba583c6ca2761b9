"""The log itself: a folder of files that only ever grows, and the one writer that extends it.

The checkpoint is written last and says how far the log got. Whatever a crash left beyond it is
written again, with the same content, when the same entries are fed again.
"""

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import durable
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.edge import Edge, Tile
from audit.errors import FormatError, LogError
from audit.merkle import EMPTY_ROOT, leaf_hash
from audit.note import Signer, Verifier
from audit.proof import InclusionProof, portable
from audit.sealed import SealedEntry, read_line
from audit.tiles import (
    WIDTH,
    TileReader,
    bundle_stem,
    encode_bundle,
    fetch,
    parse_bundle,
    path_of,
    sealed_path,
    tile_stem,
)

__all__ = ["CHECKPOINT", "VKEY", "Log", "SealedEntry"]
CHECKPOINT, VKEY = "checkpoint", "vkey"


@dataclass(frozen=True, slots=True)
class _Head:
    """One published state: never changed, so that readers need no lock."""

    checkpoint: Checkpoint
    note: bytes
    edge: Edge
    leaves: tuple[bytes, ...]
    lines: tuple[bytes, ...]


class Log:
    """A log in `directory`. One process may append; any thread may read at any time."""

    def __init__(self, directory: Path, signer: Signer, head: _Head) -> None:
        self.directory, self.signer = directory, signer
        self._head, self._lock, self._in_doubt = head, threading.Lock(), False

    @classmethod
    def open(cls, directory: Path, signer: Signer) -> "Log":
        """Open the log, or begin it where there is none.

        Raises `LogError` where the files and the signed checkpoint do not agree, or were signed
        by another key: such a log must be looked at, not extended.
        """
        vkey = (signer.verifier.vkey + "\n").encode()
        if not (directory / CHECKPOINT).exists():
            _begin(directory, signer, vkey)
        if (directory / VKEY).exists() and (directory / VKEY).read_bytes() != vkey:
            raise LogError("vkey: the log belongs to another key")
        return cls(directory, signer, _read_head(directory, signer.verifier))

    @property
    def size(self) -> int:
        """How many entries are under the newest checkpoint."""
        return self._head.checkpoint.size

    @property
    def root(self) -> bytes:
        """The root over them."""
        return self._head.checkpoint.root

    def append(self, batch: Sequence[SealedEntry]) -> None:
        """Add entries number `size` and on, durably, under a new checkpoint.

        Raises `FormatError` for an entry that the verifier would refuse (nothing is written) and
        `OSError` where writing fails. After a failure `size` may prove to have grown: the next
        call then raises `LogError` once, and the caller feeds again from `size`.
        """
        with self._lock:
            if self._in_doubt:
                self._settle()
            if not batch:
                return
            head, files, filled = self._plan(batch)
            self._in_doubt = True
            durable.write_all(files)
            durable.write_all([(self.directory / CHECKPOINT, head.note)])
            self._head, self._in_doubt = head, False
            self._drop_partials(filled)

    def leaf(self, index: int) -> bytes:
        """The leaf at `index`. Raises `IndexError` beyond the log's size."""
        return self._leaf(self._head, index)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that prove leaf `index` in the tree of `size` (the newest by default)."""
        return self._reader(size).inclusion_proof(index)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The hashes that prove that the tree of `old` grew into that of `new`; `old` above 0."""
        return self._reader(new).consistency_proof(old)

    def proof(self, index: int) -> InclusionProof:
        """A proof of one entry under the newest checkpoint, complete in itself."""
        head = self._head
        size = head.checkpoint.size
        hashes = TileReader(self.directory, size).inclusion_proof(index)
        return portable(index, size, self._leaf(head, index), hashes, head.note)

    def _leaf(self, head: _Head, index: int) -> bytes:
        if not 0 <= index < head.checkpoint.size:
            raise IndexError("no such entry in the log")
        return TileReader(self.directory, head.checkpoint.size).leaf(index)

    def _reader(self, size: int | None) -> TileReader:
        """Read as of the newest size: tiles of an older size may be gone, wider ones serve."""
        newest = self.size
        if size is not None and not 0 <= size <= newest:
            raise IndexError("the log has not reached that size")
        return _Earlier(self.directory, newest, newest if size is None else size)

    def _settle(self) -> None:
        """Find out how far a failed append got."""
        before = self.size
        self._head = _read_head(self.directory, self.signer.verifier)
        self._in_doubt = False
        if self.size != before:
            raise LogError("the log had grown before the last failure; feed again from its size")

    def _plan(
        self, batch: Sequence[SealedEntry]
    ) -> tuple[_Head, list[tuple[Path, bytes]], list[Tile]]:
        """The next head, the files to write in order, and the tiles that became full."""
        old = self._head
        edge, leaves, lines = old.edge.copy(), list(old.leaves), list(old.lines)
        sealed: list[tuple[str, bytes]] = []
        bundles: list[tuple[str, bytes]] = []
        filled: list[Tile] = []
        start = 0
        while start < len(batch):
            part = batch[start : start + edge.room]
            start += len(part)
            new = [entry.written() for entry in part]
            leaves += [leaf for leaf, _ in new]
            lines += [line for _, line in new]
            full = edge.extend([leaf_hash(leaf) for leaf, _ in new])
            if full:
                sealed.append((sealed_path(full[0].index), b"".join(lines)))
                bundles.append((bundle_stem(full[0].index), encode_bundle(leaves)))
                filled += full
                leaves, lines = [], []
        if leaves:
            index = edge.size // WIDTH
            sealed.append((sealed_path(index), b"".join(lines)))
            bundles.append((path_of(bundle_stem(index), len(leaves)), encode_bundle(leaves)))
        written = {(tile.level, tile.index, len(tile.hashes)) for tile in old.edge.partial_tiles()}
        partial = [
            tile
            for tile in edge.partial_tiles()
            if (tile.level, tile.index, len(tile.hashes)) not in written
        ]
        tiles = [
            (path_of(tile_stem(tile.level, tile.index), len(tile.hashes)), tile.data)
            for tile in [*filled, *partial]
        ]
        files = [(self.directory / name, data) for name, data in [*sealed, *bundles, *tiles]]
        checkpoint = Checkpoint(self.signer.verifier.name, edge.size, edge.root())
        note = checkpoint.sign(self.signer)
        return _Head(checkpoint, note, edge, tuple(leaves), tuple(lines)), files, filled

    def _drop_partials(self, filled: Sequence[Tile]) -> None:
        """Remove what full tiles replaced; a partial tile that stays does no harm."""
        for tile in filled:
            stems = [tile_stem(tile.level, tile.index)]
            if tile.level == 0:
                stems.append(bundle_stem(tile.index))
            for stem in stems:
                shutil.rmtree(self.directory / f"{stem}.p", ignore_errors=True)


class _Earlier(TileReader):
    """A tree of an earlier size, read from the wider tiles of the newest one."""

    def __init__(self, directory: Path, newest: int, size: int) -> None:
        super().__init__(directory, size)
        self._newest = TileReader(directory, newest)

    def tile(self, level: int, index: int) -> list[bytes]:
        """A tile of the newest tree begins with every earlier form of itself."""
        return self._newest.tile(level, index)


def _begin(directory: Path, signer: Signer, vkey: bytes) -> None:
    for name in ("tile", "entries"):
        if (directory / name).exists():
            raise LogError("checkpoint: missing, though the log has entries")
    empty = Checkpoint(signer.verifier.name, 0, EMPTY_ROOT)
    durable.write_all([(directory / VKEY, vkey)])
    durable.write_all([(directory / CHECKPOINT, empty.sign(signer))])


def _read_head(directory: Path, verifier: Verifier) -> _Head:
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
    return _Head(checkpoint, note, edge, leaves, lines)


def _lines(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


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
