"""Answers of Delius that are no record of a person, each with the reason it is refused for."""

from collections.abc import Callable

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import Shape
from adapters.reading import Node

_ERROR = frozenset({
    "status", "code", "errorCode", "error", "error_description", "message", "userMessage",
    "developerMessage", "moreInfo", "title", "detail", "type", "instance", "timestamp", "path",
    "trace", "exception",
})  # fmt: skip
_SAYS_WHAT = _ERROR - {"code", "type", "timestamp", "path", "instance", "detail", "title"}

ERROR = "the body reports an error of the interface and is no record"
PER_USER = (
    "what one user may see holds for that user and that moment only: push the access limitations"
)
DOCUMENTS = "a list of documents names files and holds no fact of a record: push what they hold"
STAFF = "the answer is about a member of staff"
EXISTS = "whether a person exists is no record of the person"
REFERENCE = "reference data is about nobody"
EVENT = "the event announces a change and holds no record: push the record it points to"


def refused(name: str, code: str, detail: str, recognises: Callable[[Node], bool]) -> Shape:
    """A shape that is known and never mapped."""

    def refuse(_: Node, __: Subject | None) -> list[MappedPerson]:
        raise AdapterError(code, detail)

    return Shape(name, recognises, refuse)


def _is_error(node: Node) -> bool:
    keys = node.value.keys() if isinstance(node.value, dict) else set()
    return bool(keys & _SAYS_WHAT) and keys <= _ERROR


def _is_per_user(node: Node) -> bool:
    return any(node.has(key) for key in ("userExcluded", "userRestricted", "access"))


def _lists_documents(node: Node) -> bool:
    return node.has("numberOfDocuments") or (node.has("documents") and not node.has("id"))


REFUSED = (
    refused("error-body", "error-body", ERROR, _is_error),
    refused("user-access", "per-user-answer", PER_USER, _is_per_user),
    refused("person-exists", "no-record", EXISTS, lambda node: node.has("existsInDelius")),
    refused("reference", "no-record", REFERENCE, lambda node: node.has("probationReferenceData")),
    refused("user", "no-record", STAFF, lambda node: node.has("username", "roles")),
)
DOCUMENT_LIST = refused("documents", "no-record", DOCUMENTS, _lists_documents)
"""Tried last: many records of a person list documents beside their facts."""
