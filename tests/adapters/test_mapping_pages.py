"""The pages of what each format holds are what the adapters declare."""

from pathlib import Path

import pytest

from adapters import mapping_pages
from adapters.registry import ADAPTERS


def test_the_committed_pages_are_current() -> None:
    assert mapping_pages.main(["--check"]) == 0


def test_an_outdated_missing_or_left_over_page_is_found_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mapping_pages.main(["--check"], tmp_path) == 1
    assert mapping_pages.main([], tmp_path) == 0
    assert mapping_pages.main(["--check"], tmp_path) == 0
    (tmp_path / "visor.md").write_text("old")
    (tmp_path / "gone.md").write_text("of a system that left")
    assert mapping_pages.main(["--check"], tmp_path) == 1
    assert "gone.md, visor.md" in capsys.readouterr().err
    assert mapping_pages.main([], tmp_path) == 0
    assert not (tmp_path / "gone.md").exists()
    assert mapping_pages.main(["--what"], tmp_path) == 2


def test_a_page_says_place_way_and_loss() -> None:
    page = mapping_pages.page(ADAPTERS["visor"])
    assert "| `name.surname` | `person/name/surname` | yes | yes |  |" in page
    assert "| `identifiers[].verified` |  | yes |  | worked out" in page
    assert "Written and never read: `disagreements[].category`" in page
    core = mapping_pages.page(ADAPTERS["cpr"])
    assert "the system is only read" in core
    assert "Not held at all: `identifiers[].system`, `interpreterRequired`" in core
