"""What a trusted issuer may say, and for how long it is believed."""

import pytest

from gateway.auth import tokens
from gateway.auth.tokens import TokenVerifier, TrustedIssuer
from tests.gateway.auth.signing import AUDIENCE, ISSUER, KEY, bearer, public, sign
from tests.gateway.auth.test_tokens import POLICE, caller, refusal, verifier


def test_an_issuer_speaks_for_its_own_agencies_only() -> None:
    trusted = TrustedIssuer(ISSUER, public(KEY), agencies=frozenset({"police"}))
    by = TokenVerifier([trusted], AUDIENCE)
    assert caller(bearer(sign(agency="police")), by).agency == "police"
    said = refusal(bearer(sign(agency="probation")), by)
    assert said == "The token's issuer may not speak for this agency."


def test_a_withdrawn_key_ends_its_tokens_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    by = verifier()
    header = bearer(sign())
    caller(header, by)
    monkeypatch.setattr(by, "_keys", {ISSUER: by._keys[POLICE]})
    caller(header, by)
    monkeypatch.setattr(tokens, "REMEMBERED_SECONDS", -1)
    by._known.clear()
    assert "signature" in refusal(header, by)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "line\nbreak"])
def test_text_that_no_log_can_hold_is_refused(text: str) -> None:
    assert refusal(bearer(sign(client_id=text))) == "The token's claim client_id is not text."
