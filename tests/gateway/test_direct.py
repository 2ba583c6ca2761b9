"""The short way answers exactly as the long one would, and only where there is nothing to parse."""

import pytest

from gateway.direct import Application
from gateway.pipeline import GuardedRoute
from gateway.routes.persons import CURRENT
from tests.gateway.world import Gateway


def test_the_plainest_reads_go_directly(gateway: Gateway) -> None:
    assert isinstance(gateway.app, Application)
    assert gateway.app._direct.keys() == CURRENT.keys()


@pytest.mark.parametrize("path", sorted(CURRENT))
def test_both_ways_give_one_answer(gateway: Gateway, path: str) -> None:
    person = f"/v1/persons/crn:{gateway.hero.crn}/{path}"
    agent = gateway.responsible("OM")
    directly = agent.get(person)
    app = gateway.app
    assert isinstance(app, Application)
    ways, app._direct = app._direct, {}
    try:
        around = agent.get(person)
    finally:
        app._direct = ways
    one, other = directly.json(), around.json()
    for answer in (one, other):
        answer.pop("auditEntry", None)
        answer.get("meta", {}).pop("auditEntry", None)
    assert (directly.status_code, one) == (around.status_code, other)
    assert directly.headers.get("etag") == around.headers.get("etag")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/persons//mappa", 404),
        ("/v1/persons/a/b/mappa", 404),
        ("/v1/persons/crn:X000000/mappa/", 404),
        ("/v1/persons/crn%3AX000000/mappa", 404),
        ("/v1/persons/x/unheard-of", 404),
    ],
)
def test_odd_paths_are_the_same_refusals(gateway: Gateway, path: str, status: int) -> None:
    assert gateway.responsible("OM").get(path).status_code == status


def test_every_direct_route_is_a_guarded_one(gateway: Gateway) -> None:
    assert isinstance(gateway.app, Application)
    assert all(isinstance(route, GuardedRoute) for route in gateway.app._direct.values())
