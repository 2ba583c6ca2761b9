"""Events of the prison service. One is a fact in itself: a number merged into another.

They come as they are, or in the envelope of the notification service with the event as a text.
"""

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import identifiers_of, objects
from adapters.reading import Node, load
from adapters.refused import event_without_record
from schemas.identifiers import Scheme
from schemas.person import Identifier


def event(node: Node, subject: Subject | None) -> list[MappedPerson]:
    """Map a merge. Raises `AdapterError` for every other event: it announces a change and does
    not say what became of it."""
    said = _opened(node)
    if not said["additionalInformation"].has("nomsNumber", "removedNomsNumber"):
        raise event_without_record(said.pointer)
    return [_merged(said, subject)]


def _opened(node: Node) -> Node:
    """The event inside its envelope; its pointers go on from the envelope's field."""
    letter = node["Message"]
    if not letter:
        return node
    if not isinstance(letter.value, str):
        return letter
    try:
        inner = load(letter.value.encode())
    except AdapterError as error:
        raise AdapterError(error.code, error.detail, letter.pointer) from None
    node.cautions.extend(inner.cautions)
    return Node(inner.value, letter.pointer, node.cautions)


def _merged(said: Node, subject: Subject | None) -> MappedPerson:
    """Who stays and who is gone. Both must be beyond doubt: a merge joins two people's records."""
    information = said["additionalInformation"]
    stays = _numbers(information["nomsNumber"])
    gone = _numbers(information["removedNomsNumber"])
    meant = [
        one
        for row in objects(said["personReference"]["identifiers"])
        if row["type"].value == "NOMS"
        for one in _numbers(row["value"])
    ]
    if not all(one.verified for one in (*stays, *gone)) or not (stays and gone):
        raise AdapterError("unverified-merge", "both must be prison numbers", information.pointer)
    if stays == gone or any(one not in stays for one in meant):
        detail = "the numbers contradict: who stays, and who is gone, must be clear"
        raise AdapterError("merge-contradicts", detail, information.pointer)
    said["occurredAt"].time()
    named = identifiers_of("nomis", [(Scheme.NOMS, information["nomsNumber"])], subject)
    return MappedPerson(named, [], said.cautions, merged=gone)


def _numbers(node: Node) -> list[Identifier]:
    return identifiers_of("nomis", [(Scheme.NOMS, Node(node.value, node.pointer, []))])
