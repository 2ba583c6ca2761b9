"""Reading a log, also while another process writes it: sizes, leaves and proofs."""

from pathlib import Path

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.errors import FormatError, LogError
from audit.merkle import EMPTY_ROOT
from audit.note import Verifier
from audit.proof import InclusionProof, portable
from audit.tiles import TileReader

CHECKPOINT = "checkpoint"


class LogView:
    """The log in `directory` as its newest checkpoint has it, read again each time it is asked.

    A folder without a checkpoint is a log that was not begun yet: it has no entries. Any thread
    may read. Raises `LogError` where the checkpoint is not one that `verifier` signed.
    """

    def __init__(self, directory: Path, verifier: Verifier) -> None:
        self.directory, self.verifier = directory, verifier
        self._seen = Checkpoint(verifier.name, 0, EMPTY_ROOT), b""

    @property
    def size(self) -> int:
        """How many entries are under the newest checkpoint."""
        return self._newest()[0].size

    @property
    def root(self) -> bytes:
        """The root over them."""
        return self._newest()[0].root

    def leaf(self, index: int) -> bytes:
        """The leaf at `index`. Raises `IndexError` beyond the log's size."""
        return self._leaf(index, self.size)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that prove leaf `index` in the tree of `size` (the newest by default)."""
        return self._reader(size).inclusion_proof(index)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The hashes that prove that the tree of `old` grew into that of `new`; `old` above 0."""
        return self._reader(new).consistency_proof(old)

    def proof(self, index: int) -> InclusionProof:
        """A proof of one entry under the newest checkpoint, complete in itself."""
        checkpoint, note = self._newest()
        leaf = self._leaf(index, checkpoint.size)
        hashes = TileReader(self.directory, checkpoint.size).inclusion_proof(index)
        return portable(index, checkpoint.size, leaf, hashes, note)

    def _newest(self) -> tuple[Checkpoint, bytes]:
        """The newest checkpoint and its note. Only a note not seen before costs a signature."""
        try:
            note = (self.directory / CHECKPOINT).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return Checkpoint(self.verifier.name, 0, EMPTY_ROOT), b""
        seen = self._seen
        if note != seen[1]:
            try:
                seen = self._seen = open_checkpoint(note, self.verifier), note
            except FormatError as error:
                raise LogError(f"checkpoint: {error}") from error
        return seen

    def _leaf(self, index: int, size: int) -> bytes:
        if not 0 <= index < size:
            raise IndexError("no such entry in the log")
        return TileReader(self.directory, size).leaf(index)

    def _reader(self, size: int | None) -> TileReader:
        """Read as of the newest size: tiles of an older size may be gone, wider ones serve."""
        newest = self.size
        if size is not None and not 0 <= size <= newest:
            raise IndexError("the log has not reached that size")
        return _Earlier(self.directory, newest, newest if size is None else size)


class _Earlier(TileReader):
    """A tree of an earlier size, read from the wider tiles of the newest one."""

    def __init__(self, directory: Path, newest: int, size: int) -> None:
        super().__init__(directory, size)
        self._newest = TileReader(directory, newest)

    def tile(self, level: int, index: int) -> list[bytes]:
        """A tile of the newest tree begins with every earlier form of itself."""
        return self._newest.tile(level, index)
