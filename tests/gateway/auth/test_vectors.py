"""Published signature vectors, where they are at hand: no invalid one is taken for signed."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from gateway.auth.algorithms import ALGORITHMS
from gateway.auth.jwks import RemoteKeys
from gateway.auth.tokens import AuthError, TrustedIssuer, signed_payload
from tests.gateway.auth.signing import ISSUER

JOSE = Path(__file__).parents[4] / "shared" / "vectors" / "jose"


def _vectors() -> list[Any]:
    path = JOSE / "json_web_signature_test.json"
    if not path.exists():
        return []
    groups = json.loads(path.read_text(encoding="utf-8"))["testGroups"]
    return [
        pytest.param(group.get("public", group["private"]), test, id=str(test["tcId"]))
        for group in groups
        for test in group["tests"]
    ]


@pytest.mark.parametrize(("jwk", "test"), _vectors())
def test_published_signature_vectors(jwk: dict[str, Any], test: dict[str, Any]) -> None:
    good = test["result"] == "valid"
    allowed = good and jwk.get("alg") in ALGORITHMS and _algorithm(test["jws"]) in ALGORITHMS
    assert _accepts(jwk, test["jws"]) == allowed


def _algorithm(text: str) -> str:
    return str(jws.extract_compact(text.encode()).headers()["alg"])


def _accepts(jwk: dict[str, Any], text: str) -> bool:
    key_set = KeySet.import_key_set({"keys": [jwk]})
    keys = asyncio.run(RemoteKeys(TrustedIssuer(ISSUER, jwks=key_set)).for_kid(None))
    try:
        signed_payload(text, keys)
    except AuthError:
        return False
    return True
