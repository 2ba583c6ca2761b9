"""The embedded issuer answers who proves to be a client, for itself and its agency's staff only."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from gateway.auth.directory import Client, Directory, Staff
from gateway.auth.issuer import LONGEST_ASSERTION, EmbeddedIssuer
from gateway.auth.keys import client_assertion
from gateway.auth.principal import Principal
from gateway.auth.tokens import TokenVerifier, TrustedIssuer
from tests.gateway.auth.signing import LEFT_OUT, bearer, segment, sign

BASE = "https://gateway.example"
ENDPOINT = f"{BASE}/oauth/token"
AUDIENCE = "https://gateway.example/api"
KEY = ECKey.generate_key("P-256", private=True)
DESK = ECKey.generate_key("P-256", private=True)
FORCE = ECKey.generate_key("P-256", private=True)
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "ed-1"}, private=True)
for _key in (KEY, DESK, FORCE):
    _key.ensure_kid()

STAFF = [
    Staff(
        id="s-1",
        name="Ines Thorne",
        roles=("probation-practitioner",),
        agency="probation",
        unit="pdu-3",
        email="Ines@probation.example",
    ),
    Staff(id="p-1", name="Abel Moss", roles=("mosovo-offender-manager",), agency="police"),
]


def _jwks(*keys: ECKey | OKPKey | OctKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


CLIENTS = [
    Client(id="desk", agency="probation", jwks=_jwks(DESK, EDWARDS)),
    Client(
        id="force", agency="police", jwks=_jwks(FORCE), systems=("visor",), roles=("case-system",)
    ),
    Client(id="broken", agency="police", jwks={"keys": [{"kty": "EC"}]}),
    Client(id="empty", agency="police", jwks={}),
    Client(id="sealed", agency="police", jwks={"keys": [FORCE.as_dict(private=False)]}),
]
CLIENTS[4].jwks["keys"][0]["use"] = "enc"

Answer = tuple[int, dict[str, Any], dict[str, str]]


@pytest.fixture
def issuer(tmp_path: Path) -> EmbeddedIssuer:
    """An issuer for two agencies."""
    return _issuer(tmp_path)


def _issuer(data_dir: Path, **settings: Any) -> EmbeddedIssuer:
    Directory(data_dir).save(STAFF, CLIENTS)
    return EmbeddedIssuer(BASE, AUDIENCE, KEY, Directory(data_dir), **settings)


def form(assertion: str, **fields: str) -> dict[str, str]:
    """The fields of a token request."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    } | fields


def assertion(client: str = "desk", key: Any = DESK, **changes: Any) -> str:
    """A client's assertion, with changes; `LEFT_OUT` leaves a claim out, and a duration is a time
    that long from now."""
    now = int(time.time())
    good = {"iss": client, "sub": client, "aud": ENDPOINT, "iat": now, "exp": now + 60, "jti": "a"}
    changes = {
        name: now + value.total_seconds() if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    body = {name: value for name, value in (good | changes).items() if value is not LEFT_OUT}
    algorithm = "Ed25519" if isinstance(key, OKPKey) else "ES256"
    return sign(payload=body, key=key, header={"typ": "JWT", "alg": algorithm})


def ask(issuer: EmbeddedIssuer, fields: dict[str, str]) -> Answer:
    """The issuer's answer, which is never to be kept by a cache."""
    answer = issuer.token_response(fields)
    assert answer[2]["Cache-Control"] == "no-store"
    return answer


def refused(issuer: EmbeddedIssuer, fields: dict[str, str], error: str = "invalid_client") -> None:
    """The request gets this error and not a word more."""
    status, body, _ = ask(issuer, fields)
    assert (status, body) == (401 if error == "invalid_client" else 400, {"error": error})


def caller(issuer: EmbeddedIssuer, token: str) -> Principal:
    """Who the gateway takes the bearer of the token for."""
    trusted = [TrustedIssuer(BASE, jwks=issuer.public_keys())]
    verifier = TokenVerifier(trusted, AUDIENCE)
    return asyncio.run(verifier.verify(bearer(token)))


def test_a_client_gets_a_token_of_its_own(issuer: EmbeddedIssuer) -> None:
    proof = client_assertion("force", FORCE, ENDPOINT)
    status, body, _ = ask(issuer, form(proof))
    assert status == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    principal = caller(issuer, body["access_token"])
    assert (principal.client, principal.agency, principal.staff) == ("force", "police", None)
    assert (principal.roles, principal.systems) == (("case-system",), ("visor",))


def test_a_client_gets_a_token_for_a_member_of_its_agencys_staff(issuer: EmbeddedIssuer) -> None:
    _, body, _ = ask(issuer, form(client_assertion("desk", DESK, BASE), staff="s-1"))
    principal = caller(issuer, body["access_token"])
    assert (principal.client, principal.agency, principal.staff) == ("desk", "probation", "s-1")
    assert (principal.roles, principal.systems) == (("probation-practitioner",), ())
    assert (principal.unit, principal.area, principal.vetting) == ("pdu-3", None, None)
    assert principal.users == ("s-1", "ines@probation.example")


def test_the_token_is_as_rfc_9068_says(tmp_path: Path) -> None:
    issuer = _issuer(tmp_path, lifetime=90)
    _, body, _ = ask(issuer, form(assertion(), staff="s-1"))
    token = jwt.decode(body["access_token"], issuer.public_keys(), algorithms=["ES256"])
    assert token.header == {"alg": "ES256", "typ": "at+jwt", "kid": KEY.thumbprint()}
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= token.claims.keys()
    assert (token.claims["iss"], token.claims["aud"]) == (BASE, AUDIENCE)
    assert (token.claims["sub"], token.claims["client_id"]) == ("s-1", "desk")
    assert token.claims["exp"] - token.claims["iat"] == body["expires_in"] == 90
    assert None not in token.claims.values()


def test_no_two_tokens_have_the_same_id(issuer: EmbeddedIssuer) -> None:
    assert len({caller(issuer, issuer.issue("s-1")).token_id for _ in range(3)}) == 3


def test_the_command_line_issues_for_staff_by_id(issuer: EmbeddedIssuer) -> None:
    principal = caller(issuer, issuer.issue("p-1"))
    assert (principal.client, principal.staff, principal.agency) == (
        "command-line",
        "p-1",
        "police",
    )
    with pytest.raises(LookupError, match="lists them"):
        issuer.issue("nobody")


def test_what_is_published_holds_no_private_key(issuer: EmbeddedIssuer) -> None:
    assert [set(key) for key in issuer.jwks()["keys"]] == [{"kty", "crv", "x", "y", "kid"}]
    metadata = issuer.metadata()
    assert metadata["issuer"] == BASE
    assert metadata["token_endpoint"] == ENDPOINT
    assert "none" not in metadata["token_endpoint_auth_signing_alg_values_supported"]
    assert json.loads(json.dumps(metadata)) == metadata


@pytest.mark.parametrize("audience", [BASE, ENDPOINT, [ENDPOINT], ["https://other.example", BASE]])
def test_an_assertion_for_this_issuer_is_taken(issuer: EmbeddedIssuer, audience: Any) -> None:
    assert ask(issuer, form(assertion(aud=audience)))[0] == 200


def test_each_key_of_a_client_will_do(issuer: EmbeddedIssuer) -> None:
    assert ask(issuer, form(assertion(key=EDWARDS)))[0] == 200


def test_an_assertion_is_used_once(issuer: EmbeddedIssuer) -> None:
    first = assertion()
    assert ask(issuer, form(first))[0] == 200
    refused(issuer, form(first))
    refused(issuer, form(assertion(exp=time.time() + 100)))
    assert ask(issuer, form(assertion(jti="b")))[0] == 200
    assert ask(issuer, form(assertion("force", FORCE)))[0] == 200


def test_an_assertion_is_remembered_as_long_as_it_would_be_taken(issuer: EmbeddedIssuer) -> None:
    last = time.time() - 28
    assert ask(issuer, form(assertion(exp=last)))[0] == 200
    while time.time() < last + 32:
        refused(issuer, form(assertion(exp=last)))
        time.sleep(0.1)
    assert ask(issuer, form(assertion()))[0] == 200


def test_a_refused_assertion_does_not_use_up_its_id(issuer: EmbeddedIssuer) -> None:
    refused(issuer, form(assertion(key=FORCE)))
    refused(issuer, form(assertion(aud="https://other.example")))
    assert ask(issuer, form(assertion()))[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"},
        {"aud": LEFT_OUT},
        {"aud": [1]},
        {"aud": {ENDPOINT: 1}},
        {"iss": "force"},
        {"iss": LEFT_OUT},
        {"sub": "force"},
        {"sub": "nobody", "iss": "nobody"},
        {"sub": LEFT_OUT},
        {"sub": ["desk"]},
        {"sub": None},
        {"exp": LEFT_OUT},
        {"exp": 1},
        {"exp": "never"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"exp": timedelta(seconds=LONGEST_ASSERTION + 600)},
        {"iat": timedelta(seconds=600)},
        {"iat": "now"},
        {"nbf": timedelta(seconds=600)},
        {"jti": LEFT_OUT},
        {"jti": None},
        {"jti": ""},
        {"jti": 1},
        {"jti": ["a"]},
        {"jti": "a" * 257},
    ],
)
def test_an_assertion_with_other_claims_is_refused(
    issuer: EmbeddedIssuer, changes: dict[str, Any]
) -> None:
    refused(issuer, form(assertion(**changes)))


SECRET = OctKey.import_key({"kty": "oct", "k": segment(b"s" * 32)})
FORGERIES: list[Callable[[], str]] = [
    lambda: assertion("desk", FORCE),
    lambda: assertion("nobody", DESK),
    lambda: assertion("broken", FORCE),
    lambda: assertion("empty", FORCE),
    lambda: assertion("sealed", FORCE),
    lambda: sign(payload={"sub": "desk"}, key=SECRET, header={"alg": "HS256", "kid": DESK.kid}),
    lambda: ".".join([segment({"alg": "none"}), assertion().split(".")[1], ""]),
    lambda: assertion() + "A",
    lambda: assertion()[:-4],
    lambda: f"{segment('alg')}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment('b64 alg')}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment(['alg'])}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment({'alg': []})}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment({'alg': 'ES256', 'kid': {}})}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment({'alg': 'ES256', 'crit': 1})}.{segment({'sub': 'desk'})}.AAAA",
    lambda: f"{segment({'alg': 'ES256'})}.{segment(b'[' * 90_000)}.AAAA",
    lambda: f"{segment({'alg': 'ES256'})}.{segment([])}.AAAA",
    lambda: f"{segment({'alg': 'ES256'})}.{segment(b'{')}.AAAA",
    lambda: "a" * 500_000,
    lambda: "é.é.é",
    lambda: "\ud800",
    lambda: "",
]


@pytest.mark.parametrize("forgery", FORGERIES, ids=range(len(FORGERIES)))
def test_what_the_client_did_not_sign_is_refused(
    issuer: EmbeddedIssuer, forgery: Callable[[], str]
) -> None:
    refused(issuer, form(forgery()))


@pytest.mark.parametrize("staff", ["p-1", "nobody", ""])
def test_staff_of_another_agency_is_as_unknown_as_nobody(
    issuer: EmbeddedIssuer, staff: str
) -> None:
    refused(issuer, form(assertion(), staff=staff), "invalid_request")


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token"])
def test_another_grant_is_not_supported(issuer: EmbeddedIssuer, grant: str) -> None:
    refused(issuer, form(assertion(), grant_type=grant), "unsupported_grant_type")


def test_a_request_without_grant_is_invalid(issuer: EmbeddedIssuer) -> None:
    refused(issuer, {}, "invalid_request")
    refused(issuer, form(assertion(), grant_type=""), "invalid_request")


@pytest.mark.parametrize("missing", ["client_assertion", "client_assertion_type"])
def test_a_client_that_proves_nothing_is_refused(issuer: EmbeddedIssuer, missing: str) -> None:
    fields = form(assertion())
    del fields[missing]
    refused(issuer, fields)
    refused(issuer, fields | {"client_id": "desk", "client_secret": "guess"})


def test_a_client_that_names_itself_otherwise_is_refused(issuer: EmbeddedIssuer) -> None:
    refused(issuer, form(assertion(), client_id="force"))
    assert ask(issuer, form(assertion(jti="b"), client_id="desk"))[0] == 200


FIELDS = st.sampled_from(
    ["grant_type", "client_assertion_type", "client_assertion", "staff", "scope", "client_id"]
)


@given(st.dictionaries(FIELDS | st.text(), st.text()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form_is_answered(issuer: EmbeddedIssuer, fields: dict[str, str]) -> None:
    for request in (fields, form("a.b.c") | fields, form(assertion()) | fields):
        status, body, _ = ask(issuer, request)
        assert status == 200 or (status in (400, 401) and body.keys() == {"error"})


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_assertion_is_refused(issuer: EmbeddedIssuer, text: str) -> None:
    refused(issuer, form(text))
    refused(issuer, form(f"{text}.{segment({'sub': 'desk'})}.{text}"))
    refused(issuer, form(sign(payload=text.encode(), key=DESK)))
