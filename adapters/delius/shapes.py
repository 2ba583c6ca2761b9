"""The shapes of Delius payloads that hold records, and what each gives.

Contacts, documents, whether a person exists, and what one user may see are not records: such
payloads fit no shape and go to quarantine.
"""

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.delius import access, mappa, person, registrations, team
from adapters.delius.naming import SYSTEM, identifiers
from adapters.json_adapter import JsonAdapter, Shape, apart, objects
from adapters.oasys.arns import answers as oasys_answers
from adapters.reading import Node
from adapters.stub_mappings import stub_mappings
from schemas.rosh import RiskScore, Rosh


def _search_row(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = identifiers(node["otherIds"], subject)
    records = [person.from_search(node, named)]
    if isinstance(node["offenderManagers"].value, list):
        rows = [team.offender_manager(row) for row in objects(node["offenderManagers"])]
        records.append(team.case_team(rows))
    records += mappa.registration(node["mappa"])
    records += access.from_flags(node)
    return [MappedPerson(named, records, node.cautions)]


def _search_page(node: Node, subject: Subject | None) -> list[MappedPerson]:
    rows = list(node["content"])
    about = subject if len(rows) == 1 else None
    read = [one for row in rows for one in _row(apart(row), about)]
    total = node.first("totalElements", "total")
    total = total if total else node["page"]["totalElements"]
    if isinstance(total.value, int) and total.value < len(rows):
        total.warn("contradiction")
    for one in read:
        one.cautions.extend(node.cautions)
    return read


def _row(node: Node, subject: Subject | None) -> list[MappedPerson]:
    if node.has("name"):
        ids = node["identifiers"] if node["identifiers"] else node["otherIds"]
        named = identifiers(ids, subject)
        return [MappedPerson(named, [person.from_summary(node, named)], node.cautions)]
    return _search_row(node, subject)


def _supervisions(node: Node, subject: Subject | None) -> list[MappedPerson]:
    records: list[MappedRecord] = []
    if manager := node["communityManager"]:
        records.append(team.case_team([team.community_manager(manager)]))
    records += mappa.registration(node["mappaDetail"])
    records += registrations.dynamic_risks(node["dynamicRisks"])
    return [MappedPerson(identifiers(node, subject), records, node.cautions)]


def _details(node: Node, subject: Subject | None) -> list[MappedPerson]:
    details = node["personalDetails"]
    named = identifiers(details["identifiers"], subject)
    records = [person.from_details(details, node["mainAddress"], named)]
    if manager := node["communityManager"]:
        records.append(team.case_team([team.community_manager(manager)]))
    records += mappa.registration(node["mappa"])
    records += registrations.rosh_history(node["roshHistory"])
    records += registrations.register_flags(node["registerFlags"])
    return [MappedPerson(named, records, node.cautions)]


def _risk_flags(node: Node, subject: Subject | None) -> list[MappedPerson]:
    summary = node["personSummary"]
    named = identifiers(summary, subject)
    records = [person.from_summary(summary, named)]
    records += mappa.registration(node["mappa"])
    records += registrations.risk_flags(node)
    return [MappedPerson(named, records, node.cautions)]


def _case_details(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = identifiers(node, subject)
    records = [person.from_summary(node, named)]
    if limited := node["limitedAccess"]:
        records += access.from_lists(limited)
    pairs = (("OGRS", node["ogrsScore"].number()), ("RSR", node["rsrScore"].number()))
    scores = [RiskScore(tool=tool, score=score) for tool, score in pairs if score is not None]
    if scores:
        records.append(MappedRecord(Rosh(scores=scores), "scores"))
    return [MappedPerson(named, records, node.cautions)]


def _access_limitations(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = identifiers(node, subject)
    return [MappedPerson(named, access.from_lists(node), node.cautions)]


def _addresses(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = identifiers(node, subject)
    records = [person.from_addresses(node["contactDetails"], named)]
    return [MappedPerson(named, records, node.cautions)]


def _identifiers(node: Node, subject: Subject | None) -> list[MappedPerson]:
    named = identifiers(node, subject)
    return [MappedPerson(named, [person.from_identifiers(named)], node.cautions)]


def _is_supervisions(node: Node) -> bool:
    return node.has("mappaDetail") or node.has("communityManager", "supervisions")


def _converts(node: Node) -> bool:
    return isinstance(node.value, dict) and node.value.keys() == {"crn", "nomsId"}


def _lists_users(node: Node) -> bool:
    return node.has("excludedFrom") or node.has("restrictedTo")


def _only_addresses(node: Node) -> bool:
    return node["contactDetails"].has("addresses") and not node.has("otherIds")


_ANSWERS = (
    Shape("supervisions", _is_supervisions, _supervisions),
    Shape("search-row", lambda n: n.has("otherIds") and not n.has("name"), _search_row),
    Shape("search-page", lambda n: isinstance(n["content"].value, list), _search_page),
    Shape("details", lambda n: n.has("personalDetails") and not n.has("contacts"), _details),
    Shape("risk-flags", lambda n: n.has("personSummary", "riskFlags"), _risk_flags),
    Shape("access-limitations", _lists_users, _access_limitations),
    Shape("addresses", _only_addresses, _addresses),
    Shape("case-details", lambda n: n.has("nomsId", "name", "dateOfBirth"), _case_details),
    Shape("identifiers", _converts, _identifiers),
)

ADAPTER = JsonAdapter(SYSTEM, (*_ANSWERS, stub_mappings((*_ANSWERS, *oasys_answers(SYSTEM)))))
