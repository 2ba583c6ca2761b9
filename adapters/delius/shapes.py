"""The shapes of Delius payloads, told apart by their field names, and the adapter."""

from dataclasses import dataclass

from adapters.base import AdapterError, Item
from adapters.delius import access, answers, contacts, events, mappa, registrations, sentences
from adapters.delius.mapping import LINES
from adapters.delius.naming import FIELDS, SYSTEM
from adapters.delius.refusals import REFUSED, REFUSED_LAST
from adapters.delius.write import CASE_JSON
from adapters.json_adapter import JsonAdapter, Shape
from adapters.oasys.arns import answers as oasys_answers
from adapters.reading import Node, load, split_json
from adapters.stub_mappings import stub_mappings

_SUPERVISIONS = ("communityManager", "mappaDetail", "supervisions", "dynamicRisks", "personStatus")
_WHOLE_PERSON = (
    "otherIds", "offenderProfile", "contactDetails", "offenderAliases", "offenderManagers",
    "currentRestriction", "currentExclusion", "softDeleted", "mappa",
)  # fmt: skip
_PROPOSAL = ("courtAppearance", "responsibleProvider", "ogrsScore", "rsrScore", "limitedAccess")


def _any(node: Node, keys: tuple[str, ...]) -> bool:
    return any(node.has(key) for key in keys)


def _is_list(node: Node) -> bool:
    return isinstance(node.value, list)


def _is_search_row(node: Node) -> bool:
    named = node.has("otherIds") or node.has("surname")
    return named and not node.has("name") and _any(node, _WHOLE_PERSON)


def _is_page(node: Node) -> bool:
    return _is_list(node.first(*answers.PAGES[:-1]))


def _is_contact(node: Node) -> bool:
    return _any(node, contacts.WHEN[:2]) or node.has("crn", "type", "date") or node.has("typeCode")


def _is_contact_page(node: Node) -> bool:
    rows = node["content"] if node["content"] else node["results"]
    return _is_list(rows) and (node.has("totalResults") or any(_is_contact(row) for row in rows))


def _is_log(node: Node) -> bool:
    kept = (*answers.LOGS, *answers.ENTRIES, answers.SCHEDULE)
    return node.has("personSummary") and _any(node, kept)


def _is_view(node: Node) -> bool:
    """A view of practitioners that says nothing else that a record holds."""
    return node["personSummary"].has("name") and not node.has("riskFlag")


def _is_summary(node: Node) -> bool:
    return node.has("name") and _any(node, ("identifiers", "otherIds", "crn"))


def _is_case_view(node: Node) -> bool:
    return node.has("name") and _any(node, ("staffContacts", "otherAddressCount", "sex"))


def _is_case_details(node: Node) -> bool:
    return _any(node, _PROPOSAL) or node.has("nomsId", "name")


def _converts(node: Node) -> bool:
    keys = node.value.keys() if isinstance(node.value, dict) else set()
    return "crn" in keys and len(keys) > 1 and keys <= FIELDS.keys()


def _only_addresses(node: Node) -> bool:
    return node["contactDetails"].has("addresses")


def _is_mappa(node: Node) -> bool:
    return node.has("level", "category") and _any(node, ("levelDescription", "startDate"))


def _is_registration(node: Node) -> bool:
    return node.has("registrationId", "type")


def _is_manager(node: Node) -> bool:
    return node.has("isPrisonOffenderManager") or node.has("staffCode", "probationArea")


def _is_row(node: Node) -> bool:
    return _is_registration(node) or _is_manager(node)


def _each(node: Node, kind: str) -> bool:
    known = _is_registration if kind == "registration" else _is_manager
    return known(node) or (_is_list(node) and bool(node.value) and all(known(r) for r in node))


def _is_tier(node: Node) -> bool:
    return node.has("currentTier", "registrations")


def _is_release(node: Node) -> bool:
    return _any(node, ("lastRelease", "lastRecall"))


_ANSWERS = (
    *REFUSED,
    Shape("details", lambda n: n.has("personalDetails"), answers.details),
    Shape("contacts", _is_contact_page, answers.contact_page),
    Shape("search-page", _is_page, answers.page),
    Shape("case", lambda n: _is_summary(n["case"]), answers.case),
    Shape("risk-flags", lambda n: n.has("personSummary", "riskFlags"), answers.person_summary),
    Shape("log", _is_log, answers.person_summary),
    Shape("contact", _is_contact, answers.about(lambda node: contacts.log([node]))),
    Shape("case-view", _is_case_view, answers.case_view),
    Shape("search-row", _is_search_row, answers.search_row),
    Shape("access-limitations",
          lambda n: _any(n, ("excludedFrom", "restrictedTo")), answers.about(access.from_lists)),
    Shape("addresses", _only_addresses, answers.address_list),
    Shape("case-details", _is_case_details, answers.case_details),
    Shape("summary", _is_summary, answers.summary_row),
    Shape("tier", _is_tier, answers.about(answers.tier)),
    Shape("practitioner",
          lambda n: n.has("code", "name", "unallocated"), answers.about(answers.manager)),
    Shape("managers", lambda n: _each(n, "manager"), answers.about(answers.managers)),
    Shape("registration",
          lambda n: _each(n, "registration"), answers.about(answers.registered)),
    Shape("register", lambda n: _is_list(n["registrations"]),
          answers.about(lambda node: registrations.register(node["registrations"]))),
    Shape("mappa", _is_mappa, answers.about(mappa.registration)),
    Shape("release", _is_release, answers.about(sentences.custody)),
    Shape("supervisions", lambda n: _any(n, _SUPERVISIONS), answers.about(answers.supervisions)),
    Shape("identifiers", _converts, answers.conversion),
    Shape("view", _is_view, answers.person_summary),
    *REFUSED_LAST,
)  # fmt: skip
_ALONE = (
    Shape("event", events.is_event, events.read),
    Shape("risk-flag", lambda n: n.has("personSummary", "riskFlag"), answers.person_summary),
)
"""Not taken from stub mappings: there, a flag in detail repeats one of the list."""


@dataclass(slots=True)
class DeliusAdapter(JsonAdapter):
    """A list of registrations or of managers is one answer about one person, and no batch."""

    def split(self, raw: bytes) -> list[Item]:
        """One payload, or a batch cut into its payloads. Raises `AdapterError`."""
        items = split_json(raw)
        rows = len(items) > 1 and all(item.subject is None and _row(item) for item in items)
        return [Item(raw)] if rows else items


def _row(item: Item) -> bool:
    try:
        return _is_row(load(item.raw))
    except AdapterError:
        return False


ADAPTER = DeliusAdapter(
    SYSTEM,
    (*_ALONE, *_ANSWERS, stub_mappings((*_ANSWERS, *oasys_answers(SYSTEM)))),
    version="2",
    lines=LINES,
    exports=(CASE_JSON,),
)
