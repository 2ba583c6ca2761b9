"""From a draft to an answer: decide on the sections, redact by allow-list, add the manifest."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from starlette.responses import Response

from gateway.drafts import Draft, Listing, ManyRecords, OneRecord, SearchHits, WholeCase
from gateway.errors import forbidden
from gateway.exchange import Exchange
from gateway.store.records import View
from policies.engine import Engine, Release
from policies.redaction import Redactor
from schemas import RECORDS, Kind

CLASSIFICATION = "OFFICIAL-SENSITIVE"
DATED_BY = {
    Kind.PLAN: "assessment",
    Kind.ROSH: "assessment",
    Kind.MINUTES: "meeting",
    Kind.LICENCE: "licence",
    Kind.LICENCE_CONDITIONS: "licence",
}
"""The section that dates a document of each kind."""
_REDACTORS = {kind: Redactor(model) for kind, model in RECORDS.items()}


def answer(exchange: Exchange, draft: Draft, engine: Engine) -> Response:
    """The answer to a draft that changes nothing. Fills in what the audit entry must say."""
    render: dict[type[Draft], Callable[[Exchange, Any, Engine], Response]] = {
        OneRecord: _one,
        ManyRecords: _many,
        WholeCase: _case,
        SearchHits: _hits,
        Listing: _listing,
    }
    return render[type(draft)](exchange, draft, engine)


def headers(exchange: Exchange, policy_version: str) -> dict[str, str]:
    """Headers of every recorded answer."""
    return {
        "Audit-Entry": exchange.entry_id,
        "Policy-Version": policy_version,
        "Cache-Control": "no-store",
    }


def _release(exchange: Exchange, kind: Kind, engine: Engine) -> Release:
    link = exchange.link(exchange.subject)
    release = engine.release(exchange.asker, kind, exchange.purpose, link)
    if not release.released:
        exchange.decision = "deny"
        raise forbidden("No section of this record may be released to you for this purpose.")
    exchange.rules.extend(rule for rule in release.rules if rule not in exchange.rules)
    exchange.released.extend(f"{kind}/{section}" for section in sorted(release.released))
    exchange.withheld.extend(f"{kind}/{section}={rule}" for section, rule in release.withheld)
    return release


def _manifest(release: Release) -> list[dict[str, str]]:
    return [{"section": section, "rule": rule} for section, rule in release.withheld]


def _provenance(kind: Kind, view: View, release: Release) -> dict[str, Any]:
    """Where a record comes from. The source's own time and reference can repeat what a withheld
    section says (a meeting's date, a release day), so they are told only with that section."""
    told = DATED_BY.get(kind) in (None, *release.released)
    return {
        "id": view.record_id,
        "version": view.version,
        "source": view.source,
        "sourceRef": view.source_ref if told else None,
        "writtenAt": view.written_at if told else None,
        "receivedAt": view.received_at,
    }


def _one(exchange: Exchange, draft: OneRecord, engine: Engine) -> Response:
    kind, view = Kind(exchange.declaration.kind), draft.view
    release = _release(exchange, kind, engine)
    exchange.note(kind, view.record_id, view.version)
    data = _REDACTORS[kind].redact(orjson.loads(view.body), release.released)
    meta = _provenance(kind, view, release) | {
        "classification": CLASSIFICATION,
        "withheld": _manifest(release),
        "auditEntry": exchange.entry_id,
    }
    tag = _etag(orjson.dumps([data, view.version, meta["withheld"]]))
    fields = headers(exchange, engine.version) | {"ETag": tag}
    if _matches(exchange.request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=fields)
    return _json({"data": data, "meta": meta}, fields)


def _many(exchange: Exchange, draft: ManyRecords, engine: Engine) -> Response:
    kind = Kind(exchange.declaration.kind)
    release = _release(exchange, kind, engine)
    data = []
    for view in draft.views:
        exchange.note(kind, view.record_id, view.version)
        record = _REDACTORS[kind].redact(orjson.loads(view.body), release.released)
        about = _provenance(kind, view, release) | {"status": view.status}
        data.append({"record": record, "meta": about})
    meta = {
        "classification": CLASSIFICATION,
        "withheld": _manifest(release),
        "auditEntry": exchange.entry_id,
    }
    fields = headers(exchange, engine.version) | _next(draft.next_url)
    return _json({"data": data, "meta": meta}, fields)


def _case(exchange: Exchange, draft: WholeCase, engine: Engine) -> Response:
    documents: dict[Kind, Any] = {}
    withheld: dict[Kind, Any] = {}
    link = exchange.link(exchange.subject)
    for kind, view in draft.views.items():
        if not engine.permission(exchange.asker, "read", kind, exchange.purpose).allowed:
            continue
        if not engine.release(exchange.asker, kind, exchange.purpose, link).released:
            continue
        release = _release(exchange, kind, engine)
        exchange.note(kind, view.record_id, view.version)
        documents[kind] = _REDACTORS[kind].redact(orjson.loads(view.body), release.released)
        withheld[kind] = release.withheld
    body = draft.render_case(documents, withheld)
    return Response(body, 200, headers(exchange, engine.version), draft.export_type)


def _hits(exchange: Exchange, draft: SearchHits, engine: Engine) -> Response:
    data = []
    for person, view in draft.held.items():
        hit: dict[str, Any] = {"id": person.id}
        link = exchange.link(person)
        release = engine.release(exchange.asker, Kind.PERSON, exchange.purpose, link)
        if view and release.released:
            exchange.note(Kind.PERSON, view.record_id, view.version)
            record = _REDACTORS[Kind.PERSON].redact(orjson.loads(view.body), release.released)
            hit |= {"record": record, "withheld": _manifest(release)}
        exchange.persons.append(person.id)
        data.append(hit)
    meta = {"count": len(data), "cursor": draft.cursor, "auditEntry": exchange.entry_id}
    return _json({"data": data, "meta": meta}, headers(exchange, engine.version))


def _listing(exchange: Exchange, draft: Listing, engine: Engine) -> Response:
    exchange.persons.extend(draft.persons)
    meta = draft.meta | {"auditEntry": exchange.entry_id}
    fields = headers(exchange, engine.version) | _next(draft.next_url)
    return _json({"data": draft.data, "meta": meta}, fields)


def _next(url: str | None) -> dict[str, str]:
    return {"Link": f'<{url}>; rel="next"'} if url else {}


def _matches(header: str, tag: str) -> bool:
    """`If-None-Match`: a list of tags, weak or strong, or `*`."""
    return tag in {part.strip().removeprefix("W/") for part in header.split(",")} or header == "*"


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _json(body: Any, fields: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), 200, fields, "application/json")
