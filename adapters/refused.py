"""Payloads that are recognised and not taken: each is refused by name, so that its sender knows."""

from collections.abc import Callable

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.json_adapter import Shape
from adapters.reading import Node

_OF_AN_ERROR = frozenset({
    "status", "code", "errorCode", "error", "message", "userMessage", "developerMessage",
    "moreInfo", "title", "detail", "type", "instance", "timestamp", "path", "trace",
})  # fmt: skip


def refused(name: str, recognises: Callable[[Node], bool], code: str, detail: str) -> Shape:
    """A shape whose payloads go to quarantine as `code`, because of what `detail` says."""

    def read(node: Node, _subject: Subject | None) -> list[MappedPerson]:
        raise AdapterError(code, detail, node.pointer)

    return Shape(name, recognises, read)


def _is_error(node: Node) -> bool:
    return node.has("status") and node.value.keys() <= _OF_AN_ERROR


ERROR_BODY = refused(
    "error (refused)",
    _is_error,
    "error-body",
    "this is an error that the sending system answered with, not a record of anybody",
)
"""`{"status": 404, …}` and nothing that a record has."""


def is_event(node: Node) -> bool:
    """By the envelope of the notification service, or by what every event has."""
    return node.has("Message") or node.has("additionalInformation") or node.has("eventType")


def event_without_record(pointer: str = "") -> AdapterError:
    """The refusal of an event that announces a change and does not say what became of it."""
    detail = "an event only says that something changed: send the record it is about"
    return AdapterError("event-without-record", detail, pointer)


def _event(node: Node, _subject: Subject | None) -> list[MappedPerson]:
    raise event_without_record(node.pointer)


EVENT = Shape("event (refused)", is_event, _event)
