"""Helpers: tokens as a trusted identity provider signs them, and as it never would."""

import base64
import json
import time
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, Key, KeySet

from gateway.auth.algorithms import ALGORITHMS, ALLOWED

ISSUER = "https://id.probation.example"
AUDIENCE = "https://gateway.example"
KEY = ECKey.generate_key("P-256", {"kid": "probation-1"}, private=True)

LEFT_OUT = object()
"""A claim that is to be left out."""


def public(*keys: Key) -> KeySet:
    """The public halves as an issuer publishes them."""
    return KeySet.import_key_set({"keys": [key.as_dict(private=False) for key in keys]})


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good token, with changes; `LEFT_OUT` leaves a claim out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "s-1",
        "client_id": "desk",
        "jti": "t-1",
        "iat": now,
        "exp": now + 300,
        "agency": "probation",
        "roles": ["probation-practitioner"],
    }
    return {name: value for name, value in (good | changes).items() if value is not LEFT_OUT}


def segment(content: Any) -> str:
    """Base64url of the JSON of something, or of bytes as they are."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(
    payload: Any = None, key: Key = KEY, header: dict[str, Any] | None = None, **changes: Any
) -> str:
    """A token with the claims of `claims(**changes)`, or with any payload; header names that
    are None are left out."""
    named = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid} | (header or {})
    full = {name: value for name, value in named.items() if value is not None}
    body = claims(**changes) if payload is None else payload
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    registry = ALLOWED if full["alg"] in ALGORITHMS else jws.JWSRegistry(algorithms=[full["alg"]])
    return jws.serialize_compact(full, raw, key, registry=registry)


def bearer(token: str) -> str:
    """The `Authorization` header."""
    return f"Bearer {token}"
