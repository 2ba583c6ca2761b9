"""Only a fresh access token, signed by a trusted issuer for this gateway, says who is calling."""

import asyncio
import hmac
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from gateway.auth import tokens
from gateway.auth.principal import Principal
from gateway.auth.tokens import AuthError, TokenVerifier, TrustedIssuer
from tests.gateway.auth.signing import (
    AUDIENCE,
    ISSUER,
    KEY,
    LEFT_OUT,
    bearer,
    claims,
    public,
    segment,
    sign,
)

POLICE = "https://id.police.example"
POLICE_KEY = ECKey.generate_key("P-256", {"kid": "police-1"}, private=True)
RSA_KEY = RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)
ED_KEY = OKPKey.generate_key("Ed25519", {"kid": "ed-1"}, private=True)


_NO_ROLES: list[Any] = [None, "auditor", {"auditor": 1}, ["auditor"] * 33]
_NO_TEXT: list[Any] = ["", 7, False, [], {"a": 1}, "x" * 257]


def verifier() -> TokenVerifier:
    """Trusts probation's and the police's issuers."""
    trusted = [
        TrustedIssuer(ISSUER, jwks=public(KEY, RSA_KEY, ED_KEY)),
        TrustedIssuer(POLICE, jwks=public(POLICE_KEY)),
    ]
    return TokenVerifier(trusted, AUDIENCE)


def caller(header: str | None, by: TokenVerifier | None = None) -> Principal:
    """Who the header says is calling."""
    return asyncio.run((by or verifier()).verify(header))


def refusal(header: str | None, by: TokenVerifier | None = None) -> str:
    """Why the header is refused."""
    with pytest.raises(AuthError) as caught:
        caller(header, by)
    assert caught.value.code == "invalid_token"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.detail


def test_a_good_token_names_client_and_member_of_staff() -> None:
    expires = int(time.time()) + 60
    optional: dict[str, Any] = {
        "staff": "S-1",
        "unit": "pdu-3",
        "area": "north",
        "vetting": "SC",
        "preferred_username": "IThorne",
        "email": "s-1",
        "systems": ["delius"],
    }
    assert caller(bearer(sign(exp=expires, **optional))) == Principal(
        agency="probation",
        client="desk",
        staff="S-1",
        roles=("probation-practitioner",),
        unit="pdu-3",
        area="north",
        vetting="SC",
        systems=("delius",),
        token_id="t-1",
        issuer=ISSUER,
        expires=expires,
        users=("s-1", "ithorne"),
    )


def test_what_is_optional_may_be_missing() -> None:
    principal = caller(bearer(sign(roles=LEFT_OUT)))
    assert (principal.roles, principal.systems, principal.users) == ((), (), ())
    assert (principal.staff, principal.unit, principal.area, principal.vetting) == (None,) * 4


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (KEY, "ES256"),
        (RSA_KEY, "RS256"),
        (RSA_KEY, "PS256"),
        (ED_KEY, "Ed25519"),
        (ED_KEY, "EdDSA"),
    ],
)
def test_each_allowed_algorithm_is_verified(key: Key, algorithm: str) -> None:
    good = sign(key=key, header={"alg": algorithm})
    assert caller(bearer(good)).client == "desk"
    head, _, signature = good.split(".")
    forged = f"{head}.{segment(claims(agency='police'))}.{signature}"
    assert refusal(bearer(forged)) == "The token's signature is not valid."


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["https://other.example", AUDIENCE]])
def test_one_audience_of_several_is_enough(audience: Any) -> None:
    assert caller(bearer(sign(aud=audience))).agency == "probation"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_type_and_scheme_are_in_any_case(typ: str, scheme: str) -> None:
    assert caller(f"{scheme} {sign(header={'typ': typ})}").agency == "probation"


def test_a_header_parameter_nobody_knows_is_ignored() -> None:
    assert caller(bearer(sign(header={"nonce": "n"}))).agency == "probation"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "https://other.example"}, "The token is meant for another audience."),
        ({"aud": LEFT_OUT}, "The token is meant for another audience."),
        ({"aud": []}, "The token is meant for another audience."),
        ({"aud": {AUDIENCE: 1}}, "The token is meant for another audience."),
        ({"aud": [[AUDIENCE]]}, "The token is meant for another audience."),
        ({"iss": "https://stranger.example"}, "The token's issuer is not trusted here."),
        ({"iss": LEFT_OUT}, "The token's issuer is not trusted here."),
        ({"iss": [ISSUER]}, "The token's issuer is not trusted here."),
        ({"exp": 1}, "The token has expired; ask for a new one."),
        ({"exp": LEFT_OUT}, "The token lacks the claim exp."),
        ({"exp": "never"}, "The token lacks the claim exp."),
        ({"exp": True}, "The token lacks the claim exp."),
        ({"exp": float("nan")}, "The token lacks the claim exp."),
        ({"exp": float("inf")}, "The token lacks the claim exp."),
        ({"exp": 10**400}, "The token lacks the claim exp."),
        ({"iat": time.time() + 86_400}, "The token is from the future."),
        ({"iat": LEFT_OUT}, "The token lacks the claim iat."),
        ({"nbf": time.time() + 86_400}, "The token is not valid yet."),
        ({"nbf": None}, "The token lacks the claim nbf."),
        *[
            ({name: LEFT_OUT}, f"The token lacks the claim {name}.")
            for name in ("jti", "agency", "client_id", "sub")
        ],
        *[
            ({name: value}, f"The token's claim {name} is not text.")
            for name in ("jti", "agency", "client_id", "sub", "staff", "unit", "email", "vetting")
            for value in _NO_TEXT
        ],
        *[
            ({name: value}, f"The token's claim {name} is not a list of text.")
            for name in ("roles", "systems")
            for value in _NO_ROLES
        ],
        ({"roles": [1]}, "The token's claim roles is not text."),
        ({"roles": [None]}, "The token lacks the claim roles."),
    ],
)
def test_a_token_with_other_claims_is_refused(changes: dict[str, Any], why: str) -> None:
    assert refusal(bearer(sign(**changes))) == why


def test_a_clock_may_be_half_a_minute_off() -> None:
    now = time.time()
    assert caller(bearer(sign(exp=now - 20, iat=now + 20, nbf=now + 20))).agency == "probation"


@pytest.mark.parametrize("typ", ["JWT", "jwt", "", None, 1, "at+jwt; v=1", "logout+jwt"])
def test_a_token_of_another_type_is_refused(typ: Any) -> None:
    token = f"{segment({'alg': 'ES256', 'typ': typ})}.{segment(claims())}.AAAA"
    assert refusal(bearer(token)) == "The token is not an access token (typ at+jwt)."


def test_an_identity_token_is_no_access_token() -> None:
    assert "access token" in refusal(bearer(sign(header={"typ": "JWT"})))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "ES256"])
def test_a_token_without_signature_is_refused(algorithm: str) -> None:
    head = segment({"alg": algorithm, "typ": "at+jwt", "kid": KEY.kid})
    for signature in ("", "AA"):
        refused = refusal(bearer(f"{head}.{segment(claims())}.{signature}"))
        assert refused == "The token's signature is not valid."


@pytest.mark.parametrize("key", [KEY, RSA_KEY])
def test_a_public_key_is_no_shared_secret(key: ECKey | RSAKey) -> None:
    for secret in (key.as_pem(private=False), key.as_der(private=False)):
        signed = f"{segment({'alg': 'HS256', 'typ': 'at+jwt', 'kid': key.kid})}.{segment(claims())}"
        forged = f"{signed}.{segment(hmac.digest(secret, signed.encode(), 'sha256'))}"
        assert refusal(bearer(forged)) == "The token's signature is not valid."


def test_a_shared_secret_among_the_keys_is_not_used() -> None:
    shared = OctKey.generate_key(256, {"kid": "shared"})
    jwks = KeySet([shared, *public(KEY).keys])
    trusting = TokenVerifier([TrustedIssuer(ISSUER, jwks=jwks)], AUDIENCE)
    refusal(bearer(sign(key=shared, header={"alg": "HS256"})), trusting)
    assert caller(bearer(sign()), trusting).agency == "probation"


@pytest.mark.parametrize("kid", [POLICE_KEY.kid, KEY.kid, None, "unknown"])
def test_one_issuer_may_not_speak_for_another(kid: str | None) -> None:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": kid}
    forged = sign(key=POLICE_KEY, header=header)
    assert refusal(bearer(forged)) == "The token's signature is not valid."
    assert caller(bearer(sign(key=POLICE_KEY, iss=POLICE, agency="police"))).agency == "police"


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("limits", [{"use": "enc"}, {"alg": "ES384"}, {"key_ops": ["deriveKey"]}])
def test_a_key_for_something_else_verifies_nothing(limits: dict[str, Any], named: bool) -> None:
    jwk = KEY.as_dict(private=False) | limits
    jwks = KeySet.import_key_set({"keys": [jwk]})
    trusting = TokenVerifier([TrustedIssuer(ISSUER, jwks=jwks)], AUDIENCE)
    head, body, _ = sign().split(".")
    token = sign() if named else sign(header={"kid": None})
    assert refusal(bearer(token), trusting) == "The token's signature is not valid."
    assert refusal(bearer(f"{head}.{body}."), trusting) == "The token's signature is not valid."


def test_of_several_keys_one_must_be_named_but_a_single_one_needs_no_name() -> None:
    anonymous = sign(header={"kid": None})
    assert "signature" in refusal(bearer(anonymous))
    single = TokenVerifier([TrustedIssuer(ISSUER, jwks=public(KEY))], AUDIENCE)
    assert caller(bearer(anonymous), single).agency == "probation"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic dTpw",
        "Bearer\t" + sign(),
        "Bearer  " + sign(),
        " " + bearer(sign()),
        "Token " + sign(),
        bearer(sign()) + " ",
        bearer(sign()) + "\n",
        bearer(sign()) + ", " + bearer(sign()),
        bearer(sign()) + "é",
        "Bearér " + sign(),
        bearer("é.é.é"),
        bearer("a.b"),
        bearer("a.b.c.d.e"),
        bearer("a" * 100_000),
        bearer(sign(staff="s" * 100_000)),
    ],
    ids=range(19),
)
def test_anything_but_one_bearer_token_is_refused(header: str | None) -> None:
    assert refusal(header) in {
        "Send the header Authorization: Bearer with an access token.",
        "The token is not a signed JWT.",
    }


MADE_UP = [[], ["alg"], "alg", "b64 alg", 1, None, True, {}, {"alg": "ES256", "b64": False}]
MADE_UP += [
    {"alg": "ES256", "typ": "at+jwt", "crit": crit} for crit in ([], ["exp"], 1, {"b64": 1})
]


@pytest.mark.parametrize("header", [*MADE_UP, b"", b"{", b"\xff", b"[" * 300], ids=repr)
def test_a_made_up_header_is_refused(header: Any) -> None:
    token = f"{segment(header)}.{segment(claims())}.AAAA"
    assert refusal(bearer(token)) == "The token is not a signed JWT."


@pytest.mark.parametrize("payload", [[], ["iss"], "iss", 1, None, b"", b"{", b"\xff", b"[" * 3000])
def test_a_payload_that_is_no_object_is_refused(payload: Any) -> None:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    assert refusal(bearer(sign(payload=raw))) == "The token is not a signed JWT."


@pytest.mark.parametrize("field", ["alg", "kid"])
@pytest.mark.parametrize("value", [None, 1, True, [], ["ES256"], {}, "", "HS256", "RS256", "ES512"])
def test_a_made_up_algorithm_or_key_is_refused(field: str, value: Any) -> None:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid} | {field: value}
    _, body, signature = sign().split(".")
    refused = refusal(bearer(f"{segment(header)}.{body}.{signature}"))
    assert refused == "The token's signature is not valid."


def test_an_unencoded_payload_is_refused() -> None:
    head = segment({"alg": "ES256", "typ": "at+jwt", "b64": False, "crit": ["b64"]})
    assert refusal(bearer(f"{head}.{{}}.AAAA")) == "The token is not a signed JWT."


@pytest.mark.parametrize("curve", ["X25519", "Ed448"])
def test_a_key_of_another_curve_is_refused(curve: Any) -> None:
    jwks = public(OKPKey.generate_key(curve, {"kid": "okp"}, private=True))
    trusting = TokenVerifier([TrustedIssuer(ISSUER, jwks=jwks)], AUDIENCE)
    for algorithm in ("Ed25519", "EdDSA", "ES256"):
        head = segment({"alg": algorithm, "typ": "at+jwt", "kid": "okp"})
        token = f"{head}.{segment(claims())}.{segment(b'x' * 64)}"
        assert refusal(bearer(token), trusting) == "The token's signature is not valid."


@given(st.text())
def test_any_text_is_refused_or_answered(text: str) -> None:
    refusal(text)
    refusal(bearer(text))


@given(st.lists(st.text('abcXYZ019-_=+/ .é{}"', max_size=30), min_size=3, max_size=3))
def test_any_three_segments_are_refused(parts: list[str]) -> None:
    refusal(bearer(".".join(parts)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64", "jwk", "jku", "x5c"]), JSON))
def test_any_header_is_refused(header: dict[str, Any]) -> None:
    _, body, signature = sign().split(".")
    refusal(bearer(f"{segment({'alg': 'ES256', 'typ': 'at+jwt'} | header)}.{body}.{signature}"))


@given(st.dictionaries(st.sampled_from(sorted(claims())), JSON))
def test_any_signed_claims_are_refused_or_answered(changes: dict[str, Any]) -> None:
    try:
        principal = caller(bearer(sign(**changes)))
    except AuthError:
        return
    assert principal.issuer == ISSUER
    assert principal.agency
    assert principal.token_id


def test_a_verified_token_is_not_verified_again(monkeypatch: pytest.MonkeyPatch) -> None:
    by, header = verifier(), bearer(sign())
    first = caller(header, by)
    monkeypatch.setattr(tokens, "signed_payload", None)
    assert caller(header, by) is first
    with pytest.raises(TypeError):
        caller(bearer(sign(jti="t-2")), by)


def test_a_refused_token_is_not_remembered() -> None:
    by, header = verifier(), bearer(sign(aud="https://other.example"))
    assert refusal(header, by) == refusal(header, by)


def test_a_token_that_expires_after_it_was_remembered_is_refused() -> None:
    by, expires = verifier(), int(time.time()) - tokens.LEEWAY + 2
    header = bearer(sign(exp=expires))
    caller(header, by)
    while time.time() <= expires + tokens.LEEWAY:
        time.sleep(0.05)
    assert refusal(header, by) == "The token has expired; ask for a new one."
    assert refusal(header, by) == "The token has expired; ask for a new one."


def test_the_oldest_of_too_many_tokens_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 2)
    by, headers = verifier(), [bearer(sign(jti=f"t-{number}")) for number in range(3)]
    first, second, third = [caller(header, by) for header in headers]
    assert caller(headers[1], by) is second
    assert caller(headers[2], by) is third
    again = caller(headers[0], by)
    assert again == first
    assert again is not first
