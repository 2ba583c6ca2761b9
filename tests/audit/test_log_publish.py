"""A checkpoint counts once it is published: until then nothing of it is seen, whatever is on disk."""  # noqa: E501

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.check import check_log
from audit.checkpoint import Checkpoint
from audit.errors import LogError
from audit.log import Log, SealedEntry
from audit.view import LogView
from tests.audit import naive_tree
from tests.audit.logs import OTHER_SIGNER, SIGNER, build, files, sealed


def refuse(checkpoint: Checkpoint, note: bytes) -> bool:
    """Somebody else leads."""
    return False


def lose(checkpoint: Checkpoint, note: bytes) -> bool:
    """Nobody knows whether it was published."""
    raise ConnectionError


def entries(start: int, end: int) -> list[SealedEntry]:
    return [sealed(number) for number in range(start, end)]


def note_of(size: int, place: Path) -> bytes:
    """The checkpoint that another machine would publish for this size."""
    build(place, size, 100)
    note = (place / "checkpoint").read_bytes()
    shutil.rmtree(place)
    return note


def test_the_checkpoint_that_is_published_is_the_one_in_the_folder(tmp_path: Path) -> None:
    log, told = build(tmp_path, 3), []

    def publish(checkpoint: Checkpoint, note: bytes) -> bool:
        told.append((checkpoint, note))
        assert LogView(tmp_path, SIGNER.verifier).size == 3, "not before it is published"
        return True

    assert log.append([sealed(3)], publish)
    assert told == [
        (Checkpoint(SIGNER.verifier.name, 4, log.root), log.proof(0)["checkpoint"].encode())
    ]


@pytest.mark.parametrize("start", [0, 3, 250])
def test_what_is_not_published_is_not_there(tmp_path: Path, start: int) -> None:
    log = build(tmp_path, start)
    before = (tmp_path / "checkpoint").read_bytes()
    assert not log.append(entries(start, 700), refuse)
    with pytest.raises(ConnectionError):
        log.append(entries(start, 600), lose)
    for seen in (log, LogView(tmp_path, SIGNER.verifier), Log.open(tmp_path, SIGNER)):
        assert seen.size == start
        with pytest.raises(IndexError):
            seen.leaf(start)
    assert (tmp_path / "checkpoint").read_bytes() == before
    assert check_log(tmp_path, SIGNER.verifier, expect_size=start).sound


def test_a_follower_takes_the_published_checkpoint_as_it_is(tmp_path: Path) -> None:
    note = note_of(600, tmp_path / "other")
    log = build(tmp_path / "log", 100)
    log.follow(entries(100, 600), note)
    assert (tmp_path / "log/checkpoint").read_bytes() == note
    assert check_log(tmp_path / "log", SIGNER.verifier, expect_size=600).sound


def test_a_follower_refuses_what_its_entries_do_not_come_to(tmp_path: Path) -> None:
    note = note_of(600, tmp_path / "other")
    log = build(tmp_path / "log", 100)
    before = files(tmp_path / "log")
    forged = Checkpoint(SIGNER.verifier.name, 600, b"?" * 32)
    wrong = [
        (entries(100, 599), note),
        (entries(99, 599), note),
        ([*entries(100, 599), sealed(1000)], note),
        (entries(100, 600), forged.sign(SIGNER)),
        (entries(100, 600), forged.sign(OTHER_SIGNER)),
        (entries(100, 600), b"rubbish"),
    ]
    for batch, published in wrong:
        with pytest.raises(LogError, match="the published checkpoint"):
            log.follow(batch, published)
        assert files(tmp_path / "log") == before
    log.follow(entries(100, 600), note)


STEPS = st.lists(
    st.tuples(st.sampled_from(["publish", "refuse", "crash", "follow"]), st.integers(1, 600)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_files_ahead_of_the_checkpoint_never_do_harm(steps: list[tuple[str, int]]) -> None:
    """However often a leader writes in vain: each size that counts is the tree of its entries."""
    with TemporaryDirectory() as name:
        place = Path(name) / "log"
        log = Log.open(place, SIGNER)
        for what, more in steps:
            size = log.size
            batch = entries(size, size + more)
            if what == "publish":
                assert log.append(batch)
            elif what == "follow":
                log.follow(batch, note_of(size + more, Path(name) / "other"))
            else:
                assert not log.append(batch, refuse)
                log = log if what == "refuse" else Log.open(place, SIGNER)
            assert log.size == size + more * (what in ("publish", "follow"))
            leaves = [sealed(number).leaf() for number in range(log.size)]
            assert log.root == LogView(place, SIGNER.verifier).root == naive_tree.root(leaves)
            assert check_log(place, SIGNER.verifier, expect_size=log.size).problems == []
        alike = files(place)
        for path, data in files_of(log.size, Path(name) / "straight").items():
            assert alike[path] == data


def files_of(size: int, place: Path) -> dict[str, bytes]:
    """Every file of a log that was written in one go, but sealed files, which may go on beyond."""
    build(place, size, 10_000)
    return {name: data for name, data in files(place).items() if not name.startswith("entries/")}
