"""Asking the policies: permission, filter, redaction. A decision depends on its attributes alone.

A person with two roles acts in one of them at a time: each role is asked by itself, all three
levels of it, and what they allow is added up. Otherwise one role's view of *which people* would
combine with another's view of *which sections*. Limits depend on no role and always win.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import cedarpy

from policies.actions import Action, Service
from policies.attributes import DEFAULT_DENY, DENIED, Asker, Link, Release, Verdict
from policies.loading import RELEASE, SEE, PolicyError, PolicyFiles, load
from policies.purposes import Purpose
from schemas import RECORDS
from schemas.base import sections_of
from schemas.kinds import Kind

__all__ = ["Asker", "Engine", "Link", "PolicyError", "Release", "Verdict"]

REMEMBERED = 8192
"""Decisions kept of each sort. Attributes take few values, so this is rarely reached."""

FAILED = Verdict(allowed=False, rules=("policy-evaluation-failed",))
"""Cedar skips a policy that fails; a limit that is skipped would let through. So all is denied."""

_PURPOSES = frozenset(Purpose)
_TYPES = {str(kind): "Kind" for kind in Kind} | {str(service): "Service" for service in Service}
_ACTIONS = frozenset(Action)
_SECTIONS = {kind: tuple(sections_of(model)) for kind, model in RECORDS.items()}
Attributes = dict[str, Any]


class Engine:
    """The policies of one version, loaded and checked; safe to share between threads.

    Everything it remembers is keyed by the attributes handed in. Nothing about a person is kept.
    """

    def __init__(self, files: PolicyFiles) -> None:
        self.version, self.roles, self.systems = files.version, files.roles, files.systems
        self._policies, self._order = files.policies, files.order
        self._permitted: Callable[..., Verdict] = lru_cache(REMEMBERED)(self._permission)
        self._seen: Callable[..., Verdict] = lru_cache(REMEMBERED)(self._visible)
        self._released: Callable[..., Release] = lru_cache(REMEMBERED)(self._release)

    @classmethod
    def load(cls, directory: Path | None = None) -> "Engine":
        """The policies in `directory` (default: this room's). Raises `PolicyError`."""
        return cls(load(directory))

    def permission(
        self,
        asker: Asker,
        action: str,
        kind: str,
        purpose: str | None,
        system: str | None = None,
    ) -> Verdict:
        """May this role do this with this kind of record, or service, for this purpose? For an
        export, `kind` is the system whose form it is."""
        return self._permitted(asker, action, kind, purpose, system)

    def visible(self, asker: Asker, purpose: str | None, link: Link) -> Verdict:
        """May this role see the person it is linked to so, for this purpose?"""
        return self._seen(asker, purpose, link)

    def release(self, asker: Asker, kind: Kind, purpose: str | None, link: Link) -> Release:
        """Which sections may leave. None do where the role may not read or not see the person."""
        return self._released(asker, kind, purpose, link)

    def _permission(
        self, asker: Asker, action: str, kind: str, purpose: str | None, system: str | None
    ) -> Verdict:
        types = dict.fromkeys(self.systems, "System") if action == Action.EXPORT else _TYPES
        if purpose not in _PURPOSES or action not in _ACTIONS or kind not in types:
            return DENIED
        context = {"purpose": _entity("Purpose", purpose)}
        if system is not None:
            context["system"] = system  # type: ignore[assignment]
        resource = _uid(types[kind], kind)
        return _added_up(
            self._ask(asker, role, action, [resource], context)[0] for role in self._held(asker)
        )

    def _visible(self, asker: Asker, purpose: str | None, link: Link) -> Verdict:
        if purpose not in _PURPOSES:
            return DENIED
        context = {"purpose": _entity("Purpose", purpose)}
        person = [_uid("Person", "subject")]
        return _added_up(
            self._ask(asker, role, SEE, person, context, link)[0] for role in self._held(asker)
        )

    def _release(self, asker: Asker, kind: Kind, purpose: str | None, link: Link) -> Release:
        answers = [
            self._sections(Asker((role,), asker.agency, asker.vetting), role, kind, purpose, link)
            for role in self._held(asker)
        ]
        names = _SECTIONS[kind]
        verdicts = {n: _added_up(a[i] for a in answers) for i, n in enumerate(names)}
        rules = {rule: None for v in verdicts.values() if v.allowed for rule in v.rules}
        return Release(
            released=frozenset(name for name, verdict in verdicts.items() if verdict.allowed),
            withheld=tuple(
                (name, verdict.rules[0] if verdict.rules else DEFAULT_DENY)
                for name, verdict in verdicts.items()
                if not verdict.allowed
            ),
            rules=tuple(rules),
        )

    def _sections(
        self, asker: Asker, role: str, kind: Kind, purpose: str | None, link: Link
    ) -> list[Verdict]:
        """All three levels for one role: a verdict for each section of the kind."""
        for verdict in (
            self.permission(asker, Action.READ, kind, purpose),
            self.visible(asker, purpose, link),
        ):
            if not verdict.allowed:
                return [verdict] * len(_SECTIONS[kind])
        context = {
            "purpose": _entity("Purpose", str(purpose)),
            "kind": _entity("Kind", kind),
            "person": _entity("Person", "subject"),
        }
        sections = [_uid("Section", f"{kind}/{name}") for name in _SECTIONS[kind]]
        return self._ask(asker, role, RELEASE, sections, context, link)

    def _held(self, asker: Asker) -> list[str]:
        """The asker's roles that policies know, without repeats."""
        return [role for role in dict.fromkeys(asker.roles) if role in self.roles]

    def _ask(
        self,
        asker: Asker,
        role: str,
        action: str,
        resources: Sequence[Attributes],
        context: Attributes,
        link: Link | None = None,
    ) -> list[Verdict]:
        entities = [_staff(asker, role)] + ([_person(link)] if link else [])
        frame = {"principal": _uid("Staff", "asker"), "action": _uid("Action", action)}
        requests = [frame | {"resource": r, "context": context} for r in resources]
        results = cedarpy.is_authorized_batch(requests, self._policies, entities)
        return [self._verdict(result) for result in results]

    def _verdict(self, result: cedarpy.AuthzResult) -> Verdict:
        told = result.diagnostics
        if told.errors or result.decision is cedarpy.Decision.NoDecision:
            return FAILED
        names = sorted(told.id_annotations_by_reason.values(), key=self._order.__getitem__)
        return Verdict(result.allowed, tuple(names))


def _added_up(verdicts: Iterable[Verdict]) -> Verdict:
    """What several roles may do together. A limit met in one holds for all."""
    asked = list(verdicts)
    deciding = [v for v in asked if v.limited] or [v for v in asked if v.allowed]
    if not deciding:
        return DENIED
    rules = dict.fromkeys(rule for verdict in deciding for rule in verdict.rules)
    return Verdict(deciding[0].allowed, tuple(rules))


def _uid(type_: str, id_: str) -> Attributes:
    return {"type": type_, "id": str(id_)}


def _entity(type_: str, id_: str) -> Attributes:
    return {"__entity": _uid(type_, id_)}


def _staff(asker: Asker, role: str) -> Attributes:
    attributes: Attributes = {
        "agency": _entity("Agency", asker.agency),
        "systems": list(asker.systems),
    }
    if asker.vetting is not None:
        attributes["vetting"] = asker.vetting
    return {"uid": _uid("Staff", "asker"), "attrs": attributes, "parents": [_uid("Role", role)]}


def _person(link: Link) -> Attributes:
    attributes: Attributes = {
        "assigned": link.assigned,
        "area": link.area,
        "holding": link.holding,
        "limited": _entity("Access", link.limited),
    }
    if link.category is not None:
        attributes["category"] = link.category
    if link.level is not None:
        attributes["level"] = link.level
    return {"uid": _uid("Person", "subject"), "attrs": attributes, "parents": []}
