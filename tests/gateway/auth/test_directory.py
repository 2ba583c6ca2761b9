"""The embedded issuer's staff and clients are read as they were saved, or not at all."""

from pathlib import Path

import pytest

from gateway.auth.directory import CLIENTS_FILE, STAFF_FILE, Client, Directory, Staff

MEMBER = Staff(id="s-1", name="Ines Thorne", roles=("mappa-administrator",), agency="probation")
CLIENT = Client(id="desk", agency="probation", jwks={"keys": []}, systems=("delius",))


def test_a_directory_without_files_is_empty(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    assert directory.staff == []
    assert directory.clients == []


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    Directory(tmp_path).save([MEMBER], [CLIENT])
    again = Directory(tmp_path)
    assert again.member("s-1") == MEMBER
    assert again.client("desk") == CLIENT


def test_saving_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    directory.save([MEMBER], [CLIENT])
    directory.save([], [])
    assert directory.staff == Directory(tmp_path).staff == []
    assert {path.name for path in tmp_path.iterdir()} == {STAFF_FILE, CLIENTS_FILE}


def test_an_unknown_member_of_staff_is_not_echoed(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="lists them") as caught:
        Directory(tmp_path).member("someone-private")
    assert "someone-private" not in str(caught.value)


def test_an_unknown_client_is_none(tmp_path: Path) -> None:
    assert Directory(tmp_path).client("desk") is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "{}", "[1]", '[{"id": "private-1"}]', '[{"id": 77123, "roles": "private-1"}]'],
)
@pytest.mark.parametrize("name", [STAFF_FILE, CLIENTS_FILE])
def test_a_damaged_file_is_named_and_its_content_is_not(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="is not as expected") as caught:
        Directory(tmp_path)
    assert name in str(caught.value)
    assert "private-1" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_misspelt_field_is_refused(tmp_path: Path) -> None:
    text = '[{"id": "s", "name": "n", "roles": [], "agency": "a", "vettting": "SC"}]'
    (tmp_path / STAFF_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="is not as expected"):
        Directory(tmp_path)
