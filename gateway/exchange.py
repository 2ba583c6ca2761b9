"""One request on its way through the pipeline: who asks, about whom, why, and what was decided."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request

from gateway.auth.principal import ANONYMOUS, Principal
from gateway.clock import now
from gateway.store.persons import PersonState, Seeker
from policies.actions import Action
from policies.engine import Asker, Link
from schemas import Kind

F = TypeVar("F", bound=Callable[..., Any])
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route is for. The pipeline does the rest.

    `kind` is the record kind, or the name of a queue (`persons`, `ingest`, `quarantine`,
    `audit-entries`). `operation` is the word of DPA 2018 s62. `default_purpose` stands in only
    where one purpose is possible. A `public` route serves no personal data and needs no caller.
    """

    action: Action | None = None
    kind: str = ""
    operation: str = "consultation"
    default_purpose: str | None = None
    public: bool = False
    body: bool = False


def declares(declaration: Declaration) -> Callable[[F], F]:
    """Attach a declaration to a handler; a route without one cannot be added."""

    def mark(handler: F) -> F:
        handler.declaration = declaration  # type: ignore[attr-defined]
        return handler

    return mark


@dataclass(slots=True)
class Exchange:
    """The state of one request; filled in step by step, read by the audit entry at the end."""

    declaration: Declaration
    request: Request
    entry_id: str = field(default_factory=lambda: secrets.token_hex(16))
    started: datetime = field(default_factory=now)
    principal: Principal = ANONYMOUS
    purpose: str | None = None
    justification: str | None = None
    person: PersonState | None = None
    body: bytes = b""
    action: Action | None = None
    operation: str = ""
    decision: str = "not-applicable"
    rules: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """What is done is what the route declares, until a handler is permitted more."""
        self.action, self.operation = self.declaration.action, self.declaration.operation

    @property
    def asker(self) -> Asker:
        """The caller as policies know them."""
        p = self.principal
        return Asker(roles=p.roles, agency=p.agency, vetting=p.vetting, systems=p.systems)

    @property
    def seeker(self) -> Seeker:
        """The caller as the store must know them."""
        p = self.principal
        return Seeker(agency=p.agency, staff=p.staff, area=p.area, users=p.users)

    @property
    def subject(self) -> PersonState:
        """The person asked about; the pipeline has made sure that there is one."""
        if self.person is None:
            raise LookupError("this route names no person")
        return self.person

    def link(self, person: PersonState) -> Link:
        """How the caller stands to a person: what the filter decides on."""
        limited: Any = "open"
        if person.excluded and person.named_excluded:
            limited = "barred"
        elif person.restricted:
            limited = "named" if person.named_restricted else "barred"
        return Link(
            assigned=person.assigned,
            area=person.area,
            holding=person.prison is not None and person.prison == self.principal.unit,
            limited=limited,
            category=person.category,
            level=person.level,
        )

    def note(self, kind: Kind, record_id: str, version: int) -> None:
        """A record version that this exchange is about to release."""
        self.records.append({"id": record_id, "kind": kind.value, "version": version})

    def forget_answer(self) -> None:
        """Nothing was released after all: only who was asked about stays."""
        for told in (self.records, self.released, self.withheld):
            told.clear()
        self.persons[:] = [self.person.id] if self.person else []

    @property
    def trace(self) -> str | None:
        """The caller's W3C trace id, if they sent a well-formed one."""
        match = _TRACEPARENT.fullmatch(self.request.headers.get("traceparent", ""))
        return match[1] if match else None


def exchange_of(request: Request) -> Exchange:
    """The exchange the pipeline opened for this request."""
    exchange: Exchange = request.state.exchange
    return exchange
