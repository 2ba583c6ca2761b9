"""`python -m audit.verify` as an auditor runs it: another process, nothing but files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audit.verify import main
from tests.audit.logs import OTHER_SIGNER, SIGNER, build, feed, sealed

ROOM = Path(__file__).parents[2]
VKEY = SIGNER.verifier.vkey


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.verify", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOM)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_a_sound_log_verifies(tmp_path: Path, size: int) -> None:
    log = build(tmp_path, size)
    result = _run(str(tmp_path), "--key", VKEY, "--expect-size", str(size))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"The log verifies: {size} entries")
    assert log.root.hex() in result.stdout
    if size:
        assert f"first of {sealed(0).time}, the last of {sealed(size - 1).time}" in result.stdout


def test_a_tampered_log_does_not(tmp_path: Path) -> None:
    build(tmp_path, 300)
    file = tmp_path / "entries/000.jsonl"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    result = _run(str(tmp_path), "--quiet")
    assert result.returncode == 1
    last = result.stdout.splitlines()[-1]
    assert re.fullmatch(r"entries/000\.jsonl: entry \d+: .+", last)
    assert "invented" not in result.stdout


def test_it_needs_no_other_room(tmp_path: Path) -> None:
    """An auditor may take the folder `audit` away and use it elsewhere."""
    shutil.copytree(ROOM / "audit", tmp_path / "elsewhere" / "audit")
    build(tmp_path / "log", 3)
    code = (
        "import sys; from audit.verify import main; status = main(sys.argv[1:]);"
        "rooms = {'gateway', 'schemas', 'policies', 'adapters'} & set(sys.modules);"
        "sys.exit(status or (3 if rooms else 0))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")],
        cwd=tmp_path / "elsewhere",
        check=False,
    )
    assert result.returncode == 0


def test_a_key_from_the_log_itself_is_warned_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path, 3)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("warning: the key came from the log itself.")
    assert main([str(tmp_path), "--key", VKEY]) == 0
    assert "warning" not in capsys.readouterr().out


def test_the_key_may_be_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path / "log", 3)
    shutil.copy(tmp_path / "log/vkey", tmp_path / "kept")
    assert main([str(tmp_path / "log"), "--key", str(tmp_path / "kept")]) == 0
    (tmp_path / "log/vkey").unlink()
    assert main([str(tmp_path / "log"), "--key", str(tmp_path / "kept")]) == 0
    assert main([str(tmp_path / "log")]) == 1
    assert "vkey: the file is missing" in capsys.readouterr().out


def test_a_forger_who_replaces_the_key_too_is_found_by_the_key_kept_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path, 3)
    (tmp_path / "vkey").write_text(OTHER_SIGNER.verifier.vkey + "\n", encoding="utf-8")
    assert main([str(tmp_path), "--key", VKEY]) == 1
    assert "vkey: it does not hold exactly the key" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 1
    assert "checkpoint: the note is not signed by the expected key" in capsys.readouterr().out


def test_the_log_must_continue_a_saved_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = build(tmp_path / "log", 300)
    shutil.copy(tmp_path / "log/checkpoint", tmp_path / "saved")
    feed(log, 500)
    arguments = [str(tmp_path / "log"), "--key", VKEY, "--since", str(tmp_path / "saved")]
    assert main(arguments) == 0
    assert "continues the older checkpoint of 300 entries" in capsys.readouterr().out
    (tmp_path / "saved").write_bytes(b"rubbish")
    assert main(arguments) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nowhere"],
        [".", "--key", "name"],
        [".", "--key", "a+b+c"],
        [".", "--since", "nowhere"],
        [".", "--expect-size", "many"],
        [".", "--unknown"],
    ],
)
def test_a_wrong_command_is_told_from_a_tampered_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_a_large_log_with_long_paths_shows_its_progress(tmp_path: Path) -> None:
    """70,000 entries make two levels of full tiles, as in the specification's example."""
    log = build(tmp_path, 0)
    pool = [sealed(number) for number in range(1000)]
    for _ in range(70):
        log.append(pool)
    assert (tmp_path / "tile/0/273.p/112").stat().st_size == 112 * 32
    assert (tmp_path / "tile/1/000").stat().st_size == 8192
    assert (tmp_path / "tile/1/001.p/17").stat().st_size == 17 * 32
    assert (tmp_path / "tile/2/000.p/1").stat().st_size == 32
    result = _run(str(tmp_path), "--key", VKEY, "--expect-size", "70000")
    assert result.returncode == 0, result.stdout
    assert result.stderr.splitlines() == [
        "65536 of 70000 entries checked",
        "70000 of 70000 entries checked",
    ]


def test_a_quiet_run_shows_no_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build(tmp_path, 300)
    monkeypatch.setattr("audit.verify._EVERY", 256)
    assert main([str(tmp_path), "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert main([str(tmp_path)]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 2
