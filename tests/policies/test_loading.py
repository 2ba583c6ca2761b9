"""A policy file that is missing or unsound stops the gateway from starting."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import cedarpy
import pytest

from policies.actions import Action, Service
from policies.engine import Engine, PolicyError
from policies.loading import HERE
from policies.purposes import Purpose
from schemas import RECORDS
from schemas.base import sections_of
from schemas.kinds import Agency, Kind

ROLES = {
    "probation-practitioner",
    "mosovo-offender-manager",
    "prison-offender-manager",
    "victim-liaison-officer",
    "mappa-administrator",
    "auditor",
    "identity-steward",
    "case-system",
}
FILES = [HERE / "limits.cedar", *sorted((HERE / "roles").glob("*.cedar"))]
POLICY = 'permit (principal in Role::"auditor", action == Action::"see", resource);'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "policies"
    shutil.copytree(HERE, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


def change(root: Path, name: str, edit: Callable[[str], str]) -> None:
    file = root / name
    file.write_text(edit(file.read_text()))


def test_there_is_one_file_for_each_role(engine: Engine) -> None:
    assert set(engine.roles) == {file.stem for file in FILES[1:]} == ROLES


def test_the_schema_lists_what_the_house_knows() -> None:
    text = (HERE / "gateway.cedarschema").read_text()
    listed = {
        name: re.findall(r'"([^"]+)"', body)
        for name, body in re.findall(r"entity (\w+) enum \[([^\]]*)\]", text)
    }
    assert listed["Section"] == [
        f"{kind}/{section}" for kind, model in RECORDS.items() for section in sections_of(model)
    ]
    assert listed["Kind"] == list(Kind)
    assert listed["Purpose"] == list(Purpose)
    assert listed["Agency"] == list(Agency)
    assert listed["Service"] == list(Service)
    assert set(re.findall(r'"([a-z-]+)"(?=,| appliesTo)', text)) >= set(Action)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_policy_says_why_and_lines_are_short(file: Path) -> None:
    lines = file.read_text().splitlines()
    ids = [number for number, line in enumerate(lines) if line.startswith("@id(")]
    assert len(ids) == len(
        json.loads(cedarpy.policies_to_json_str(file.read_text()))["staticPolicies"]
    )
    assert all(lines[number - 1].startswith("// ") for number in ids)
    assert max(map(len, lines)) <= 100


def test_the_version_is_a_digest_of_every_file(engine: Engine, copy: Path) -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", engine.version)
    assert Engine.load(copy).version == engine.version
    for name in ("gateway.cedarschema", "limits.cedar", "roles/auditor.cedar"):
        change(copy, name, lambda text: text + "// a remark\n")
        changed = Engine.load(copy).version
        assert changed != engine.version
        change(copy, name, lambda text: text.removesuffix("// a remark\n"))
    assert Engine.load(copy).version == engine.version


@pytest.mark.parametrize(
    "name", ["gateway.cedarschema", "limits.cedar", *(f"roles/{role}.cedar" for role in ROLES)]
)
def test_a_missing_file(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(PolicyError):
        Engine.load(copy)


def test_a_file_for_a_role_that_does_not_exist(copy: Path) -> None:
    (copy / "roles" / "chief.cedar").write_text("")
    with pytest.raises(PolicyError, match="one file for each role"):
        Engine.load(copy)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("limits.cedar", "forbid (", "forbit (", "limits.cedar"),
        ("limits.cedar", "resource.limited", "resource.limits", "limits"),
        ("limits.cedar", 'Purpose::"victim-contact"', 'Purpose::"victim"', "enumerated"),
        ("roles/auditor.cedar", "audit-entries", "audit-entry", "enumerated"),
        ("roles/auditor.cedar", 'Role::"auditor"', 'Role::"case-system"', "does not belong"),
        ("roles/auditor.cedar", "permit (", "forbid (", "does not belong"),
        ("roles/auditor.cedar", 'principal in Role::"auditor"', "principal", "does not belong"),
        ("limits.cedar", "forbid (principal,", 'forbid (principal in Role::"auditor",', "belong"),
        ("roles/auditor.cedar", '@id("auditor-reads-the-log")', "", "kebab-case"),
        ("roles/auditor.cedar", '@id("auditor-reads-the-log")', '@id("Reads Log")', "kebab-case"),
        ("roles/auditor.cedar", "auditor-reads-the-log", "prison-person", "used twice"),
        ("roles/auditor.cedar", 'in Role::"auditor"', "in ?principal", "templates"),
        ("gateway.cedarschema", "entity Role enum", "entity Role enom", "gateway.cedarschema"),
        ("gateway.cedarschema", '"rosh/levels",', "", "Section differs"),
        ("gateway.cedarschema", '"person/identity",', '"person/identity", "person/x",', "person/x"),
        ("gateway.cedarschema", '"other"', '"another"', "Agency differs"),
        ("gateway.cedarschema", '"emergency"', '"urgency"', "Purpose differs"),
        ("gateway.cedarschema", 'action "read"', 'action "read", "erase"', "actions"),
    ],
)  # fmt: skip
def test_an_unsound_file(copy: Path, name: str, old: str, new: str, says: str) -> None:
    assert old in (copy / name).read_text()
    change(copy, name, lambda text: text.replace(old, new))
    with pytest.raises(PolicyError, match=says):
        Engine.load(copy)


def test_a_file_that_is_not_text(copy: Path) -> None:
    (copy / "limits.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"limits\.cedar cannot be read"):
        Engine.load(copy)
