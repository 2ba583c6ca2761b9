"""What a handler hands to the pipeline: an answer not yet decided on, recorded or rendered.

A draft is a `Response` only so that FastAPI passes it through; sending one raises. Only the
pipeline turns a draft into an answer, after redaction and after its audit entry is durable.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.writing import Export
from audit.entry import RecordVersion
from gateway.store.persons import PersonState
from gateway.store.records import View
from schemas import Kind


class Draft(Response):
    """Base of all drafts."""

    background = None

    def __init__(self) -> None:
        """A draft has no body, status or headers of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Never sent: a handler that went round the pipeline fails here."""
        raise RuntimeError("a draft reached the network without the pipeline")


class OneRecord(Draft):
    """One document of the declared kind."""

    def __init__(self, view: View) -> None:
        self.view = view


class ManyRecords(Draft):
    """A page of documents of the declared kind; `next_url` is the following page, if any."""

    def __init__(self, views: Sequence[View], next_url: str | None) -> None:
        self.views, self.next_url = views, next_url


class WholeCase(Draft):
    """What the asker may export of a person, kind by kind, written in an agency's own form."""

    def __init__(self, views: Mapping[Kind, View | None], export: Export) -> None:
        self.views, self.export = views, export


class SearchHits(Draft):
    """Persons that a search may name, each with the person record held, if any."""

    def __init__(self, held: Mapping[PersonState, View | None], cursor: str | None) -> None:
        self.held, self.cursor = held, cursor


class ReviewShown(Draft):
    """A review of two persons. `evidence` is worked out of their records as redacted, and of the
    sections that both may show; `state` is what a decision on it must name."""

    def __init__(
        self,
        review: Mapping[str, Any],
        held: Mapping[PersonState, View | None],
        evidence: Callable[[Sequence[Mapping[str, Any]], set[str]], Mapping[str, Any]],
        state: str,
    ) -> None:
        self.review, self.held, self.evidence, self.state = review, held, evidence, state


class Listing(Draft):
    """A page that holds no record sections: audit entries, queues."""

    def __init__(
        self,
        data: Any,
        *,
        persons: Sequence[str] = (),
        next_url: str | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> None:
        self.data, self.persons, self.next_url = data, persons, next_url
        self.meta = dict(meta or {})


@dataclass(frozen=True, slots=True)
class Done:
    """What an effect did: its answer, and what its audit entry says of it."""

    status: int
    body: bytes
    outcome: str
    persons: Sequence[str] = ()
    records: Sequence[RecordVersion] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class Effect(Draft):
    """A change, run in the very transaction that writes its audit entry."""

    def __init__(self, job: Callable[[Connection], Done]) -> None:
        self.job = job
