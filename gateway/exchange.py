"""One request on its way through the pipeline: who asks, about whom, why, and what was decided."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from audit.entry import Operation, RecordVersion
from gateway.auth.principal import ANONYMOUS, Principal
from gateway.clock import now
from gateway.randomness import RANDOM
from gateway.store.persons import PersonState, Seeker
from gateway.store.records import View
from policies.actions import Action
from policies.engine import Asker, Link
from schemas import Kind

F = TypeVar("F", bound=Callable[..., Any])
Handler = Callable[[Request], Awaitable[Response]]
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route is for. The pipeline does the rest.

    `kind` is the record kind, or the name of a queue (`persons`, `ingest`, `quarantine`,
    `audit-entries`). `operation` is the word of DPA 2018 s62. `default_purpose` stands in only
    where one purpose is possible. A `public` route serves no personal data and needs no caller.
    With `current`, what is held now of the kind is fetched together with the person. `names`
    raises `Problem` for a path that names something there is not, before anything is decided.
    """

    action: Action | None = None
    kind: str = ""
    operation: Operation = "consultation"
    default_purpose: str | None = None
    public: bool = False
    body: bool = False
    current: bool = False
    names: Callable[[Mapping[str, str]], object] | None = None


def declares(declaration: Declaration, answer: Handler | None = None) -> Callable[[F], F]:
    """Attach a declaration to a handler; a route without one cannot be added.

    `answer` stands in for a handler whose parameters only describe what the pipeline itself reads
    and checks: then nothing is parsed a second time.
    """

    def mark(handler: F) -> F:
        handler.declaration = declaration  # type: ignore[attr-defined]
        handler.answer = answer  # type: ignore[attr-defined]
        return handler

    return mark


def entry_id(moment: datetime) -> str:
    """32 hex digits that begin with the time, so that the store's index of them grows at its end
    (each page is written once, not once for every entry), and end in 80 random bits."""
    return f"{int(moment.timestamp() * 1000):012x}{RANDOM.hex(10)}"


@dataclass(slots=True)
class Exchange:
    """The state of one request; filled in step by step, read by the audit entry at the end."""

    declaration: Declaration
    request: Request
    started: datetime = field(default_factory=now)
    entry_id: str = ""
    stated: dict[bytes, str] = field(default_factory=dict)
    principal: Principal = ANONYMOUS
    purpose: str | None = None
    justification: str | None = None
    person: PersonState | None = None
    asked: list[PersonState] = field(default_factory=list)
    """Whom the path names where some of them were merged: as they stand, before following."""
    merged: str | None = None
    """The id that the path named, where another person answers for it."""
    view: View | None = None
    body: bytes = b""
    carried: int = 0
    """Bytes of the body that have been let in so far."""
    action: Action | None = None
    operation: Operation = "consultation"
    form: str | None = None
    """The form a case is written out in, as `system/name`."""
    decision: str = "not-applicable"
    rules: dict[str, None] = field(default_factory=dict)
    about: list[str] = field(default_factory=list)
    """Whom the request names, in its path or its body or by a review that the asker may see."""
    persons: list[str] = field(default_factory=list)
    """Whom the answer tells of besides."""
    records: list[RecordVersion] = field(default_factory=list)
    released: dict[str, None] = field(default_factory=dict)
    withheld: dict[str, None] = field(default_factory=dict)
    _link: Link | None = None

    def __post_init__(self) -> None:
        """What is done is what the route declares, until a handler is permitted more."""
        self.entry_id = entry_id(self.started)
        self.action, self.operation = self.declaration.action, self.declaration.operation

    @property
    def asker(self) -> Asker:
        """The caller as policies know them."""
        return self.principal.asker

    @property
    def seeker(self) -> Seeker:
        """The caller as the store must know them."""
        return self.principal.seeker

    @property
    def subject(self) -> PersonState:
        """The person asked about; the pipeline has made sure that there is one."""
        if self.person is None:
            raise LookupError("this route names no person")
        return self.person

    def link(self, person: PersonState) -> Link:
        """How the caller stands to a person: what the filter decides on."""
        if person is self.person and self._link:
            return self._link
        link = self._stands(person)
        if person is self.person:
            self._link = link
        return link

    def _stands(self, person: PersonState) -> Link:
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

    def add_rules(self, rules: Iterable[str]) -> None:
        """Policies that took part in the decision, each told once, in the order they did."""
        self.rules.update(dict.fromkeys(rules))

    def note(self, kind: Kind, record_id: str, version: int) -> None:
        """A record version that this exchange is about to release."""
        self.records.append({"id": record_id, "kind": kind.value, "version": version})

    def forget_answer(self) -> None:
        """Nothing was released after all: only who was asked about stays."""
        self.records.clear()
        self.released.clear()
        self.withheld.clear()
        self.persons.clear()

    @property
    def trace(self) -> str | None:
        """The caller's W3C trace id, if they sent a well-formed one."""
        match = _TRACEPARENT.fullmatch(self.stated.get(b"traceparent", ""))
        return match[1] if match else None


def exchange_of(request: Request) -> Exchange:
    """The exchange the pipeline opened for this request."""
    exchange: Exchange = request.state.exchange
    return exchange
