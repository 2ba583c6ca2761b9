"""A person's case in the form of an agency's own system."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from adapters.registry import ADAPTERS
from adapters.writing import Export
from gateway.clock import today
from gateway.drafts import WholeCase
from gateway.errors import no_such_form
from gateway.exchange import Declaration, declares, exchange_of
from gateway.pipeline import GuardedRoute
from gateway.routes.parameters import Justification, PersonRef, PurposeOfUse, answers
from gateway.store import records
from gateway.store.records import View
from policies.actions import Action
from schemas import Kind

router = APIRouter(prefix="/v1/persons/{ref}/exports", tags=["exports"], route_class=GuardedRoute)
LICENCES = (Kind.LICENCE, Kind.LICENCE_CONDITIONS)


def form_of(path: Mapping[str, str]) -> Export:
    """The form a path names. Raises `Problem` (404), with the forms there are."""
    adapter = ADAPTERS.get(path["system"])
    forms = {form.name: form for form in adapter.exports} if adapter else {}
    if found := forms.get(path["name"]):
        return found
    if forms:
        raise no_such_form(f"This system has: {', '.join(forms)}.")
    writing = sorted(system for system, one in ADAPTERS.items() if one.exports)
    raise no_such_form(f"Systems with forms: {', '.join(writing)}.")


def in_force(kind: Kind, view: View) -> bool:
    """Whether a record may stand as the current one. A licence does by its status and, where it
    says when it ends, not past that day; every other record does."""
    if kind not in LICENCES:
        return True
    licence = orjson.loads(view.body)
    expiry = licence["expiry"]
    return licence["inForce"] is True and (expiry is None or expiry >= today())


async def whole_case(request: Request, system: str, form: Export) -> WholeCase:
    """What is held now of every kind that the form holds; the audit entry names the form."""
    exchange = exchange_of(request)
    exchange.form = f"{system}/{form.name}"
    store = request.app.state.services.store
    held = {kind: await records.current(store, exchange.subject.id, kind) for kind in form.kinds}
    return WholeCase({k: v if v and in_force(k, v) else None for k, v in held.items()}, form)


def _described() -> dict[int | str, dict[str, Any]]:
    """Which forms there are depends on the adapters installed; `docs/mapping/` lists them."""
    told = answers(None, 400, 401, 403, 404, 422, 503)
    recorded = {name: told[200]["headers"][name] for name in ("Audit-Entry", "Policy-Version")}
    own = {
        "Content-Disposition": "The form as a file of this name.",
        "Withheld": "The sections not released, each with its rule: `kind/section=rule, …`.",
    }
    text = {"schema": {"type": "string"}}
    told[200] = {
        "description": told[200]["description"],
        "headers": recorded | {name: {"description": d} | text for name, d in own.items()},
        "content": {"application/octet-stream": text},
    }
    return told


@router.get(
    "/{system}/{name}",
    summary="The case in the form of an agency's system",
    operation_id="exportCase",
    responses=_described(),
    response_class=Response,
)
@declares(Declaration(Action.EXPORT, "exports", operation="disclosure", names=form_of))
async def export(
    request: Request,
    ref: PersonRef,
    system: Annotated[str, Path(description="Whose form, such as `visor`.", max_length=40)],
    name: Annotated[str, Path(description="Which form, such as `nominal.xml`.", max_length=60)],
    purpose_of_use: PurposeOfUse,
    justification: Justification = None,
) -> Response:
    """What the asker may read of the person, written in the form of one system (`docs/mapping/`
    says what each holds). Sections that were withheld are not in it."""
    return await whole_case(request, system, form_of({"system": system, "name": name}))
