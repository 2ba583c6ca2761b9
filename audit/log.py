"""The log itself: a folder of files that only ever grows, and the one writer that extends it.

The checkpoint is written last and says how far the log got. Whatever a crash left beyond it is
written again, with the same content, when the same entries are fed again: a file is a function
of the entries below it and of how many there are, which its place or its name says.
"""

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import durable
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.edge import Edge, Tile
from audit.errors import FormatError, LogError
from audit.head import Head, read_head
from audit.merkle import EMPTY_ROOT, leaf_hash
from audit.note import Signer
from audit.sealed import SealedEntry
from audit.tiles import WIDTH, bundle_stem, encode_bundle, path_of, sealed_path, tile_stem
from audit.view import CHECKPOINT, LogView

__all__ = ["CHECKPOINT", "VKEY", "Log", "Publish", "SealedEntry"]
VKEY = "vkey"
Publish = Callable[[Checkpoint, bytes], bool]
"""Given a checkpoint and its note: whether it now stands for everybody. Where logs of many
machines must be one, somebody decides whose checkpoint counts."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """The log after a batch: its edge, its last bundle, the files to write, the full tiles."""

    edge: Edge
    leaves: list[bytes]
    lines: list[bytes]
    files: list[tuple[Path, bytes]]
    filled: list[Tile]


class Log(LogView):
    """A log in `directory`. One process may append; any thread may read at any time."""

    def __init__(self, directory: Path, signer: Signer, head: Head) -> None:
        super().__init__(directory, signer.verifier)
        self.signer = signer
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
        return cls(directory, signer, read_head(directory, signer.verifier))

    def append(self, batch: Sequence[SealedEntry], publish: Publish | None = None) -> bool:
        """Add entries number `size` and on, durably, under a new checkpoint.

        With `publish` the checkpoint counts only where that says so; else the log stays as it
        was and the answer is False. Raises `FormatError` for an entry that the verifier would
        refuse (nothing is written) and `OSError` where writing fails. After a failure `size` may
        prove to have grown: the next call then raises `LogError` once, and the caller feeds again
        from `size`.
        """
        with self._lock:
            self._settle()
            if not batch:
                return True
            plan = self._plan(batch)
            checkpoint = Checkpoint(self.verifier.name, plan.edge.size, plan.edge.root())
            note = checkpoint.sign(self.signer)
            durable.write_all(plan.files)
            if publish is not None and not publish(checkpoint, note):
                return False
            self._grow(plan, checkpoint, note)
            return True

    def follow(self, batch: Sequence[SealedEntry], note: bytes) -> None:
        """Add the entries that a checkpoint published elsewhere is about, under that checkpoint.

        Raises `LogError`, and writes nothing, where it is not about these entries after those
        that are here or was not signed by the log's key; otherwise as `append`.
        """
        with self._lock:
            self._settle()
            try:
                checkpoint = open_checkpoint(note, self.verifier)
            except FormatError as error:
                raise LogError(f"the published checkpoint: {error}") from error
            plan = self._plan(batch)
            if (checkpoint.size, checkpoint.root) != (plan.edge.size, plan.edge.root()):
                raise LogError("the published checkpoint is not that of the entries here")
            durable.write_all(plan.files)
            self._grow(plan, checkpoint, note)

    def _newest(self) -> tuple[Checkpoint, bytes]:
        """The writer knows without looking."""
        head = self._head
        return head.checkpoint, head.note

    def _settle(self) -> None:
        """After a failed append, find out how far it got."""
        if not self._in_doubt:
            return
        before = self.size
        self._head = read_head(self.directory, self.verifier)
        self._in_doubt = False
        if self.size != before:
            raise LogError("the log had grown before the last failure; feed again from its size")

    def _grow(self, plan: _Plan, checkpoint: Checkpoint, note: bytes) -> None:
        """Let the checkpoint vouch for what was written."""
        self._in_doubt = True
        durable.write_all([(self.directory / CHECKPOINT, note)])
        self._head = Head(checkpoint, note, plan.edge, tuple(plan.leaves), tuple(plan.lines))
        self._in_doubt = False
        self._drop_partials(plan.filled)

    def _plan(self, batch: Sequence[SealedEntry]) -> _Plan:
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
        tiles = [
            (path_of(tile_stem(tile.level, tile.index), len(tile.hashes)), tile.data)
            for tile in [*filled, *_new_partials(old.edge, edge)]
        ]
        files = [(self.directory / name, data) for name, data in [*sealed, *bundles, *tiles]]
        return _Plan(edge, leaves, lines, files, filled)

    def _drop_partials(self, filled: Sequence[Tile]) -> None:
        """Remove what full tiles replaced; a partial tile that stays does no harm."""
        for tile in filled:
            stems = [tile_stem(tile.level, tile.index)]
            if tile.level == 0:
                stems.append(bundle_stem(tile.index))
            for stem in stems:
                shutil.rmtree(self.directory / f"{stem}.p", ignore_errors=True)


def _new_partials(old: Edge, new: Edge) -> list[Tile]:
    """The tiles that are not full and that `old` did not have."""
    written = {(tile.level, tile.index, len(tile.hashes)) for tile in old.partial_tiles()}
    return [
        tile
        for tile in new.partial_tiles()
        if (tile.level, tile.index, len(tile.hashes)) not in written
    ]


def _begin(directory: Path, signer: Signer, vkey: bytes) -> None:
    for name in ("tile", "entries"):
        if (directory / name).exists():
            raise LogError("checkpoint: missing, though the log has entries")
    empty = Checkpoint(signer.verifier.name, 0, EMPTY_ROOT)
    durable.write_all([(directory / VKEY, vkey)])
    durable.write_all([(directory / CHECKPOINT, empty.sign(signer))])
