"""No route goes round the pipeline, and no request about a person goes unrecorded."""

import itertools

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from gateway.drafts import Draft
from gateway.exchange import Declaration
from gateway.pipeline import GuardedRoute
from gateway.routes.persons import VISOR_XML
from tests.gateway.world import Gateway

ROLES = {
    "probation-practitioner": "PP-13-1",
    "mosovo-offender-manager": "OM-13-1",
    "prison-offender-manager": "POM-13-1",
    "victim-liaison-officer": "VLO-13-1",
    "mappa-administrator": "MA-13-1",
    "auditor": "AUD-1",
    "stranger": "OM-46-2",
    "case-system": "",
}
METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


def operations(gateway: Gateway) -> list[tuple[str, str]]:
    paths = gateway.app.openapi()["paths"]
    return [(path, method) for path, item in paths.items() for method in item if method in METHODS]


def person_paths(gateway: Gateway) -> list[str]:
    return [path for path, _ in operations(gateway) if "/persons/{ref}" in path]


def test_every_route_is_a_guarded_one(gateway: Gateway) -> None:
    contexts = list(iter_route_contexts(gateway.app.routes))
    api = [c for c in contexts if isinstance(c.original_route, APIRoute)]
    assert api
    for context in api:
        assert isinstance(context.original_route, GuardedRoute)
        assert isinstance(context.original_route.declaration, Declaration)


def test_there_are_as_many_routes_as_openapi_operations(gateway: Gateway) -> None:
    contexts = iter_route_contexts(gateway.app.routes)
    api = [c.original_route for c in contexts if isinstance(c.original_route, APIRoute)]
    assert sum(len(route.methods or ()) for route in api) == len(operations(gateway))


def test_what_is_not_a_guarded_route_is_documentation_only(gateway: Gateway) -> None:
    others = {
        getattr(c.original_route, "path", "")
        for c in iter_route_contexts(gateway.app.routes)
        if not isinstance(c.original_route, APIRoute)
    }
    assert others <= {"/", "/openapi.json", "/docs", "/docs/assets"}


def test_a_handler_without_a_declaration_cannot_become_a_route() -> None:
    async def handler() -> None: ...

    with pytest.raises(TypeError, match="declares nothing"):
        GuardedRoute("/v1/nothing", handler)


async def _send(message: object) -> None:
    pytest.fail("a draft was sent")


async def _receive() -> dict[str, str]:
    return {}


def test_a_draft_cannot_be_sent() -> None:
    with pytest.raises(RuntimeError, match="without the pipeline"):
        Draft()(  # the coroutine is driven by hand: nothing may be awaited before it refuses
            {}, _receive, _send
        ).send(None)


def test_every_person_route_under_every_role_writes_exactly_one_entry(gateway: Gateway) -> None:
    paths = person_paths(gateway)
    assert len(paths) >= 13
    for path, (role, staff) in itertools.product(paths, ROLES.items()):
        for ref in (f"crn:{gateway.hero.crn}", "crn:X999999", "noms:rubbish"):
            agent = gateway.staff(staff) if staff else gateway.system("visor")
            agent.token()
            before = gateway.entries()
            answer = agent.get(path.replace("{ref}", ref).replace("{record_id}", "no-such"))
            assert gateway.entries() == before + 1, (path, role, ref, answer.status_code)
            assert answer.headers["audit-entry"]


@pytest.mark.parametrize("role", ROLES)
def test_a_search_under_every_role_writes_exactly_one_entry(gateway: Gateway, role: str) -> None:
    agent = gateway.staff(ROLES[role]) if ROLES[role] else gateway.system("visor")
    agent.token()
    for body in (b'{"surname": "Larkspur"}', b"{", b""):
        before = gateway.entries()
        answer = agent.call("POST", "/v1/persons/search", content=body)
        assert gateway.entries() == before + 1, (answer.status_code, body)


def test_a_search_entry_says_which_sections_were_seen_of_whom(gateway: Gateway) -> None:
    body = b'{"surname": "%s"}' % gateway.hero.surname.encode()
    answer = gateway.responsible("OM").call("POST", "/v1/persons/search", content=body)
    entry = gateway.entry(answer)
    assert "person/identity" in entry["released"]
    assert [hit["id"] for hit in answer.json()["data"]] == entry["persons"]
    assert len(entry["records"]) == len(entry["persons"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Purpose-Of-Use": "curiosity"},
        {"Purpose-Of-Use": ""},
        {"Authorization": "Bearer rubbish"},
        {"Authorization": "Basic eDp5"},
        {"Justification": "j" * 1001},
    ],
)
def test_a_refused_request_is_recorded_too(gateway: Gateway, headers: dict[str, str]) -> None:
    agent = gateway.responsible("OM")
    agent.token()
    before = gateway.entries()
    answer = agent.get(f"/v1/persons/crn:{gateway.hero.crn}/rosh", headers=headers)
    assert answer.status_code in (400, 401)
    assert answer.headers["content-type"] == "application/problem+json"
    assert gateway.entries() == before + 1


def test_an_anonymous_request_is_refused_and_recorded(gateway: Gateway) -> None:
    before = gateway.entries()
    answer = gateway.http.get(f"{gateway.base_url}/v1/persons/crn:{gateway.hero.crn}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert gateway.entries() == before + 1


def test_the_entry_says_who_why_and_what_was_seen(gateway: Gateway) -> None:
    officer = gateway.responsible("OM")
    answer = officer.get(
        f"/v1/persons/crn:{gateway.hero.crn}/risk-management-plan",
        headers={
            "Justification": "Home visit today",
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        },
    )
    entry = gateway.entry(answer)
    assert entry["staff"] == officer.staff
    assert entry["agency"] == "police"
    assert entry["purpose"] == "mappa-management"
    assert entry["justification"] == "Home visit today"
    assert entry["operation"] == "consultation"
    assert entry["outcome"] == "released"
    assert entry["decision"] == "permit"
    assert entry["rules"]
    assert entry["policy"] == answer.headers["policy-version"]
    assert entry["trace"] == "a" * 32
    assert "risk-management-plan/contingency-plans" in entry["released"]
    assert entry["records"][0]["kind"] == "risk-management-plan"
    assert gateway.hero.surname not in str(entry)


def test_whoever_may_not_know_a_person_gets_the_same_answer_as_for_nobody(
    gateway: Gateway,
) -> None:
    stranger = gateway.staff("OM-46-2")
    hidden = stranger.get(f"/v1/persons/crn:{gateway.hero.crn}/rosh")
    nobody = stranger.get("/v1/persons/crn:X999999/rosh")
    assert hidden.status_code == nobody.status_code == 404
    assert {**hidden.json(), "auditEntry": ""} == {**nobody.json(), "auditEntry": ""}
    assert gateway.entry(hidden)["decision"] == "deny"


def test_the_police_form_of_a_case_is_one_entry_and_withholds_what_the_role_may_not_see(
    gateway: Gateway,
) -> None:
    before = gateway.entries()
    answer = gateway.responsible("OM").get(
        f"/v1/persons/crn:{gateway.hero.crn}", headers={"Accept": VISOR_XML}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(VISOR_XML)
    assert b"<nominal" in answer.content
    assert b'section="self-harm"' in answer.content
    assert gateway.entry(answer)["action"] == "export"
    assert gateway.entry(answer)["operation"] == "disclosure"
    assert before + 1 <= gateway.entries() <= before + 3


def test_an_unchanged_record_answers_304_and_is_recorded(gateway: Gateway) -> None:
    officer = gateway.responsible("OM")
    path = f"/v1/persons/crn:{gateway.hero.crn}/mappa"
    tag = officer.get(path).headers["etag"]
    before = gateway.entries()
    again = officer.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert gateway.entries() == before + 1
