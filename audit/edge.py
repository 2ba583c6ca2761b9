"""The right edge of a growing tree: all that must be remembered to go on, whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit import merkle
from audit.tiles import LEVEL_BITS, WIDTH, TileReader, last_tiles


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place and content."""

    level: int
    index: int
    hashes: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The content of its file."""
        return b"".join(self.hashes)


@dataclass(slots=True)
class Edge:
    """For each level the hashes of its last tile, which is never full."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    @classmethod
    def read(cls, reader: TileReader) -> "Edge":
        """The edge of the tree that `reader` reads."""
        edge = cls(reader.size)
        for level, index, _ in last_tiles(reader.size):
            edge.levels += [[] for _ in range(level + 1 - len(edge.levels))]
            edge.levels[level] = list(reader.tile(level, index))
        return edge

    def copy(self) -> "Edge":
        """An edge that can grow while this one stays."""
        return Edge(self.size, [list(hashes) for hashes in self.levels])

    @property
    def room(self) -> int:
        """How many leaves the last tile still takes; never none."""
        return WIDTH - len(self.levels[0])

    def extend(self, leaf_hashes: Sequence[bytes]) -> list[Tile]:
        """Take in the next leaves, at most `room`; returns the tiles they filled, lowest first."""
        self.size += len(leaf_hashes)
        self.levels[0] += leaf_hashes
        filled = []
        level = 0
        while len(self.levels[level]) == WIDTH:
            index = (self.size >> (LEVEL_BITS * (level + 1))) - 1
            tile = Tile(level, index, tuple(self.levels[level]))
            filled.append(tile)
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(merkle.perfect_root(tile.hashes))
        return filled

    def partial_tiles(self) -> list[Tile]:
        """The tiles that are not full, lowest first."""
        return [
            Tile(level, index, tuple(self.levels[level]))
            for level, index, _ in last_tiles(self.size)
        ]

    def root(self) -> bytes:
        """The root of the tree."""
        parts = []
        for hashes in reversed(self.levels):
            for height, index in merkle.perfect_parts(0, len(hashes)):
                start = index << height
                parts.append(merkle.perfect_root(hashes[start : start + (1 << height)]))
        return merkle.join_roots(parts)
