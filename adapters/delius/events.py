"""Domain events, as published or in the envelopes they are delivered in (JSON inside a string).

A registration, a merge, a newly matched prison number, a breach or recall are facts about a
person. Any other event only announces that something changed. What a hole (`{createdDate}`) or
an empty text stands for stays unknown.
"""

from collections.abc import Callable, Iterator

from adapters.base import AdapterError, MappedPerson, MappedRecord, Subject, identifier
from adapters.delius import mappa, person, registrations
from adapters.delius.naming import SYSTEM
from adapters.delius.refusals import EVENT
from adapters.json_adapter import apart, identifiers_of, objects
from adapters.reading import Node, load
from adapters.stub_mappings import gather
from schemas.contacts import Contact, Contacts
from schemas.identifiers import Scheme
from schemas.person import Identifier
from schemas.rosh import RiskFlag

_STRINGS = ("Message", "Body", "body")
_ENVELOPE = ("MessageId", "messageId", "TopicArn", "ReceiptHandle", "receiptHandle")
_SCHEMES = {"CRN": Scheme.CRN, "NOMS": Scheme.NOMS, "PNC": Scheme.PNC, "CRO": Scheme.CRO}
_STANDING = (
    "a MAPPA registration was ended, which does not say whether another stands: push the register"
)


def is_event(node: Node) -> bool:
    """An event, an envelope with one inside, or a batch of envelopes."""
    held = any(isinstance(node[key].value, str) for key in _STRINGS)
    held = held and any(node.has(key) for key in _ENVELOPE)
    batch = any(isinstance(node[key].value, list) for key in ("Messages", "Records"))
    bare = node.has("eventType") or node.has("sourceId", "eventDatetime")
    return held or batch or bare


def read(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """The persons of all events in it. Raises `AdapterError` where none holds a record."""
    return gather((event, _reader(event, name, subject)) for event, name in _opened(node, None))


def _reader(
    event: Node, name: str | None, subject: Subject | None
) -> Callable[[], list[MappedPerson]]:
    return lambda: [_person(event, name, subject)]


def _opened(node: Node, name: str | None) -> Iterator[tuple[Node, str | None]]:
    """Each event inside, with the number of the message that brought it."""
    batch = node["Messages"] if node["Messages"] else node["Records"]
    if isinstance(batch.value, list):
        for one in objects(batch):
            yield from _opened(apart(one), name)
        return
    inner = next((node[key] for key in _STRINGS if isinstance(node[key].value, str)), None)
    if inner is None:
        yield node, name
        return
    opened = load(inner.value.encode())
    node.cautions.extend(opened.cautions)
    named = node.first("MessageId", "messageId").text() or name
    yield from _opened(Node(opened.value, inner.pointer, node.cautions), named)


def _person(event: Node, name: str | None, subject: Subject | None) -> MappedPerson:
    kind, info = event["eventType"].text() or "", event["additionalInformation"]
    named = identifiers_of(SYSTEM, _referred(event), subject)
    merged: list[Identifier] = []
    if kind in ("probation-case.registration.added", "probation-case.registration.updated"):
        records = _registered(event)
    elif kind == "probation-case.registration.deregistered":
        records = _ended(event)
    elif kind == "probation-case.merge.completed":
        named, merged = _merged(info, subject)
        records = [person.from_identifiers(named)]
    elif kind == "probation-case.prison-identifier.added":
        named = identifiers_of(
            SYSTEM, [*_referred(event), (Scheme.BOOKING, info["bookingNumber"])], subject
        )
        records = [person.from_identifiers(named)]
    elif kind.startswith("enforcement."):
        records = [_enforcement(event, kind, name)]
    else:
        raise AdapterError("no-record", EVENT)
    return MappedPerson(named, records, event.cautions, merged)


def _referred(event: Node) -> list[tuple[Scheme, Node]]:
    rows = list(objects(event["personReference"]["identifiers"]))
    known = [(_SCHEMES.get(str(row["type"].value).strip().upper()), row["value"]) for row in rows]
    return [(scheme, value) for scheme, value in known if scheme]


def _registered(event: Node) -> list[MappedRecord]:
    info, written = event["additionalInformation"], event["occurredAt"].time()
    flag = _flag(info)
    found = registrations.rosh(info, [(info["registerTypeCode"], flag)], _ref(info))
    records = [MappedRecord(one.record, one.source_ref, written) for one in found]
    if (flag.code or "").upper() == "MAPP":
        records += mappa.record(
            info,
            (info["registrationCategoryCode"], info["registrationCategoryDescription"]),
            (info["registrationLevelCode"], info["registrationLevelDescription"]),
            written_at=written,
            start=flag.start,
        )
    return records


def _ended(event: Node) -> list[MappedRecord]:
    info = event["additionalInformation"]
    flag = _flag(info)
    if (flag.code or "").upper() == "MAPP":
        raise AdapterError("no-record", _STANDING)
    found = registrations.rosh(info, [(info["registerTypeCode"], flag)], _ref(info))
    if flag.end is None:
        raise AdapterError("no-record", "the event does not say when the registration ended")
    written = event["occurredAt"].time()
    return [MappedRecord(one.record, one.source_ref, written) for one in found]


def _ref(info: Node) -> str:
    name = info.first("registrationId", "deregistrationId").text()
    return f"registration-{name}" if name else "registration"


def _flag(info: Node) -> RiskFlag:
    return RiskFlag(
        code=info["registerTypeCode"].text(),
        description=info["registerTypeDescription"].text(),
        level=info["registrationLevelDescription"].text(),
        start=info["registrationDate"].day(),
        end=info["deregistrationDate"].day(),
    )


def _merged(info: Node, subject: Subject | None) -> tuple[list[Identifier], list[Identifier]]:
    """The number that stays, and the one that is gone. Raises where either is missing."""
    gone, stays = info["sourceCRN"].text(), info["targetCRN"].text()
    if not (gone and stays):
        raise AdapterError("no-record", "a merge must name both numbers")
    named = identifiers_of(SYSTEM, [(Scheme.CRN, info["targetCRN"])], subject)
    place = info["sourceCRN"]
    return named, [identifier(Scheme.CRN, gone, SYSTEM, place.cautions, place.pointer)]


def _enforcement(event: Node, kind: str, name: str | None) -> MappedRecord:
    """A breach or a recall is a line of the log; its time is the event's, not the envelope's."""
    moment = event["occurredAt"]
    written = moment.time()
    entry = Contact(
        reference=name,
        at=written,
        type_code=kind,
        type=event["description"].text(),
        outcome_code=event["additionalInformation"]["outcome"].text(),
    )
    ref = name or f"{kind}-{written.isoformat() if written else 'undated'}"
    return MappedRecord(Contacts(other_contacts=[entry]), f"event-{ref}", written)
