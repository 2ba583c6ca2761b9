"""Tiles lie where C2SP tlog-tiles says, hold what it says, and give every proof."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import tiles
from audit.edge import Edge
from audit.errors import FormatError
from audit.merkle import leaf_hash, verify_consistency, verify_inclusion
from audit.tiles import TileReader, encode_bundle, encode_index, last_tiles, parse_bundle
from tests.audit import naive_tree
from tests.audit.logs import build, sealed


@pytest.mark.parametrize(
    ("index", "path"),
    [
        (0, "000"),
        (67, "067"),
        (999, "999"),
        (1000, "x001/000"),
        (1234067, "x001/x234/067"),
        (1000000, "x001/x000/000"),
        (123456789012, "x123/x456/x789/012"),
    ],
)
def test_the_index_in_a_path(index: int, path: str) -> None:
    assert encode_index(index) == path


def test_paths() -> None:
    assert tiles.path_of(tiles.tile_stem(0, 273), 112) == "tile/0/273.p/112"
    assert tiles.path_of(tiles.tile_stem(2, 1000), 256) == "tile/2/x001/000"
    assert tiles.path_of(tiles.bundle_stem(5), 1) == "tile/entries/005.p/1"
    assert tiles.sealed_path(1234) == "entries/x001/234.jsonl"


def test_the_example_of_the_specification() -> None:
    assert last_tiles(70_000) == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert last_tiles(256) == [(1, 0, 1)]
    assert last_tiles(0) == []
    assert tiles.width_at(70_000, 1, 0) == 256
    assert tiles.width_at(70_000, 1, 2) == 0


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_leaves_back(leaves: list[bytes]) -> None:
    assert parse_bundle(encode_bundle(leaves), len(leaves)) == leaves


def test_a_bundle_is_length_prefixed_leaves() -> None:
    assert encode_bundle([b"ab", b"", b"x" * 258]) == b"\0\2ab" + b"\0\0" + b"\1\2" + b"x" * 258
    with pytest.raises(FormatError, match="65535"):
        encode_bundle([b"x" * 65536])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends after 0 of 2"),
        (b"\0\1a", "ends after 1 of 2"),
        (b"\0\1a\0", "cut short"),
        (b"\0\1a\0\2b", "leaf 1 of the bundle is cut short"),
        (b"\0\1a\0\1b\0", "goes on"),
    ],
)
def test_a_bundle_with_bytes_too_few_or_too_many_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        parse_bundle(data, 2)


def test_the_edge_has_the_root_of_the_naive_tree() -> None:
    leaves = [b"%d" % number for number in range(1100)]
    edge = Edge()
    for size in range(len(leaves) + 1):
        if size % 128 in (0, 1, 127) or size in (255, 257, 600):
            assert edge.root() == naive_tree.root(leaves[:size]), size
        if size < len(leaves):
            edge.extend([leaf_hash(leaves[size])])


SIZES = (1, 2, 255, 256, 257, 511, 600)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that had a checkpoint at each of the sizes."""
    place = tmp_path_factory.mktemp("tiles") / "log"
    log = build(place, 0)
    for old, new in pairwise((0, *SIZES)):
        log.append([sealed(number) for number in range(old, new)])
    return place


def test_proofs_are_those_of_the_naive_tree(directory: Path) -> None:
    leaves = [sealed(number).leaf() for number in range(600)]
    reader = TileReader(directory, 600)
    root = naive_tree.root(leaves)
    assert reader.range_hash(0, 600) == root
    for index in (0, 1, 254, 255, 256, 300, 511, 512, 598, 599):
        assert reader.leaf(index) == leaves[index]
        proof = reader.inclusion_proof(index)
        assert proof == naive_tree.path(index, leaves)
        assert verify_inclusion(leaf_hash(leaves[index]), index, 600, proof, root)
    for old in (1, 2, 128, 255, 256, 257, 512, 599, 600):
        proof = reader.consistency_proof(old)
        assert proof == naive_tree.growth(old, leaves)
        assert verify_consistency(old, naive_tree.root(leaves[:old]), 600, root, proof)


def test_full_tiles_stand_in_for_partial_ones_that_are_gone(directory: Path) -> None:
    assert not (directory / "tile/0/000.p").exists()
    leaves = [sealed(number).leaf() for number in range(255)]
    earlier = TileReader(directory, 255)
    assert earlier.inclusion_proof(7) == naive_tree.path(7, leaves)
    assert earlier.leaf(254) == leaves[254]


def test_there_is_no_proof_of_what_is_not_there(directory: Path) -> None:
    reader = TileReader(directory, 600)
    for index in (-1, 600):
        with pytest.raises(IndexError):
            reader.inclusion_proof(index)
    for old in (0, 601):
        with pytest.raises(IndexError):
            reader.consistency_proof(old)


def test_a_tile_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "log", 3)
    tile = tmp_path / "log/tile/0/000.p/3"
    tile.write_bytes(tile.read_bytes()[:-1])
    with pytest.raises(FormatError, match=r"tile/0/000\.p/3 has 95 bytes"):
        TileReader(tmp_path / "log", 3).tile(0, 0)
