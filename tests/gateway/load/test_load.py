"""What a load files, refuses, records and remembers, on either store."""

import asyncio
import io
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import text

from adapters.base import Adapter, parse_subject
from adapters.registry import ADAPTERS
from gateway.demo.payloads import delius_person, delius_supervision, visor_nominal
from gateway.demo.people import Character, characters
from gateway.ingest.push import Push
from gateway.keys import log_signer
from gateway.load.errors import LoadError
from gateway.load.filing import Conversion, Operator
from gateway.load.reader import Reader
from gateway.load.run import Task, run, sender
from gateway.services import opened
from gateway.settings import Settings
from gateway.store.loads import Key
from gateway.store.sqlite import FILE, StoreInUseError, exclusive
from tests.gateway.cluster import STORES, fresh
from tests.gateway.evidence import Evidence
from tests.gateway.identity.cases import merged, prisoner
from tests.gateway.load.test_stream import zipped

PEOPLE = list(islice(characters(450, date(2024, 6, 1)), 450))


class Newer:
    """The same adapter after its mapping was changed."""

    version = "3"

    def __init__(self, own: Adapter) -> None:
        self._own = own

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


@dataclass
class Desk:
    """Where an operator sits: a folder of files, a store, a screen."""

    folder: Path
    settings: Settings

    def load(self, name: str, raw: bytes | str, system: str = "delius", **options: Any) -> int:
        """Load a file of this content; the exit status."""
        path = self.folder / name
        if not path.exists():
            path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        self.screen = io.StringIO()
        task = Task(ADAPTERS[system], [path], "probation", "J-1", "old register", **options)
        return run(self.settings, task, Console(file=self.screen, width=200))

    @property
    def rejects(self) -> Path:
        (found,) = self.folder.glob("*.rejects.ndjson")
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the store holds."""
        with Evidence(self.settings.data_dir, self.settings.database_url).reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with fresh(request) as url:
        settings = Settings(data_dir=tmp_path / "data", database_url=url)
        if url:
            log_signer(settings.data_dir, settings.log_origin)
        yield Desk(tmp_path, settings)


def lines(
    people: list[Character], build: Callable[[Character], Mapping[str, Any]] = delius_person
) -> str:
    return "".join(json.dumps(build(one)) + "\n" for one in people)


def test_every_batch_is_filed_with_its_entry(desk: Desk) -> None:
    assert desk.load("register.ndjson", lines(PEOPLE)) == 0
    assert (desk.count("person"), desk.count("raw_payload")) == (450, 450)
    entries = [
        json.loads(row[0]) for row in desk.rows("SELECT sealed FROM audit_entry ORDER BY seq")
    ]
    assert [len(one["persons"]) for one in entries] == [200, 200, 50]
    assert {
        (e["operation"], e["agency"], e["staff"], e["justification"], e["purpose"], e["outcome"])
        for e in entries
    } == {("collection", "probation", "J-1", "old register", "system-update", "pushed")}
    assert {len(one["records"]) for one in entries} == {600, 150}
    assert "450  created" in desk.screen.getvalue()
    assert not list(desk.folder.glob("*.rejects.ndjson"))


def test_whom_a_source_has_merged_is_recorded_although_nothing_is_filed(desk: Desk) -> None:
    old, new = PEOPLE[0], replace(PEOPLE[1], born=PEOPLE[0].born)
    assert desk.load("prisoners.ndjson", lines([old, new], prisoner), "nomis") == 0
    assert desk.load("merges.ndjson", json.dumps(merged(new.noms, old.noms)), "nomis") == 0
    assert "1  updated" in desk.screen.getvalue()
    *_, (sealed,) = desk.rows("SELECT sealed FROM audit_entry ORDER BY seq")
    assert json.loads(sealed)["records"] == []
    assert desk.rows("SELECT entry FROM identity_decision") == [(json.loads(sealed)["id"],)]
    known = {row[0] for row in desk.rows("SELECT id FROM person WHERE survivor IS NOT NULL")}
    assert set(json.loads(sealed)["persons"]) == known
    assert len(known) == 2


def test_what_is_refused_can_be_mended_and_loaded(desk: Desk) -> None:
    broken = json.dumps(delius_person(PEOPLE[1]))[:-1]
    body = lines(PEOPLE[:1]) + broken + "\n" + lines(PEOPLE[2:4])
    assert desk.load("register.ndjson", body) == 1
    assert stat.S_IMODE(desk.rejects.stat().st_mode) == 0o600
    (line,) = desk.rejects.read_text().splitlines()
    refused = json.loads(line)
    assert refused["rejected"]["payload"] == 2
    assert refused["rejected"]["code"] == "not-json"
    assert refused["text"] == broken
    assert desk.count("quarantine WHERE released_at IS NULL") == 1
    mended = json.dumps(refused | {"text": broken + "}"})
    assert desk.load("mended.ndjson", mended) == 0
    assert desk.count("person") == 4
    assert desk.count("quarantine WHERE released_at IS NULL") == 0


def test_a_file_is_loaded_once_unless_asked_again(desk: Desk) -> None:
    body = lines(PEOPLE[:3])
    assert desk.load("register.ndjson", body) == 0
    assert desk.load("the same under another name.ndjson", body) == 0
    assert "was loaded at" in desk.screen.getvalue()
    assert desk.count("audit_entry") == 1
    assert desk.load("register.ndjson", body, again=True) == 0
    assert "3  unchanged" in desk.screen.getvalue()
    assert desk.count("record_version") == 9
    assert desk.load("register.ndjson", body, subject=parse_subject("crn:X500000")) == 1


def test_a_trial_says_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    body = lines(PEOPLE[:300]) + "{broken\n"
    there = desk.settings.data_dir / FILE
    if not desk.settings.database_url:
        assert desk.load("register.ndjson", body, trial=True) == 1
        assert not there.exists()
    assert desk.load("some.ndjson", lines(PEOPLE[:100])) == 0
    before = there.read_bytes() if there.exists() else b""
    assert desk.load("register.ndjson", body, trial=True) == 1
    shown = desk.screen.getvalue()
    assert all(
        words in shown for words in ("200  created", "100  unchanged", "1  refused not-json")
    )
    assert (desk.count("person"), desk.count("audit_entry")) == (100, 1)
    assert desk.count("loaded_file") == 1
    assert before == (there.read_bytes() if there.exists() else b"")
    assert not list(desk.folder.glob("*.rejects.ndjson"))


def test_what_comes_before_a_fault_is_filed(desk: Desk) -> None:
    body = json.dumps([delius_person(one) for one in PEOPLE[:250]])[:-1]
    with pytest.raises(LoadError, match="not well-formed JSON"):
        desk.load("register.json", body)
    assert desk.count("person") == 250
    assert desk.rows("SELECT position, finished_at FROM loaded_file") == [(250, None)]
    assert desk.load("mended.json", body + "]") == 0
    assert desk.count("record_version") == 750


def test_another_version_of_the_adapter_does_not_go_on_but_begins_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps([delius_person(one) for one in PEOPLE[:3]])[:-1]
    with pytest.raises(LoadError, match="not well-formed JSON"):
        desk.load("register.json", body)
    monkeypatch.setitem(ADAPTERS, "delius", Newer(ADAPTERS["delius"]))
    with pytest.raises(LoadError, match="version 2 of the adapter began this file, and this is 3"):
        desk.load("register.json", body)
    with pytest.raises(LoadError, match="not well-formed JSON"):
        desk.load("register.json", body, again=True)
    assert desk.rows("SELECT position, version FROM loaded_file") == [(3, "3")]
    assert desk.count("person") == 3


def test_a_bad_member_of_a_zip_file_does_not_keep_the_others_out(desk: Desk) -> None:
    whole = json.dumps([delius_person(one) for one in PEOPLE[:2]]).encode()
    members = (
        ("a.json", whole[:-1]),
        ("b.zip", zipped(("x.json", b"[1]"))),
        ("c.ndjson", lines(PEOPLE[2:4]).encode()),
    )
    assert desk.load("all.zip", zipped(*members)) == 1
    assert desk.count("person") == 4
    first, second = map(json.loads, desk.rejects.read_text().splitlines())
    assert [one["rejected"]["member"] for one in (first, second)] == [1, 2]
    assert "member 1 of the zip file: it is not well-formed JSON" in first["rejected"]["detail"]
    assert desk.load("mended.ndjson", json.dumps(first | {"text": first["text"] + "]"})) == 0
    assert "2  unchanged" in desk.screen.getvalue()
    assert desk.count("quarantine WHERE released_at IS NULL") == 1


def test_registrations_come_with_their_subjects_and_nominals_as_xml(desk: Desk) -> None:
    people = PEOPLE[:5]
    assert desk.load("register.ndjson", lines(people)) == 0
    registrations = json.dumps([delius_supervision(one) for one in people], indent=2)
    assert desk.load("registrations.json", registrations) == 0
    nominals = "".join(map(visor_nominal, people))
    body = f'<nominals xmlns="urn:mappa-gateway:visor:1">{nominals}</nominals>'
    desk.settings = replace(desk.settings, max_body=len(body) - 1)
    assert desk.load("nominals.xml", body, "visor") == 0
    assert desk.count("person") == 5
    systems = desk.rows("SELECT system, count(*) FROM record_version GROUP BY system ORDER BY 1")
    assert systems == [("delius", 25), ("visor", 20)]


def test_a_row_that_is_refused_can_be_mended_and_loaded(desk: Desk) -> None:
    header = "CRN,Agency,Assessment date,Overall level\n"
    row = "X72000{},police,2026-02-20,Medium{}\n"
    body = header + row.format(1, "") + row.format(2, ",astray") + row.format(3, "")
    assert desk.load("scores.csv", body, "arms") == 1
    (refused,) = map(json.loads, desk.rejects.read_text().splitlines())
    assert (refused["rejected"]["code"], refused["rejected"]["pointer"]) == (
        "ragged-row", "/row/3/column/5",
    )  # fmt: skip
    assert refused["text"] == header + row.format(2, ",astray")
    mended = refused | {"text": refused["text"].replace(",astray", "")}
    assert desk.load("mended.ndjson", json.dumps(mended), "arms") == 0
    assert (desk.count("person"), desk.count("record_version")) == (3, 3)
    assert desk.count("quarantine WHERE released_at IS NULL") == 0


def test_two_that_load_the_same_do_it_once_and_the_slower_one_is_told(desk: Desk) -> None:
    path = desk.folder / "register.ndjson"
    path.write_text("{broken 1\n{broken 2\n{broken 3\n")
    push = Push(ADAPTERS["delius"], "x", b"")
    operator = Operator("probation", "J-1", "old register", "")

    async def both() -> bytes:
        async with opened(desk.settings) as services:
            with Reader(path, push, 10) as reader:
                key = Key(reader.digest(), "delius", "")
                first, second = reader.next_batch(), reader.next_batch()
            assert first
            assert second
            one, other = (Conversion(services.store, push, key, operator) for _ in range(2))
            for each in (one, other):
                await each.begin(desk.folder / "register.rejects.ndjson", again=False)
            await one.file(first)
            await one.file(second)
            refused = desk.rejects.read_bytes()
            with pytest.raises(LoadError, match="another process"):
                await other.file(first)
            return refused

    assert asyncio.run(both()) == desk.rejects.read_bytes()
    assert (desk.count("quarantine"), desk.count("audit_entry")) == (3, 2)


def test_a_rejects_file_that_is_there_is_not_written_over(desk: Desk) -> None:
    assert desk.load("register.ndjson", lines(PEOPLE[:1])) == 0
    assert desk.load("longer.ndjson", lines(PEOPLE[:2])) == 0
    rejects = desk.folder / "longer.ndjson.rejects.ndjson"
    rejects.write_text("somebody's work")
    with pytest.raises(LoadError, match="move it away"):
        desk.load("longer.ndjson", "", again=True)
    assert rejects.read_text() == "somebody's work"


def test_a_store_that_is_served_is_left_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Settings(data_dir=tmp_path / "data"))
    with exclusive(desk.settings.data_dir), pytest.raises(StoreInUseError, match="stop it"):
        desk.load("register.ndjson", lines(PEOPLE[:1]))
    assert not (desk.settings.data_dir / FILE).exists()


def test_a_file_that_changes_while_it_is_read_is_not_read_on(tmp_path: Path) -> None:
    path = tmp_path / "register.ndjson"
    path.write_text(lines(PEOPLE))
    with Reader(path, Push(ADAPTERS["delius"], "x", b""), 1 << 20) as reader:
        assert reader.next_batch()
        with path.open("a") as file:
            file.write("{}\n")
        with pytest.raises(LoadError, match="was changed"):
            reader.next_batch()


def test_a_batch_is_no_larger_than_a_push(tmp_path: Path) -> None:
    path = tmp_path / "register.ndjson"
    path.write_text(lines(PEOPLE[:10]))
    with Reader(path, Push(ADAPTERS["delius"], "x", b""), 1500) as reader:
        sizes = []
        while batch := reader.next_batch():
            sizes.append(len(batch.payloads))
    assert sum(sizes) == 10
    assert max(sizes) == 3


@pytest.mark.parametrize(
    ("system", "stated", "agency"),
    [("visor", "", "police"), ("oasys", "", "probation"), ("oasys", "prison", "prison")],
)
def test_whose_records_they_are(system: str, stated: str, agency: str) -> None:
    assert sender(system, stated) == agency


@pytest.mark.parametrize(("system", "stated"), [("arms", ""), ("visor", "the police")])
def test_whose_records_they_are_must_be_known(system: str, stated: str) -> None:
    with pytest.raises(LoadError, match="--agency"):
        sender(system, stated)
