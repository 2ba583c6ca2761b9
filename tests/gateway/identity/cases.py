"""Two people who may be one, and short ways to decide about them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx

from gateway.demo.client import Agent
from gateway.demo.payloads import delius_person, nomis_prisoner
from gateway.demo.people import Character
from tests.gateway.ingest.cases import encoded, known, person_of, push, read, somebody
from tests.gateway.world import Gateway

REVIEWS = "/v1/identity/reviews"


def steward(gateway: Gateway) -> Agent:
    """Who decides on anybody."""
    return gateway.staff("IS-1")


def two(gateway: Gateway, **facts: Any) -> tuple[Character, str, Character, str]:
    """Two people whom probation knows by two CRNs, with their ids here, the older first."""
    one = known(gateway, **facts)
    other = somebody(**facts)
    ids = [person_of(push(gateway, "delius", delius_person(p))[0]) for p in (one, other)]
    return one, ids[0], other, ids[1]


def held(gateway: Gateway, one: Character, other: Character) -> dict[str, Any]:
    """What became of a payload with identifiers of both."""
    row = delius_person(replace(one, forename="Heldwyn"))
    row["otherIds"]["pncNumber"] = other.pnc
    answer = gateway.push("delius", encoded(row))
    assert answer.status_code == 422, answer.text
    item: dict[str, Any] = answer.json()["items"][0]
    return item


def asked(agent: Agent, *ids: str, state: str = "all") -> dict[str, Any]:
    """The review about these two."""
    listed = pages(agent, f"{REVIEWS}?state={state}")
    (one,) = [one for page in listed for one in page if set(ids) <= set(one["persons"])]
    return one


def pages(agent: Agent, url: str) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, as long as there is a next."""
    while url:
        page = agent.get(url)
        assert page.status_code == 200, page.text
        yield page.json()["data"]
        url = page.links.get("next", {}).get("url", "")


def decide(
    agent: Agent, review: str, decision: str, state: str | None = None, **more: Any
) -> httpx.Response:
    """Decide on a review as it is now, or as it was at `state`."""
    tag = state or agent.get(f"{REVIEWS}/{review}").headers.get("etag", '"none"')
    body = json.dumps({"decision": decision, **more})
    return agent.call(
        "POST", f"{REVIEWS}/{review}/decision", content=body, headers={"If-Match": tag}
    )


def merge(agent: Agent, one: str, other: str, **more: Any) -> httpx.Response:
    """Make two persons one whom nobody proposed."""
    body = json.dumps({"person": one, "other": other, **more})
    return agent.call("POST", "/v1/identity/merges", content=body)


def split(agent: Agent, person: str, **chosen: Any) -> httpx.Response:
    """Take records out of a person."""
    return agent.call(
        "POST", "/v1/identity/splits", content=json.dumps({"person": person, **chosen})
    )


def done(answer: httpx.Response) -> dict[str, Any]:
    """The review after a decision that was taken."""
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def prisoner(person: Character, **changes: Any) -> dict[str, Any]:
    """The prison's record of somebody, who has no number in common with their other records."""
    bare = {"pncNumber": None, "croNumber": None}
    return nomis_prisoner(person) | bare | changes


def merged(stays: str, gone: str) -> dict[str, Any]:
    """The prison's word that one number became another."""
    return {
        "eventType": "prison-offender-events.prisoner.merged",
        "version": 1,
        "occurredAt": "2026-03-02T09:15:24Z",
        "additionalInformation": {
            "nomsNumber": stays,
            "removedNomsNumber": gone,
            "reason": "MERGE",
        },
    }


def body(gateway: Gateway, ref: str, what: str = "") -> Any:
    """What is told of a person, but for how often it has changed."""
    answer = read(gateway, ref, what)
    answer["meta"].pop("version")
    answer["meta"].pop("auditEntry")
    return answer
