"""Whatever fails inside, nothing leaves unrecorded and nothing personal is repeated."""

import base64
import json
import logging
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import APIRouter, Request
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from gateway.drafts import Listing
from gateway.exchange import Declaration, declares
from gateway.pipeline import GuardedRoute
from gateway.routes import persons as person_routes
from policies.actions import Action
from schemas import Kind
from tests.gateway.world import Gateway

SECRET = "Larkspur of Orchard Rise"


def entries_of(gateway: Gateway, outcome: str) -> list[dict[str, Any]]:
    answer = gateway.staff("AUD-1").get("/v1/audit/entries", params={"outcome": outcome})
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def test_an_unexpected_failure_is_a_bare_500_with_its_entry(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(person_routes, "_held", broken)
    with caplog.at_level(logging.ERROR):
        answer = gateway.responsible("OM").get(f"/v1/persons/crn:{gateway.hero.crn}/rosh")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith(":unexpected")
    assert SECRET not in answer.text + caplog.text
    assert "RuntimeError at test_pipeline_failures.py" in caplog.text
    assert gateway.entry(answer)["outcome"] == "failed"


def test_a_handler_that_answers_by_itself_is_stopped(own_gateway: Gateway) -> None:
    rogue = APIRouter(route_class=GuardedRoute)

    @rogue.get("/v1/rogue")
    @declares(Declaration(Action.SEARCH, "persons"))
    async def answers_by_itself(request: Request) -> Response:
        return JSONResponse({"surname": SECRET})

    own_gateway.app.include_router(rogue)
    answer = own_gateway.staff("PP-13-1").get("/v1/rogue")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert own_gateway.entry(answer)["outcome"] == "failed"


def test_a_record_cannot_be_listed_without_redaction(own_gateway: Gateway) -> None:
    rogue = APIRouter(route_class=GuardedRoute)

    @rogue.get("/v1/rogue")
    @declares(Declaration(Action.READ, Kind.PERSON))
    async def lists(request: Request) -> Response:
        return Listing([{"surname": SECRET}])

    own_gateway.app.include_router(rogue)
    answer = own_gateway.staff("PP-13-1").get("/v1/rogue")
    assert answer.status_code == 500
    assert SECRET not in answer.text


def test_a_route_that_declares_no_action_lets_nobody_in(own_gateway: Gateway) -> None:
    vague = APIRouter(route_class=GuardedRoute)

    @vague.get("/v1/vague")
    @declares(Declaration(kind=Kind.PERSON))
    async def does_something(request: Request) -> Response:
        raise AssertionError("must not be reached")

    own_gateway.app.include_router(vague)
    assert own_gateway.staff("PP-13-1").get("/v1/vague").status_code == 500


def test_a_header_stated_twice_is_refused(gateway: Gateway) -> None:
    agent = gateway.responsible("OM")
    answer = gateway.http.get(
        f"{gateway.base_url}/v1/persons/crn:{gateway.hero.crn}/rosh",
        headers=[
            ("Authorization", f"Bearer {agent.token()}"),
            ("Purpose-Of-Use", "audit"),
            ("Purpose-Of-Use", "mappa-management"),
        ],
    )
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(":repeated-header")


def test_a_push_that_breaks_off_is_recorded_as_such(own_gateway: Gateway) -> None:
    token = own_gateway.system("delius").token()
    address = urlsplit(own_gateway.base_url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = (
            f"POST /v1/ingest/delius HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        )
        connection.sendall(head.encode())
    deadline = time.monotonic() + 5
    while not (found := entries_of(own_gateway, "aborted")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found[0]["client"] == "probation-systems"


def test_what_may_not_be_exported_is_refused_as_an_export(gateway: Gateway) -> None:
    practitioner = gateway.responsible("PP")
    accept = {"Accept": person_routes.VISOR_XML}
    answer = practitioner.get(f"/v1/persons/crn:{gateway.hero.crn}", headers=accept)
    assert answer.status_code == 403
    assert gateway.entry(answer)["outcome"] == "denied"


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_times_beyond_the_calendar_are_problems(gateway: Gateway, edge: str) -> None:
    answer = gateway.staff("AUD-1").get("/v1/audit/entries", params={"since": edge})
    assert answer.status_code == 422


def test_a_token_request_of_too_many_fields_is_an_oauth_error(gateway: Gateway) -> None:
    form = "&".join(f"f{number}=x" for number in range(30))
    answer = gateway.http.post(f"{gateway.base_url}/oauth/token", content=form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_the_front_door_leads_to_the_documentation(gateway: Gateway) -> None:
    assert gateway.http.get(gateway.base_url).headers["location"] == "/docs"


def test_a_withdrawn_token_is_refused_on_the_very_next_request(own_gateway: Gateway) -> None:
    agent = own_gateway.staff("AUD-1")
    assert agent.get("/v1/audit/entries").status_code == 200
    claims = json.loads(base64.urlsafe_b64decode(agent.token().split(".")[1] + "=="))
    with own_gateway.services.store.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO revoked_token VALUES (:issuer, :token)"),
            {"issuer": claims["iss"], "token": claims["jti"]},
        )
        connection.commit()
    refused = agent.get("/v1/audit/entries")
    assert refused.status_code == 401
    assert refused.json()["detail"] == "The token was withdrawn."
