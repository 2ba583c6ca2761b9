"""Refusals as RFC 9457 problem documents. They never repeat what the caller sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """An answer other than the one asked for.

    `slug` names the kind of problem for good, `detail` says what to do, `outcome` is the word the
    audit entry carries. `errors` are `{"pointer", "detail"}` objects; `extra` members are added.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        title: str,
        detail: str = "",
        *,
        outcome: str = "refused",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(slug)
        self.status, self.slug, self.title, self.detail = status, slug, title, detail
        self.outcome, self.errors = outcome, errors
        self.headers, self.extra = dict(headers or {}), dict(extra or {})

    def response(self, entry: str | None = None) -> Response:
        """The problem document, naming the audit entry that recorded it."""
        body: dict[str, Any] = {
            "type": f"urn:mappa-gateway:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        body |= self.extra
        headers = {"Cache-Control": "no-store"} | self.headers
        if entry:
            headers["Audit-Entry"] = body["auditEntry"] = entry
        return Response(orjson.dumps(body), self.status, headers, PROBLEM_JSON)


def not_found() -> Problem:
    """The one answer for a person who is unknown or whom the asker may not know of."""
    return Problem(
        404,
        "person-not-found",
        "No such person for you",
        "No person is known by this identifier, or none that you are working with.",
        outcome="not-found",
    )


def see_other(location: str) -> Problem:
    """The person is known by another id: two were found to be one, or a number was merged."""
    return Problem(
        303,
        "known-by-another-reference",
        "This person is known by another reference",
        "Follow Location, and keep that reference.",
        outcome="redirected",
        headers={"Location": location},
    )


def nothing_held(kind: str) -> Problem:
    """The person is known and visible; nothing of this kind has arrived."""
    return Problem(
        404,
        "nothing-held",
        "Nothing of this kind is held",
        f"No {kind} has reached the gateway for this person. That does not mean none exists.",
        outcome="nothing-held",
    )


def no_such_form(detail: str) -> Problem:
    """The path names a form that no adapter writes."""
    return Problem(404, "no-such-form", "No such form", detail, outcome="not-found")


def forbidden(detail: str) -> Problem:
    """The role, for this purpose, may not do this to anybody."""
    return Problem(403, "not-permitted", "Not permitted", detail, outcome="denied")


def unavailable(detail: str) -> Problem:
    """The store or the log cannot write: nothing is answered that cannot be recorded."""
    return Problem(
        503,
        "unavailable",
        "Temporarily unavailable",
        detail,
        outcome="failed",
        headers={"Retry-After": "2"},
    )


def overloaded() -> Problem:
    """Too much at once. Turned away before anything is looked up, so there is nothing to record."""
    return Problem(
        503,
        "overloaded",
        "Too many requests at once",
        "Send it again after the seconds in Retry-After.",
        outcome="failed",
        headers={"Retry-After": "1", "Connection": "close"},
    )


def invalid(errors: Sequence[Any]) -> Problem:
    """Pydantic's validation errors without the caller's input."""
    found = [
        {"pointer": "/".join(("", *map(str, e["loc"]))), "detail": str(e["msg"])[:200]}
        for e in errors
    ]
    return Problem(
        422,
        "invalid-request",
        "The request is not valid",
        "Correct what `errors` points at and send it again.",
        outcome="invalid",
        errors=found,
    )


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals (unknown path, wrong method) in the same form."""
    status = getattr(error, "status_code", 500)
    title = {404: "No such path", 405: "Method not allowed"}.get(status, "Refused")
    slug = {404: "no-such-path", 405: "method-not-allowed"}.get(status, "refused")
    headers = dict(getattr(error, "headers", None) or {})
    return Problem(status, slug, title, headers=headers).response()
