"""From a draft to an answer: decide on the sections, redact by allow-list, add the manifest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from starlette.responses import Response

from adapters.writing import Case
from gateway.drafts import (
    Draft,
    Listing,
    ManyRecords,
    OneRecord,
    ReviewShown,
    SearchHits,
    WholeCase,
)
from gateway.errors import forbidden, nothing_held
from gateway.exchange import Exchange
from gateway.store.persons import PersonState
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
    Kind.CONTACTS: "other-contacts",
    Kind.RESIDENCE: "stay",
    Kind.REFERRAL: "referral",
}
"""The section that dates a document of each kind."""
_REDACTORS = {kind: Redactor(model) for kind, model in RECORDS.items()}


class JsonAnswer(Response):
    """A good answer, without the general constructor's questions."""

    status_code, media_type, background = 200, "application/json", None

    def __init__(self, body: bytes, fields: dict[str, str]) -> None:
        self.body = body
        self.raw_headers = [
            (b"content-length", str(len(body)).encode()),
            (b"content-type", b"application/json"),
            *[(name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()],
        ]


@dataclass(frozen=True, slots=True)
class Told:
    """How the audit entry and the manifest tell one release; worked out once for each."""

    released: tuple[str, ...]
    withheld: tuple[str, ...]
    manifest: orjson.Fragment


@lru_cache(8192)
def _told(kind: Kind, release: Release) -> Told:
    manifest = [{"section": section, "rule": rule} for section, rule in release.withheld]
    return Told(
        tuple(f"{kind}/{name}" for name in sorted(release.released)),
        tuple(f"{kind}/{name}={rule}" for name, rule in release.withheld),
        orjson.Fragment(orjson.dumps(manifest)),
    )


def answer(exchange: Exchange, draft: Draft, engine: Engine) -> Response:
    """The answer to a draft that changes nothing. Fills in what the audit entry must say."""
    return _RENDER[type(draft)](exchange, draft, engine)


def headers(exchange: Exchange, policy_version: str) -> dict[str, str]:
    """Headers of every recorded answer."""
    return {
        "Audit-Entry": exchange.entry_id,
        "Policy-Version": policy_version,
        "Cache-Control": "no-store",
    }


def _release(exchange: Exchange, kind: Kind, engine: Engine, person: PersonState) -> Release:
    """Which sections may leave, as the audit entry will say it."""
    link = exchange.link(person)
    release = engine.release(exchange.asker, kind, exchange.purpose, link)
    told = _told(kind, release)
    exchange.add_rules(release.rules)
    exchange.released.update(dict.fromkeys(told.released))
    exchange.withheld.update(dict.fromkeys(told.withheld))
    return release


def _released_or_refused(exchange: Exchange, kind: Kind, engine: Engine) -> Release:
    release = _release(exchange, kind, engine, exchange.subject)
    if not release.released:
        exchange.decision = "deny"
        raise forbidden("No section of this record may be released to you for this purpose.")
    return release


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
    kind = Kind(exchange.declaration.kind)
    release = _released_or_refused(exchange, kind, engine)
    data = _redacted(exchange, kind, draft.view, release)
    meta = _provenance(kind, draft.view, release) | _about(kind, release)
    return _json(exchange, engine, data, meta)


def _many(exchange: Exchange, draft: ManyRecords, engine: Engine) -> Response:
    kind = Kind(exchange.declaration.kind)
    release = _released_or_refused(exchange, kind, engine)
    data = [
        {
            "record": _redacted(exchange, kind, view, release),
            "meta": _provenance(kind, view, release) | {"status": view.status},
        }
        for view in draft.views
    ]
    return _json(exchange, engine, data, _about(kind, release), draft.next_url)


def _case(exchange: Exchange, draft: WholeCase, engine: Engine) -> Response:
    """Every kind of the form is in the manifest, whether or not anything of it is held."""
    releases = {kind: _release(exchange, kind, engine, exchange.subject) for kind in draft.views}
    documents = {
        kind: _redacted(exchange, kind, view, releases[kind])
        for kind, view in draft.views.items()
        if view is not None and releases[kind].released
    }
    about = draft.export.about
    if not any(releases[kind].released for kind in about):
        exchange.decision = "deny"
        raise forbidden("Nothing that this form holds may be released to you for this purpose.")
    if not documents.keys() & set(about):
        raise nothing_held("record that this form is about")
    withheld = {kind: release.withheld for kind, release in releases.items()}
    told = {
        kind: _provenance(kind, view, releases[kind])
        for kind, view in draft.views.items()
        if view is not None and kind in documents
    }
    case = Case(exchange.subject.id, exchange.started, documents, withheld, told)
    fields = headers(exchange, engine.version)
    if exchange.withheld:
        fields["Withheld"] = ", ".join(exchange.withheld)
    fields["Content-Disposition"] = f'attachment; filename="{draft.export.name}"'
    return Response(draft.export.write(case), 200, fields, draft.export.media_type)


def _hits(exchange: Exchange, draft: SearchHits, engine: Engine) -> Response:
    data = [_hit(exchange, engine, *one)[0] for one in draft.held.items()]
    meta = {"count": len(data), "cursor": draft.cursor, "classification": CLASSIFICATION}
    return _json(exchange, engine, data, meta)


def _hit(
    exchange: Exchange, engine: Engine, person: PersonState, view: View | None
) -> tuple[dict[str, Any], Release]:
    """A person with their person record, redacted as anywhere."""
    hit: dict[str, Any] = {"id": person.id}
    release = _release(exchange, Kind.PERSON, engine, person)
    if view and release.released:
        hit["record"] = _redacted(exchange, Kind.PERSON, view, release)
        hit["meta"] = _provenance(Kind.PERSON, view, release) | {
            "withheld": _told(Kind.PERSON, release).manifest
        }
    exchange.persons.append(person.id)
    return hit, release


def _review(exchange: Exchange, draft: ReviewShown, engine: Engine) -> Response:
    hits = [_hit(exchange, engine, *one) for one in draft.held.items()]
    both = set.intersection(*(set(release.released) for _, release in hits))
    shown = [hit.get("record", {}) for hit, _ in hits]
    records = {"records": [hit for hit, _ in hits]}
    data = {**draft.review, **records, **draft.evidence(shown, both)}
    meta = {"classification": CLASSIFICATION}
    return _json(exchange, engine, data, meta, tag=f'"{draft.state}"')


def _listing(exchange: Exchange, draft: Listing, engine: Engine) -> Response:
    """Only services may list what they like: a record kind always goes through redaction."""
    if exchange.declaration.kind in RECORDS:
        raise TypeError("a record was listed without redaction")
    exchange.persons.extend(draft.persons)
    return _json(exchange, engine, draft.data, draft.meta, draft.next_url)


def _redacted(exchange: Exchange, kind: Kind, view: View, release: Release) -> dict[str, Any]:
    exchange.note(kind, view.record_id, view.version)
    return _REDACTORS[kind].redact(orjson.loads(view.body), release.released)


def _about(kind: Kind, release: Release) -> dict[str, Any]:
    return {"classification": CLASSIFICATION, "withheld": _told(kind, release).manifest}


def _next(url: str | None) -> dict[str, str]:
    return {"Link": f'<{url}>; rel="next"'} if url else {}


def _matches(header: str, tag: str) -> bool:
    """`If-None-Match`: a list of tags, weak or strong, or `*`."""
    return tag in {part.strip().removeprefix("W/") for part in header.split(",")} or header == "*"


def _json(
    exchange: Exchange,
    engine: Engine,
    data: Any,
    meta: dict[str, Any],
    next_url: str | None = None,
    tag: str | None = None,
) -> Response:
    """The envelope. Its tag covers what is told, not the entry, which is another each time."""
    told = orjson.dumps({"data": data, "meta": meta})
    tag = tag or f'"{hashlib.sha256(told).hexdigest()[:32]}"'
    fields = headers(exchange, engine.version) | _next(next_url) | {"ETag": tag}
    held = exchange.stated.get(b"if-none-match")
    if held is not None and _matches(held, tag):
        return Response(status_code=304, headers=fields)
    entry = f'{"," if meta else ""}"auditEntry":"{exchange.entry_id}"}}}}'
    return JsonAnswer(told[:-2] + entry.encode(), fields)


_RENDER: dict[type[Draft], Callable[[Exchange, Any, Engine], Response]] = {
    OneRecord: _one,
    ManyRecords: _many,
    WholeCase: _case,
    SearchHits: _hits,
    ReviewShown: _review,
    Listing: _listing,
}
