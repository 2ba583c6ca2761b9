"""Answers of Delius that are no record of a person, each with the reason it is refused for."""

from adapters.reading import Node
from adapters.refused import ERROR_BODY, refused

EVENT = "the event announces a change and holds no record: push the record it points to"
_PER_USER = (
    "what one user may see holds for that user and that moment only: push the access limitations"
)
_DOCUMENTS = "a list of documents names files and holds no fact of a record: push what they hold"
_STAFF = "the answer is about a member of staff"
_RELATED = "the answer is about a relative or another contact of the person"
_EXISTS = "whether a person exists is no record of the person"
_REFERENCE = "reference data is about nobody"


def _is_per_user(node: Node) -> bool:
    return any(node.has(key) for key in ("userExcluded", "userRestricted", "access"))


def _lists_documents(node: Node) -> bool:
    return node.has("numberOfDocuments") or node.has("documents")


REFUSED = (
    refused("user access (refused)", _is_per_user, "per-user-answer", _PER_USER),
    refused("existence (refused)", lambda n: n.has("existsInDelius"), "no-record", _EXISTS),
    refused("codes (refused)", lambda n: n.has("probationReferenceData"), "no-record", _REFERENCE),
    refused("relative (refused)", lambda n: n.has("relationshipType"), "no-record", _RELATED),
    refused("user (refused)", lambda n: n.has("username", "roles"), "no-record", _STAFF),
)
REFUSED_LAST = (
    refused("documents (refused)", _lists_documents, "no-record", _DOCUMENTS),
    ERROR_BODY,
)
"""Tried last: records of a person list documents beside their facts, and have a status too."""
