"""Reading the policy files once, and refusing any that are not sound.

Cedar's validator finds misspelt names and wrong types. What is checked here besides: that the
house and the policies speak of the same things, that each role file gives rights to its own role
only, and that limits hold for everybody.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cedarpy

from policies.actions import Action, Service
from policies.purposes import Purpose
from schemas import RECORDS
from schemas.base import sections_of
from schemas.kinds import Agency, Kind

HERE = Path(__file__).parent
SEE, RELEASE = "see", "release"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ENUM = re.compile(r"entity (\w+) enum \[(.*?)\];", re.DOTALL)
_ACTION = re.compile(r'^action "([^"]+)"', re.MULTILINE)
_NAME = re.compile(r'"([^"]+)"')


class PolicyError(Exception):
    """A policy file is missing, unreadable or unsound. The message says which."""


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """A sound set of policies. `order` ranks policy ids as they stand in the files; `systems` are
    those whose forms they speak of."""

    policies: cedarpy.PolicySet
    order: dict[str, int]
    roles: tuple[str, ...]
    systems: tuple[str, ...]
    version: str


def load(directory: Path | None = None) -> PolicyFiles:
    """Read and check every policy file. Raises `PolicyError` on any problem."""
    root = directory or HERE
    text = _read(root / "gateway.cedarschema")
    try:
        schema = cedarpy.Schema.from_str(text)
    except ValueError as error:
        raise PolicyError(f"gateway.cedarschema: {error}") from error
    roles, systems = _check_names(str(schema))
    limits, files = root / "limits.cedar", sorted((root / "roles").glob("*.cedar"))
    if {file.stem for file in files} != set(roles):
        raise PolicyError(
            "roles/: there must be one file for each role of the schema, and no other"
        )
    texts = {limits: _read(limits)} | {file: _read(file) for file in files}
    order: dict[str, int] = {}
    for file, content in texts.items():
        for name in _policy_ids(file, content, role=None if file is limits else file.stem):
            if order.setdefault(name, len(order)) != len(order) - 1:
                raise PolicyError(f"{file.name}: the id {name} is used twice")
        found = cedarpy.validate_policies(content, schema)
        if not found.validation_passed:
            raise PolicyError(f"{file.name}: " + "; ".join(e.error for e in found.errors))
    policies = cedarpy.PolicySet.from_str("\n".join(texts.values()))
    version = _digest(root, {root / "gateway.cedarschema": text} | texts)
    return PolicyFiles(policies, order, roles, systems, version)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file.name} cannot be read") from error


def _check_names(schema: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The schema must list exactly what the house knows; returns the roles and the systems with
    forms, which only it lists."""
    declared = {name: _NAME.findall(values) for name, values in _ENUM.findall(schema)}
    sections = [f"{kind}/{name}" for kind, model in RECORDS.items() for name in sections_of(model)]
    known: dict[str, list[str]] = {
        "Agency": list(Agency),
        "Purpose": list(Purpose),
        "Kind": list(Kind),
        "Service": list(Service),
        "Access": ["open", "named", "barred"],
        "Section": sections,
    }
    for name, values in known.items():
        if differing := set(declared.get(name, [])) ^ set(values):
            raise PolicyError(f"gateway.cedarschema: {name} differs in {sorted(differing)}")
    if set(_ACTION.findall(schema)) != {*Action, SEE, RELEASE}:
        raise PolicyError("gateway.cedarschema: the actions are not those of the gateway")
    return tuple(declared.get("Role", ())), tuple(declared.get("System", ()))


def _policy_ids(file: Path, content: str, role: str | None) -> Iterator[str]:
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(content))
    except ValueError as error:
        raise PolicyError(f"{file.name}: {error}") from error
    if parsed["templates"]:
        raise PolicyError(f"{file.name}: templates are not used here")
    ranked = sorted(
        parsed["staticPolicies"].items(), key=lambda item: int(item[0][len("policy") :])
    )
    for _, policy in ranked:
        name = policy.get("annotations", {}).get("id") or ""
        if not _ID.fullmatch(name):
            raise PolicyError(f"{file.name}: every policy needs an @id in kebab-case")
        if not _in_its_place(policy, role):
            place = f"permits for {role}" if role else "limits that hold for every role"
            raise PolicyError(f"{file.name}: {name} does not belong here; only {place} do")
        yield name


def _in_its_place(policy: dict[str, Any], role: str | None) -> bool:
    """A role's file permits to that role alone; a limit depends on no role.

    The engine relies on the latter: it asks for one role at a time, and a limit must then hold
    whichever role is asked for.
    """
    scope = policy["principal"]
    if role is None:
        return bool(policy["effect"] == "forbid" and '"Role"' not in json.dumps(policy))
    named = {"op": "in", "entity": {"type": "Role", "id": role}}
    return bool(policy["effect"] == "permit" and scope == named)


def _digest(root: Path, texts: dict[Path, str]) -> str:
    digest = hashlib.sha256()
    for file in sorted(texts):
        content = texts[file].encode()
        digest.update(f"{file.relative_to(root).as_posix()}\n{len(content)}\n".encode() + content)
    return f"sha256:{digest.hexdigest()}"
