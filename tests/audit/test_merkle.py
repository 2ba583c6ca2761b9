"""Proofs are accepted exactly where RFC 6962 says so."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import (
    EMPTY_ROOT,
    consistency_ranges,
    inclusion_ranges,
    join_roots,
    leaf_hash,
    node_hash,
    perfect_parts,
    perfect_root,
    verify_consistency,
    verify_inclusion,
)
from tests.audit import naive_tree

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "merkle"
LEAVES = [b"leaf %d" % number for number in range(40)]
SIZES = st.integers(1, len(LEAVES))


def _cases(kind: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((VECTORS / kind).rglob("*.json"))]


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_published_inclusion_vectors() -> None:
    cases = _cases("inclusion") if VECTORS.is_dir() else []
    for case in cases:
        proof = [_bytes(value) for value in case["proof"] or []]
        accepted = verify_inclusion(
            _bytes(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, _bytes(case["root"])
        )
        assert accepted is not case["wantErr"], case["desc"]
    assert len(cases) >= 98 or not VECTORS.is_dir()


def test_published_consistency_vectors() -> None:
    cases = _cases("consistency") if VECTORS.is_dir() else []
    for case in cases:
        proof = [_bytes(value) for value in case["proof"] or []]
        accepted = verify_consistency(
            case["size1"], _bytes(case["root1"]), case["size2"], _bytes(case["root2"]), proof
        )
        assert accepted is not case["wantErr"], case["desc"]
    assert len(cases) >= 98 or not VECTORS.is_dir()


def test_hashes_of_rfc_6962() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (
        leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert node_hash(b"\x11" * 32, b"\x22" * 32) != node_hash(b"\x22" * 32, b"\x11" * 32)


def _range(start: int, end: int) -> bytes:
    return naive_tree.root(LEAVES[start:end])


@given(SIZES, st.data())
def test_every_inclusion_proof_of_a_naive_tree_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = naive_tree.path(index, LEAVES[:size])
    assert proof == [_range(*part) for part in inclusion_ranges(index, size)]
    root, leaf = _range(0, size), leaf_hash(LEAVES[index])
    assert verify_inclusion(leaf, index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, [*proof, leaf], root)
    assert not verify_inclusion(leaf, index, size, proof[:-1], root) or not proof
    assert not verify_inclusion(leaf, size, size, proof, root)
    assert not verify_inclusion(leaf, -1, size, proof, root)


@given(SIZES, st.data())
def test_any_flipped_bit_of_an_inclusion_proof_refuses(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    parts = [leaf_hash(LEAVES[index]), _range(0, size), *naive_tree.path(index, LEAVES[:size])]
    leaf, root, *proof = _flip(parts, data)
    assert not verify_inclusion(leaf, index, size, proof, root)


@given(SIZES, st.data())
def test_every_consistency_proof_of_a_naive_tree_verifies(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = naive_tree.growth(old, LEAVES[:size])
    assert proof == [_range(*part) for part in consistency_ranges(old, size)]
    first, second = _range(0, old), _range(0, size)
    assert verify_consistency(old, first, size, second, proof)
    assert not verify_consistency(old, first, size, second, [*proof, first])
    assert not verify_consistency(old, first, size, second, proof[:-1]) or not proof
    assert not verify_consistency(size + 1, first, size, second, proof)


@given(SIZES, st.data())
def test_any_flipped_bit_of_a_consistency_proof_refuses(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = naive_tree.growth(old, LEAVES[:size])
    first, second, *changed = _flip([_range(0, old), _range(0, size), *proof], data)
    assert not verify_consistency(old, first, size, second, changed)


def test_growth_from_nothing_is_no_matter_for_a_proof() -> None:
    assert not verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not verify_consistency(0, EMPTY_ROOT, 1, leaf_hash(b""), [])


@given(st.integers(0, len(LEAVES)))
def test_a_root_is_the_join_of_its_perfect_parts(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    parts = [(i << height, (i + 1) << height) for height, i in perfect_parts(0, size)]
    assert join_roots([perfect_root(hashes[a:b]) for a, b in parts]) == _range(0, size)


def _flip(parts: list[bytes], data: st.DataObject) -> list[bytes]:
    which = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(parts[which])
    changed[bit // 8] ^= 1 << (bit % 8)
    return [*parts[:which], bytes(changed), *parts[which + 1 :]]


@pytest.mark.parametrize("wrong", [b"", b"short", b"x" * 33])
def test_what_is_not_a_hash_is_refused(wrong: bytes) -> None:
    good = leaf_hash(b"")
    assert verify_inclusion(good, 0, 1, [], good)
    assert not verify_inclusion(wrong, 0, 1, [], wrong)
    assert not verify_consistency(1, wrong, 2, node_hash(wrong, good), [good])
    assert not verify_inclusion(good, 0, 2, [wrong], good)
