"""Nothing in a log can be changed, removed or moved without the check naming the file."""

from pathlib import Path

import pytest

from audit.check import check_log
from audit.checkpoint import Checkpoint
from audit.report import Report
from audit.sealed import ERASED_LINE
from audit.tiles import encode_bundle, parse_bundle
from audit.verify import main
from tests.audit.logs import OTHER_SIGNER, SIGNER, build, copies, feed, files, sealed

SIZE = 600


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with full and partial tiles on two levels, and older partial tiles."""
    place = tmp_path_factory.mktemp("tamper") / "log"
    feed(build(place, 580, 150), SIZE, SIZE)
    assert {"tile/1/000.p/1", "tile/entries/002.p/68"} <= set(files(place))
    return place


def _check(place: Path) -> Report:
    return check_log(place, SIGNER.verifier)


def _names(problems: list[str], name: str) -> bool:
    return any(problem.startswith(name) or f"with {name})" in problem for problem in problems)


def test_one_flipped_bit_in_any_file_is_found(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = next(copies(original, tmp_path / "copy"))
    for name, content in files(original).items():
        for at in {0, 1, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1}:
            changed = bytearray(content)
            changed[at] ^= 1
            (place / name).write_bytes(changed)
            assert main([str(place), "--quiet"]) == 1, (name, at)
            assert name in capsys.readouterr().out, (name, at)
        (place / name).write_bytes(content)
    assert main([str(place), "--quiet"]) == 0


@pytest.mark.parametrize("change", ["cut", "lengthen", "empty"])
def test_bytes_too_few_or_too_many_are_found(original: Path, tmp_path: Path, change: str) -> None:
    place = next(copies(original, tmp_path / "copy"))
    for name, content in files(original).items():
        if name == "vkey":
            continue
        changed = {"cut": content[:-1], "lengthen": content + b"x", "empty": b""}[change]
        (place / name).write_bytes(changed)
        assert _names(_check(place).problems, name), name
        (place / name).write_bytes(content)


def test_a_missing_file_is_found(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = next(copies(original, tmp_path / "copy"))
    needed = [n for n in files(original) if n not in _older(original)]
    assert len(needed) == 12
    for name in needed:
        content = (place / name).read_bytes()
        (place / name).unlink()
        assert main([str(place), "--quiet"]) == 1
        assert f"{name}: the file is missing" in capsys.readouterr().out
        (place / name).write_bytes(content)


def _older(original: Path) -> set[str]:
    newest = {"tile/0/002.p/88", "tile/entries/002.p/88", "tile/1/000.p/2"}
    return {name for name in files(original) if ".p/" in name} - newest


def test_older_partial_tiles_are_not_needed(original: Path, tmp_path: Path) -> None:
    place = next(copies(original, tmp_path / "copy"))
    assert _older(original)
    for name in _older(original):
        (place / name).unlink()
    assert _check(place).sound


def test_a_bundle_and_its_tile_both_lost(original: Path, tmp_path: Path) -> None:
    place = next(copies(original, tmp_path / "copy"))
    (place / "tile/entries/001").unlink()
    (place / "tile/0/001").unlink()
    problems = _check(place).problems
    assert any("nothing after this could be checked" in problem for problem in problems)
    assert _names(problems, "tile/entries/001: the file is missing")


def test_a_folder_where_a_file_belongs(original: Path, tmp_path: Path) -> None:
    for name in ("checkpoint", "tile/0/001", "tile/entries/001", "entries/001.jsonl"):
        place = next(copies(original, tmp_path / "copy"))
        (place / name).unlink()
        (place / name).mkdir()
        assert any(p.startswith(f"{name}: the file cannot be read") for p in _check(place).problems)


def test_swapped_entries_are_found(original: Path, tmp_path: Path) -> None:
    place = next(copies(original, tmp_path / "copy"))
    lines = (place / "entries/001.jsonl").read_bytes().splitlines(keepends=True)
    lines[4], lines[9] = lines[9], lines[4]
    (place / "entries/001.jsonl").write_bytes(b"".join(lines))
    problems = _check(place).problems
    assert [p.partition(":")[0] for p in problems] == ["entries/001.jsonl"] * 2
    assert "entry 260" in problems[0]
    assert "entry 265" in problems[1]


def _forge(place: Path, number: int) -> None:
    """Put another entry in the place of one, in every file that does not need the key."""
    bundle, at = divmod(number, 256)
    path = place / f"entries/{bundle:03}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[at] = sealed(9000).line()
    path.write_bytes(b"".join(lines))
    path = place / f"tile/entries/{bundle:03}"
    leaves = parse_bundle(path.read_bytes(), 256)
    leaves[at] = sealed(9000).leaf()
    path.write_bytes(encode_bundle(leaves))


def test_a_forged_entry_is_found_in_the_tile(original: Path, tmp_path: Path) -> None:
    place = next(copies(original, tmp_path / "copy"))
    _forge(place, 300)
    problems = _check(place).problems
    assert problems[0].startswith("tile/0/001: the hash of entry 300 is not that of the leaves")
    assert any(p.startswith("tile/1/000.p/2: the hash of entries 256 to 511") for p in problems)
    assert any(p.startswith("checkpoint: the entries do not add up") for p in problems)


def test_a_log_rebuilt_whole_is_found_by_its_signature(tmp_path: Path) -> None:
    build(tmp_path / "log", 3)
    forged = (tmp_path / "log/checkpoint").read_bytes()
    assert check_log(tmp_path / "log", OTHER_SIGNER.verifier).problems == [
        "checkpoint: the note is not signed by the expected key (the signed size and root)"
    ]
    (tmp_path / "log/checkpoint").write_bytes(forged.replace(b"\n3\n", b"\n2\n"))
    assert not _check(tmp_path / "log").sound


def test_missing_entries_count_as_erased_only_where_the_log_says_so(tmp_path: Path) -> None:
    build(tmp_path, 5)
    file = tmp_path / "entries/000.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], ERASED_LINE, *lines[3:]]))
    report = _check(tmp_path)
    assert (report.sound, report.erased) == (True, 1)
    assert "1 entries were erased on record; their leaves are in place." in report.lines()
    file.write_bytes(b"".join([*lines[:2], b"\n", *lines[3:]]))
    assert "entry 2: the line is not JSON" in _check(tmp_path).problems[0]
    file.write_bytes(b"".join(lines[:3]))
    assert "entries from 3 to 4 are missing" in _check(tmp_path).problems[0]


def test_a_signed_leaf_that_no_entry_could_have(tmp_path: Path) -> None:
    """Even the log's own key cannot make the check take a leaf of another form."""
    build(tmp_path, 1)
    _rewrite(tmp_path, b"not a leaf")
    problems = _check(tmp_path).problems
    assert any("tile/entries/000.p/1: entry 0: the leaf is not JSON" in p for p in problems)
    (tmp_path / "entries/000.jsonl").write_bytes(ERASED_LINE)
    assert any("entries/000.jsonl: entry 0: the leaf" in p for p in _check(tmp_path).problems)


def _rewrite(place: Path, leaf: bytes) -> None:
    from audit.merkle import leaf_hash  # noqa: PLC0415

    (place / "tile/entries/000.p/1").write_bytes(encode_bundle([leaf]))
    (place / "tile/0/000.p/1").write_bytes(leaf_hash(leaf))
    note = Checkpoint(SIGNER.verifier.name, 1, leaf_hash(leaf)).sign(SIGNER)
    (place / "checkpoint").write_bytes(note)


def test_the_expected_size(original: Path) -> None:
    assert check_log(original, SIGNER.verifier, expect_size=SIZE).sound
    report = check_log(original, SIGNER.verifier, expect_size=SIZE + 1)
    assert report.problems == ["checkpoint: 600 entries where 601 are expected"]


def test_an_older_checkpoint_must_be_continued(tmp_path: Path) -> None:
    log = build(tmp_path / "log", 0)
    for size in (0, 3, 256, 700):
        feed(log, size)
        since = (tmp_path / "log/checkpoint").read_bytes()
        feed(log, 2 * size + 1)
        report = check_log(tmp_path / "log", SIGNER.verifier, since=since)
        assert report.sound
        assert f"The log continues the older checkpoint of {size} entries." in report.notes


def test_a_log_that_was_rewritten_does_not_continue_its_older_checkpoint(tmp_path: Path) -> None:
    build(tmp_path / "old", 3)
    since = (tmp_path / "old/checkpoint").read_bytes()
    rewritten = build(tmp_path / "new", 0)
    rewritten.append([sealed(number) for number in (0, 7, 2)])
    for extra in (False, True):
        if extra:
            rewritten.append([sealed(3)])
        report = check_log(tmp_path / "new", SIGNER.verifier, since=since)
        assert "first 3 entries are not what they were" in report.problems[0]


def test_a_log_that_was_cut_does_not_continue_its_older_checkpoint(tmp_path: Path) -> None:
    build(tmp_path / "old", 3)
    since = (tmp_path / "old/checkpoint").read_bytes()
    build(tmp_path / "new", 2)
    report = check_log(tmp_path / "new", SIGNER.verifier, since=since)
    assert report.problems == ["the older checkpoint: it has 3 entries, the log only 2"]
    report = check_log(tmp_path / "new", SIGNER.verifier, since=b"rubbish")
    assert not report.sound


def test_lines_after_the_last_entry(tmp_path: Path) -> None:
    """An append under way leaves them; nothing else may."""
    build(tmp_path, 3)
    file = tmp_path / "entries/000.jsonl"
    content = file.read_bytes()
    file.write_bytes(content + sealed(3).line())
    report = _check(tmp_path)
    assert report.sound
    assert "1 entries not yet under the checkpoint" in report.notes[0]
    file.write_bytes(content + b"{}\n")
    assert "after the last entry, line 3" in _check(tmp_path).problems[0]
    file.write_bytes(content + sealed(3).line() * 254)
    assert "goes on after its last entry" in _check(tmp_path).problems[0]


def test_files_that_the_checkpoint_does_not_need_are_mentioned(tmp_path: Path) -> None:
    build(tmp_path, 3)
    for name in ("tile/0/000.p/9", "entries/007.jsonl", "checkpoint.tmp", "README"):
        (tmp_path / name).write_bytes(b"")
    report = _check(tmp_path)
    assert report.sound
    assert report.notes == [
        "note: 3 files belong to an append that was not finished",
        "note: 1 files in the folder are not part of a log",
    ]


def test_an_older_tile_that_vanishes_during_the_check(tmp_path: Path) -> None:
    """A log in use drops partial tiles; a dangling link looks the same to the check."""
    build(tmp_path, 3)
    (tmp_path / "tile/0/000.p/2").symlink_to("gone")
    assert _check(tmp_path).sound


def test_a_report_stays_short(tmp_path: Path) -> None:
    build(tmp_path, 100)
    (tmp_path / "entries/000.jsonl").write_bytes(b"\n" * 100)
    report = _check(tmp_path)
    assert len(report.problems) == 100
    assert "… and 80 more" in report.lines()
    assert len(report.lines()) == 22
