"""What each answer of Delius gives: the persons it names and the records about them."""

from collections.abc import Callable, Iterator, Sequence

from adapters.base import MappedPerson, MappedRecord, Subject
from adapters.delius import access, contacts, mappa, person, registrations, sentences, team
from adapters.delius.naming import identifiers, part
from adapters.json_adapter import apart, objects
from adapters.reading import Node
from schemas.rosh import RiskScore, Rosh

Reader = Callable[[Node], list[MappedRecord]]


def about(reader: Reader) -> Callable[[Node, Subject | None], list[MappedPerson]]:
    """An answer about one person, whom it names itself or the push does."""

    def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
        return [MappedPerson(identifiers(node, subject), reader(node), node.cautions)]

    return read


def search_row(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The whole person of the search and of the older interface."""
    named = identifiers(part(node["otherIds"]), subject)
    records = [person.from_search(node, named)]
    if isinstance(node["offenderManagers"].value, list):
        records.append(team.case_team(team.offender_managers(node["offenderManagers"])))
    records += mappa.registration(part(node["mappa"]))
    records += access.from_flags(node)
    return [MappedPerson(named, records, node.cautions)]


PAGES = ("content", "matches", "cases", "personAddresses", "results")
"""What the rows of an answer about several persons are called."""


def page(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Rows of several persons (or entries of their logs), each with cautions of its own."""
    rows = list(objects(node.first(*PAGES)))
    only = subject if len(rows) == 1 else None
    found = []
    for row in rows:
        named = [one for one in _row(apart(row), only) if one.identifiers]
        found += named
        if not named:
            row.warn("unmapped-body")
    return _with_totals(node, len(rows), found)


def _row(node: Node, subject: Subject | None) -> list[MappedPerson]:
    if node.has("offender"):
        return search_row(node["offender"], subject)
    if node.has("person", "address"):
        named = identifiers(part(node["person"]), subject)
        found = person.from_address(node["person"], part(node["address"]), named)
        return [MappedPerson(named, [found], node.cautions)]
    if node.has("name"):
        return summary_row(node, subject)
    return search_row(node, subject)


def summary_row(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Name and numbers only; the caseload adds who manages the person, and since when."""
    held = node["identifiers"] if node["identifiers"] else node["otherIds"]
    named = identifiers(part(held) if held else node, subject)
    records = [person.from_summary(node, named)]
    if (manager := node["manager"]) and (member := team.community_manager(manager)):
        since = member.model_copy(update={"start": node["allocationDate"].day()})
        records.append(team.case_team([since]))
    records += access.from_flags(node)
    return [MappedPerson(named, records, node.cautions)]


def case(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The case as approved premises ask for it: a summary, with MAPPA and the register beside."""
    [summary] = summary_row(part(node["case"]), subject)
    beside = [
        *mappa.registration(part(node["mappaDetail"])),
        *registrations.register(node["registrations"]),
    ]
    return [MappedPerson(summary.identifiers, [*summary.records, *beside], node.cautions)]


def _with_totals(node: Node, rows: int, found: list[MappedPerson]) -> list[MappedPerson]:
    """A total below the number of rows there are contradicts the page."""
    total = node.first("totalElements", "totalResults", "total")
    total = total if total else node["page"]["totalElements"]
    if isinstance(total.value, int) and total.value < rows:
        total.warn("contradiction")
    for one in found:
        one.cautions.extend(node.cautions)
    return found


def contact_page(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """A page of the contact log. Its rows may name their persons."""
    rows = node["content"] if node["content"] else node["results"]
    there = list(objects(rows))
    groups: dict[str, list[Node]] = {"": []} if not there else {}
    for row in there:
        groups.setdefault(str(row["crn"].value or ""), []).append(row)
    only = subject if len(groups) == 1 else None
    found = [_logged(some, only, rows.pointer) for some in groups.values()]
    return _with_totals(node, len(there), found)


def _logged(rows: Sequence[Node], subject: Subject | None, pointer: str) -> MappedPerson:
    mine = [apart(row) for row in rows]
    named = identifiers(mine[0], subject) if mine else identifiers(Node(None, pointer, []), subject)
    records = contacts.log(mine)
    return MappedPerson(named, records, [c for row in mine for c in row.cautions])


def supervisions(node: Node) -> list[MappedRecord]:
    """Manager, MAPPA and registrations; the sentences are only checked, no record holds them."""
    for supervision in objects(node["supervisions"]):
        sentences.check(supervision)
    return [
        *manager(node["communityManager"]),
        *mappa.registration(part(node["mappaDetail"])),
        *registrations.dynamic_risks(node["dynamicRisks"], node["personStatus"]),
    ]


def manager(node: Node) -> list[MappedRecord]:
    """The one who is responsible; where nobody is named, the team is left alone."""
    member = team.community_manager(part(node))
    return [team.case_team([member])] if member else []


def details(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Any view of the recall service or the overview of practitioners."""
    told = part(node["personalDetails"])
    named = identifiers(part(told["identifiers"]), subject)
    records = [
        person.from_details(told, part(node["mainAddress"]), named),
        *manager(node["communityManager"]),
        *mappa.registration(part(node["mappa"])),
        *registrations.rosh_history(node["roshHistory"]),
        *registrations.descriptions(node["registerFlags"]),
        *registrations.register(node["registrations"]),
        *sentences.custody(node),
    ]
    if node["contacts"]:
        records += contacts.log(objects(node["contacts"]))
    return [MappedPerson(named, records, node.cautions)]


def person_summary(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The views of practitioners that begin with a summary of the person."""
    summary = part(node["personSummary"])
    named = identifiers(summary, subject)
    records = [person.from_summary(summary, named), *mappa.registration(part(node["mappa"]))]
    if node["riskFlags"] or node["removedRiskFlags"]:
        records += registrations.risk_flags(node)
    if (flag := node["riskFlag"]) and (flags := registrations.risk_flag(flag)):
        records.append(MappedRecord(Rosh(flags=flags), f"risk-flag-{flag['id'].text()}"))
    if entries := list(_entries(node)):
        records += contacts.log(entries)
    if (conditions := node["sentence"]["licenceConditions"]).value not in (None, []):
        conditions.warn("unmapped-body")  # why: `sentences.custody`
    return [MappedPerson(named, records, node.cautions)]


LOGS = ("activities", "appointments")
SCHEDULE = "personSchedule"
ENTRIES = ("appointment", "contact")


def _entries(node: Node) -> Iterator[Node]:
    for holder in (node, node[SCHEDULE]):
        for key in LOGS:
            yield from objects(holder[key])
    yield from (node[key] for key in ENTRIES if isinstance(node[key].value, dict))


def case_view(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The personal details of practitioners, and who works on the case."""
    named = identifiers(node, subject)
    records = [person.from_case_view(node, named)]
    members = [team.staff_contact(row) for row in objects(node["staffContacts"])]
    if members:
        records.append(team.case_team(members, "staff-contacts"))
    return [MappedPerson(named, records, node.cautions)]


def case_details(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The view of effective proposals."""
    named = identifiers(node, subject)
    records = [person.from_summary(node, named), *sentences.expected_release(node["sentence"])]
    if limited := node["limitedAccess"]:
        records += access.from_lists(limited)
    return [MappedPerson(named, records + _scores(node), node.cautions)]


def tier(node: Node) -> list[MappedRecord]:
    """What the tiering service reads: registrations and scores."""
    return [*registrations.register(node["registrations"]), *_scores(node)]


def _scores(node: Node) -> list[MappedRecord]:
    pairs = (
        ("OGRS", node.first("ogrsScore", "ogrsscore")),
        ("RSR", node.first("rsrScore", "rsrscore")),
    )
    told = [(tool, place.number()) for tool, place in pairs]
    scores = [RiskScore(tool=tool, score=score) for tool, score in told if score is not None]
    return [MappedRecord(Rosh(scores=scores), "scores")] if scores else []


def managers(node: Node) -> list[MappedRecord]:
    """All managers of a person, in the community and in prison."""
    rows = node if isinstance(node.value, list) else Node([node.value], node.pointer, node.cautions)
    return [team.case_team(team.offender_managers(rows))]


def registered(node: Node) -> list[MappedRecord]:
    """A list of registrations without its wrapper, or one alone."""
    if isinstance(node.value, list):
        return registrations.register(node)
    return registrations.registration(node)


def address_list(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The address list, which names nobody."""
    named = identifiers(node, subject)
    rows = node["contactDetails"]["addresses"]
    return [MappedPerson(named, [person.from_addresses(rows, named)], node.cautions)]


def conversion(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """One number converted into another."""
    named = identifiers(node, subject)
    return [MappedPerson(named, [person.from_identifiers(named)], node.cautions)]
