"""The committed matrix is what the policies say, and the policies say what it shows."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from policies import matrix
from policies.engine import Asker, Engine, Link
from schemas.kinds import Kind


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with matrix.FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_matrix_is_current() -> None:
    assert matrix.main(["--check"]) == 0


def test_an_outdated_matrix_is_found_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "text", lambda _: "the matrix\n")
    file = tmp_path / "matrix.csv"
    assert matrix.main(["--check"], file) == 1
    assert matrix.main([], file) == 0
    assert matrix.main(["--check"], file) == 0
    file.write_text("old")
    assert matrix.main(["--check"], file) == 1
    assert "python -m policies.matrix" in capsys.readouterr().err


def test_the_command_explains_itself() -> None:
    command = [sys.executable, "-m", "policies.matrix", "--what"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "usage: python -m policies.matrix" in answer.stderr


def test_it_can_be_reviewed(table: list[dict[str, str]]) -> None:
    assert len(table) < 1500
    assert all(row["rules"] and row["agency"] and row["link"] for row in table)
    assert len({tuple(row.values()) for row in table}) == len(table)


def test_each_row_holds(engine: Engine, table: list[dict[str, str]]) -> None:
    for row in table:
        if row["action"] != "read":
            continue
        for agency in row["agency"].split("|"):
            asker = Asker((row["role"],), agency)
            for names in row["link"].split("|"):
                needed = [] if names == "any" else names.split("+")
                link = Link(**dict.fromkeys(needed, True))  # type: ignore[arg-type]
                release = engine.release(asker, Kind(row["kind"]), row["purpose"], link)
                assert row["section"] in release.released


def test_the_victim_liaison_officers_rows_are_few(table: list[dict[str, str]]) -> None:
    rows = [row for row in table if row["role"] == "victim-liaison-officer"]
    read = [row for row in rows if row["action"] == "read"]
    assert {row["kind"] for row in rows if row["action"] == "export"} == {"vcms", "mappa"}
    assert {row["link"] for row in read} == {"assigned"}
    assert {row["purpose"] for row in rows} == {"victim-contact"}
    assert {(row["kind"], row["section"]) for row in read} == {
        ("mappa-minutes", "executive-summary"),
        ("licence-conditions", "no-contact-conditions"),
        ("licence-conditions", "no-contact-condition-data"),
        ("licence-conditions", "zone-existence"),
        ("victim-contact", "scheme"),
        ("victim-contact", "vlo"),
        ("victim-contact", "requests"),
        ("victim-contact", "information-given"),
        ("victim-contact", "representations"),
    }
