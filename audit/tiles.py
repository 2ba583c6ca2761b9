"""The files of a log (C2SP tlog-tiles): where they lie, what is in them, and reading them.

A tile is 256 hashes of one height of the tree, side by side; a bundle is the 256 leaves below a
tile. The last tile of a level may be partial: its path ends in `.p/` and its width.
"""

from collections.abc import Sequence
from pathlib import Path

from audit import merkle
from audit.errors import FormatError

WIDTH = 256
LEVEL_BITS = 8


def encode_index(index: int) -> str:
    """1234067 becomes `x001/x234/067`."""
    last = f"{index % 1000:03}"
    parts = []
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    return "/".join([*reversed(parts), last])


def tile_stem(level: int, index: int) -> str:
    """The path of a full hash tile."""
    return f"tile/{level}/{encode_index(index)}"


def bundle_stem(index: int) -> str:
    """The path of a full bundle of leaves."""
    return f"tile/entries/{encode_index(index)}"


def sealed_path(index: int) -> str:
    """The path of the sealed entries that belong to a bundle; not part of tlog-tiles."""
    return f"entries/{encode_index(index)}.jsonl"


def path_of(stem: str, width: int) -> str:
    """The path of a tile or bundle of `width`."""
    return stem if width == WIDTH else f"{stem}.p/{width}"


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes tile `index` of `level` has in a tree of `size`."""
    return max(0, min(WIDTH, (size >> (LEVEL_BITS * level)) - index * WIDTH))


def last_tiles(size: int) -> list[tuple[int, int, int]]:
    """(level, index, width) of the partial tiles of a tree of `size`."""
    partial = []
    level = 0
    while hashes := size >> (LEVEL_BITS * level):
        if width := hashes % WIDTH:
            partial.append((level, hashes // WIDTH, width))
        level += 1
    return partial


def encode_bundle(leaves: Sequence[bytes]) -> bytes:
    """The leaves, each with its length in two bytes before it."""
    try:
        return b"".join([len(leaf).to_bytes(2, "big") + leaf for leaf in leaves])
    except OverflowError:
        raise FormatError("a leaf is longer than 65535 bytes") from None


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` leaves of a bundle. Raises `FormatError` for any byte too few or too many."""
    leaves: list[bytes] = []
    position = 0
    while position < len(data) and len(leaves) < width:
        start = position + 2
        position = start + int.from_bytes(data[position:start], "big")
        if position > len(data):
            raise FormatError(f"leaf {len(leaves)} of the bundle is cut short")
        leaves.append(data[start:position])
    if len(leaves) != width:
        raise FormatError(f"the bundle ends after {len(leaves)} of {width} leaves")
    if position != len(data):
        raise FormatError(f"the bundle goes on after its {width} leaves")
    return leaves


def fetch(directory: Path, stem: str, width: int) -> tuple[str, bytes, int]:
    """Path, content and real width of a tile of at least `width`.

    A log may drop a partial tile once the full one exists, so that one stands in. Raises
    `FileNotFoundError`.
    """
    name = path_of(stem, width)
    try:
        return name, (directory / name).read_bytes(), width
    except (FileNotFoundError, NotADirectoryError):
        return stem, (directory / stem).read_bytes(), WIDTH


class TileReader:
    """Hashes, leaves and proofs of a tree of `size`, read from its files as they are needed.

    Content is taken as it comes; whoever uses a proof checks it against a checkpoint.
    """

    def __init__(self, directory: Path, size: int) -> None:
        self.directory, self.size = directory, size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile, as many as a tree of this size has. Raises `FormatError`."""
        if (level, index) not in self._tiles:
            width = width_at(self.size, level, index)
            name, data, found = fetch(self.directory, tile_stem(level, index), width)
            if len(data) != found * merkle.HASH_BYTES:
                raise FormatError(f"{name} has {len(data)} bytes, not {found * merkle.HASH_BYTES}")
            step = merkle.HASH_BYTES
            hashes = [data[at : at + step] for at in range(0, width * step, step)]
            self._tiles[level, index] = hashes
        return self._tiles[level, index]

    def leaf(self, index: int) -> bytes:
        """The leaf at `index`."""
        bundle, place = divmod(index, WIDTH)
        width = width_at(self.size, 0, bundle)
        _, data, found = fetch(self.directory, bundle_stem(bundle), width)
        return parse_bundle(data, found)[place]

    def perfect(self, height: int, index: int) -> bytes:
        """The hash of the node at `height` above the leaves."""
        level, rest = divmod(height, LEVEL_BITS)
        tile, place = divmod(index << rest, WIDTH)
        return merkle.perfect_root(self.tile(level, tile)[place : place + (1 << rest)])

    def range_hash(self, start: int, end: int) -> bytes:
        """The hash of the subtree over the leaves [start, end)."""
        parts = merkle.perfect_parts(start, end)
        return merkle.join_roots([self.perfect(height, index) for height, index in parts])

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The hashes that prove leaf `index` in the tree."""
        if not 0 <= index < self.size:
            raise IndexError("no such leaf in a tree of this size")
        return [self.range_hash(*part) for part in merkle.inclusion_ranges(index, self.size)]

    def consistency_proof(self, old: int) -> list[bytes]:
        """The hashes that prove that the tree grew from `old` leaves (1 or more)."""
        if not 0 < old <= self.size:
            raise IndexError("no such size below the size of this tree")
        return [self.range_hash(*part) for part in merkle.consistency_ranges(old, self.size)]
