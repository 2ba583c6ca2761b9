"""The same rules again in plain Python, written from the rules and not from the Cedar files.

What the policies must answer, by tables and set arithmetic; nothing here asks Cedar.
"""

from dataclasses import dataclass, field

from policies.engine import Asker, Link
from schemas import RECORDS
from schemas.base import sections_of
from schemas.kinds import Kind

CASE = frozenset(
    set(Kind) - {Kind.VICTIM_CONTACT, Kind.LIMITED_ACCESS, Kind.CONTACTS, Kind.RESIDENCE}
)
ALL_IN_ORDER = {kind: sections_of(model) for kind, model in RECORDS.items()}
ALL = {kind: frozenset(sections) for kind, sections in ALL_IN_ORDER.items()}
ZONE_PLACE = frozenset({"zone-data", "zone-geometry"})
LICENCES = (Kind.LICENCE, Kind.LICENCE_CONDITIONS)
PLACES = ZONE_PLACE | {
    "appointment",
    "curfew",
    "additional-condition-data",
    "no-contact-condition-data",
}
OFFICERS = {"mappa-management", "licence-supervision", "safeguarding"}


@dataclass(frozen=True)
class Rules:
    """What one role may do: from where, for what, to whom, and what it is not shown."""

    agencies: frozenset[str] | None
    purposes: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    search: bool = True
    everybody: bool = False
    forms: frozenset[str] = frozenset()
    hidden: dict[Kind, frozenset[str]] = field(default_factory=dict)
    shown: dict[Kind, frozenset[str]] = field(default_factory=dict)

    def sections(self, kind: Kind) -> frozenset[str]:
        return self.shown.get(kind, ALL[kind] - self.hidden.get(kind, frozenset()))


ROLES = {
    "probation-practitioner": Rules(
        frozenset({"probation"}),
        frozenset(OFFICERS | {"recall"}),
        frozenset({"assigned", "area"}),
        CASE | {Kind.VICTIM_CONTACT, Kind.CONTACTS, Kind.RESIDENCE},
        shown={Kind.VICTIM_CONTACT: frozenset({"vlo", "requests"})},
        forms=frozenset({"delius", "oasys", "cvl", "arms", "rm2000", "approved_premises", "mappa"}),
    ),
    "mosovo-offender-manager": Rules(
        frozenset({"police"}),
        frozenset(OFFICERS),
        frozenset({"assigned", "area"}),
        CASE | {Kind.CONTACTS, Kind.RESIDENCE},
        hidden={
            Kind.ROSH: frozenset({"self-harm", "victims"}),
            Kind.CONTACTS: frozenset({"other-contacts"}),
            Kind.RESIDENCE: frozenset({"notes"}),
        },
        forms=frozenset({"visor", "arms", "rm2000", "mappa"}),
    ),
    "prison-offender-manager": Rules(
        frozenset({"prison"}),
        frozenset({"mappa-management", "custody-management"}),
        frozenset({"assigned", "holding"}),
        CASE | {Kind.RESIDENCE},
        hidden={
            Kind.ROSH: frozenset({"victims"}),
            Kind.RESIDENCE: frozenset({"notes"}),
            **dict.fromkeys(LICENCES, ZONE_PLACE),
        },
        forms=frozenset({"nomis", "oasys", "cvl", "mappa"}),
    ),
    "victim-liaison-officer": Rules(
        frozenset({"victim-liaison", "probation"}),
        frozenset({"victim-contact"}),
        frozenset({"assigned"}),
        frozenset({Kind.VICTIM_CONTACT, Kind.LICENCE_CONDITIONS, Kind.MINUTES}),
        search=False,
        shown={
            Kind.MINUTES: frozenset({"executive-summary"}),
            Kind.LICENCE_CONDITIONS: frozenset(
                {"no-contact-conditions", "no-contact-condition-data", "zone-existence"}
            ),
        },
        forms=frozenset({"vcms", "mappa"}),
    ),
    "mappa-administrator": Rules(
        frozenset({"mappa", "police", "prison", "probation"}),
        frozenset({"mappa-management", "referral"}),
        frozenset({"area"}),
        CASE,
        hidden={
            Kind.PERSON: frozenset({"contact"}),
            Kind.ROSH: frozenset({"self-harm", "victims"}),
            **dict.fromkeys(LICENCES, PLACES),
        },
        forms=frozenset({"mappa"}),
    ),
    "identity-steward": Rules(
        frozenset({"mappa", "police", "prison", "probation"}),
        frozenset({"data-protection"}),
        kinds=frozenset({Kind.PERSON}),
        search=False,
        everybody=True,
        shown={Kind.PERSON: frozenset({"identity", "identifiers", "addresses"})},
    ),
    "auditor": Rules(None, search=False),
    "case-system": Rules(None, search=False),
}


def permitted(
    role: str, asker: Asker, action: str, kind: str, purpose: str | None, system: str | None
) -> bool:
    rules = ROLES[role]
    if purpose is None or (rules.agencies is not None and asker.agency not in rules.agencies):
        return False
    match action, kind:
        case "read", _:
            return kind in rules.kinds and purpose in rules.purposes
        case "search", "persons":
            return rules.search and purpose in rules.purposes
        case "export", _:
            cleared = kind != "visor" or asker.vetting in {"NPPV3", "MV"}
            return kind in rules.forms and cleared and purpose in rules.purposes
        case "read-audit", "audit-entries":
            return role == "auditor" and purpose in {"audit", "data-protection", "inspection"}
        case (("list" | "replay"), "quarantine"):
            own = bool(asker.systems) and (system is None or system in asker.systems)
            trusted = role == "mappa-administrator" or (role == "case-system" and own)
            return trusted and purpose == "system-update"
        case (("list" | "decide"), "identity-reviews"):
            return (role, purpose) in {
                ("mappa-administrator", "mappa-management"),
                ("identity-steward", "data-protection"),
            }
        case "push", "ingest":
            own = system in asker.systems
            return role == "case-system" and own and purpose == "system-update"
        case _:
            return False


def sees(role: str, asker: Asker, purpose: str | None, link: Link) -> bool:
    rules = ROLES[role]
    linked = {name for name in ("assigned", "area", "holding") if getattr(link, name)}
    return (
        link.limited != "barred"
        and (rules.agencies is None or asker.agency in rules.agencies)
        and purpose in rules.purposes
        and (rules.everybody or bool(rules.links & linked))
    )


def released(
    role: str, asker: Asker, kind: Kind, purpose: str | None, link: Link
) -> frozenset[str]:
    reads = permitted(role, asker, "read", kind, purpose, None)
    if not reads or not sees(role, asker, purpose, link):
        return frozenset()
    sections = ROLES[role].sections(kind)
    if kind in LICENCES and asker.agency == "prison":
        sections -= ZONE_PLACE
    return sections
