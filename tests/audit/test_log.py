"""A log grows by whole batches, resumes where its checkpoint says, and refuses what is not its own."""  # noqa: E501

import json
import threading
from pathlib import Path

import pytest

from audit.check import check_log
from audit.checkpoint import open_checkpoint
from audit.errors import FormatError, LogError
from audit.log import Log, SealedEntry
from audit.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from audit.note import Verifier
from audit.proof import verify_proof
from audit.sealed import ERASED_LINE
from tests.audit import naive_tree
from tests.audit.logs import NAME, OTHER_SIGNER, SIGNER, build, feed, files, sealed


def test_a_new_log_is_empty_and_signed(tmp_path: Path) -> None:
    log = Log.open(tmp_path / "data" / "log", SIGNER)
    assert (log.size, log.root) == (0, EMPTY_ROOT)
    content = files(tmp_path / "data" / "log")
    assert set(content) == {"checkpoint", "vkey"}
    assert Verifier.parse(content["vkey"].decode().strip()) == SIGNER.verifier
    assert open_checkpoint(content["checkpoint"], SIGNER.verifier).origin == NAME


def test_the_files_of_a_log(tmp_path: Path) -> None:
    build(tmp_path, 600, 300)
    assert set(files(tmp_path)) == {
        "vkey",
        "checkpoint",
        *(f"entries/00{n}.jsonl" for n in (0, 1, 2)),
        *(f"tile/entries/00{n}" for n in (0, 1)),
        *(f"tile/0/00{n}" for n in (0, 1)),
        "tile/entries/002.p/88",
        "tile/0/002.p/88",
        "tile/1/000.p/1",
        "tile/1/000.p/2",
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("batch", [1, 7, 100, 256, 1000])
def test_the_tree_does_not_depend_on_how_entries_were_batched(tmp_path: Path, batch: int) -> None:
    log = build(tmp_path, 520, batch)
    leaves = [sealed(number).leaf() for number in range(520)]
    assert log.root == naive_tree.root(leaves)
    assert [log.leaf(index) for index in (0, 255, 256, 519)] == [
        leaves[index] for index in (0, 255, 256, 519)
    ]
    assert check_log(tmp_path, SIGNER.verifier).sound


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 600])
def test_a_log_goes_on_after_it_was_closed(tmp_path: Path, size: int) -> None:
    first = build(tmp_path, size)
    again = Log.open(tmp_path, SIGNER)
    assert (again.size, again.root) == (first.size, first.root)
    feed(again, size + 300)
    leaves = [sealed(number).leaf() for number in range(size + 300)]
    assert again.root == naive_tree.root(leaves)
    assert check_log(tmp_path, SIGNER.verifier, expect_size=size + 300).sound


def test_an_empty_batch_changes_nothing(tmp_path: Path) -> None:
    log = build(tmp_path, 3)
    before = files(tmp_path)
    log.append([])
    assert files(tmp_path) == before


def test_sealed_entries_are_readable_beside_the_tree(tmp_path: Path) -> None:
    build(tmp_path, 300)
    lines = (tmp_path / "entries/001.jsonl").read_bytes().split(b"\n")
    assert json.loads(json.loads(lines[0])["entry"]) == json.loads(sealed(256).sealed)
    assert len(lines) == 300 - 256 + 1


def test_proofs_for_this_and_for_earlier_sizes(tmp_path: Path) -> None:
    log = build(tmp_path, 700)
    leaves = [sealed(number).leaf() for number in range(700)]
    for size in (1, 255, 256, 300, 700):
        root = naive_tree.root(leaves[:size])
        proof = log.inclusion_proof(size - 1, size)
        assert verify_inclusion(leaf_hash(leaves[size - 1]), size - 1, size, proof, root)
        growth = log.consistency_proof(size)
        assert verify_consistency(size, root, 700, log.root, growth)
    assert log.consistency_proof(256, 300) == naive_tree.growth(256, leaves[:300])
    for wrong in (lambda: log.inclusion_proof(0, 701), lambda: log.leaf(700), lambda: log.leaf(-1)):
        with pytest.raises(IndexError):
            wrong()


def test_a_portable_proof_stands_alone(tmp_path: Path) -> None:
    log = build(tmp_path, 300)
    proof = json.loads(json.dumps(log.proof(257)))
    assert verify_proof(proof, SIGNER.verifier).root == log.root
    assert json.loads(proof["leaf"])["id"] == sealed(257).id
    with pytest.raises(IndexError):
        log.proof(300)


def test_a_portable_proof_that_was_changed_is_refused(tmp_path: Path) -> None:
    proof = build(tmp_path, 300).proof(257)
    changes = (
        {"index": 256},
        {"size": 299},
        {"leaf": proof["leaf"].replace("prison", "police")},
        {"proof": proof["proof"][:-1]},
        {"proof": ["?"]},
        {"proof": None},
        {"leaf": "\ud800"},
        {"checkpoint": proof["checkpoint"].replace("300", "301")},
        {"checkpoint": ""},
    )
    for change in changes:
        with pytest.raises(FormatError):
            verify_proof({**proof, **change}, SIGNER.verifier)
    with pytest.raises(FormatError):
        verify_proof({}, SIGNER.verifier)
    with pytest.raises(FormatError, match="expected key"):
        verify_proof(proof, OTHER_SIGNER.verifier)


def test_an_entry_that_the_verifier_would_refuse_is_not_taken(tmp_path: Path) -> None:
    log = build(tmp_path, 3)
    before = files(tmp_path)
    good = sealed(3)
    with pytest.raises(FormatError):
        log.append([good, SealedEntry("x", good.time, good.agency, good.salt, good.sealed)])
    assert files(tmp_path) == before
    log.append([good])
    assert log.size == 4


def test_a_log_under_another_key_is_not_opened(tmp_path: Path) -> None:
    build(tmp_path, 3)
    with pytest.raises(LogError, match="another key"):
        Log.open(tmp_path, OTHER_SIGNER)
    (tmp_path / "vkey").unlink()
    with pytest.raises(LogError, match="checkpoint"):
        Log.open(tmp_path, OTHER_SIGNER)


def test_a_log_without_its_checkpoint_is_not_begun_again(tmp_path: Path) -> None:
    build(tmp_path, 3)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(LogError, match="checkpoint: missing"):
        Log.open(tmp_path, SIGNER)


@pytest.mark.parametrize(
    "name",
    ["checkpoint", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"],
)
@pytest.mark.parametrize("how", ["flip", "remove"])
def test_a_log_with_a_wrong_edge_is_not_opened(tmp_path: Path, name: str, how: str) -> None:
    build(tmp_path, 300)
    content = bytearray((tmp_path / name).read_bytes())
    content[10] ^= 1
    (tmp_path / name).unlink()
    if how == "flip":
        (tmp_path / name).write_bytes(content)
    with pytest.raises(LogError):
        Log.open(tmp_path, SIGNER)


def test_a_log_with_wrong_last_entries_is_not_opened(tmp_path: Path) -> None:
    build(tmp_path, 3)
    file = tmp_path / "entries/000.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], lines[2], lines[1]]))
    with pytest.raises(LogError, match="does not match its leaf"):
        Log.open(tmp_path, SIGNER)
    file.write_bytes(b"".join(lines[:2]))
    with pytest.raises(LogError, match="missing"):
        Log.open(tmp_path, SIGNER)


def test_an_erased_entry_stays_erased_while_the_log_goes_on(tmp_path: Path) -> None:
    build(tmp_path, 3)
    file = tmp_path / "entries/000.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], ERASED_LINE, lines[2]]))
    feed(Log.open(tmp_path, SIGNER), 10)
    assert file.read_bytes().splitlines(keepends=True)[1] == ERASED_LINE
    report = check_log(tmp_path, SIGNER.verifier)
    assert (report.sound, report.erased) == (True, 1)


def test_proofs_can_be_read_while_the_log_grows(tmp_path: Path) -> None:
    log = build(tmp_path, 1)
    done = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                verify_proof(log.proof(log.size - 1), SIGNER.verifier)
        except BaseException as error:  # the test's own thread must see it
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    feed(log, 800, 9)
    done.set()
    reader.join()
    assert not failures
