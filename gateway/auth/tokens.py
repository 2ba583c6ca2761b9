"""Verification of JWT access tokens (RFC 9068) of every trusted issuer.

A verified token is remembered by the SHA-256 of its text until it expires; expiry is checked on
every request all the same, and so is withdrawal, by the pipeline.
"""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.auth.algorithms import ALLOWED
from gateway.auth.jwks import RemoteKeys, TrustedIssuer
from gateway.auth.principal import Principal

__all__ = ["AuthError", "TokenVerifier", "TrustedIssuer"]

TYPES = frozenset({"at+jwt", "application/at+jwt"})
LEEWAY = 30
MAX_LENGTH = 8192
REMEMBERED = 10_000
REMEMBERED_SECONDS = 600
"""After this a token is verified anew, so that a key withdrawn from a JWKS ends its tokens."""
CLAIM_LENGTH = 256

_MALFORMED = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What a header, claims or key that somebody made up may raise on the way."""


class AuthError(Exception):
    """The caller is not authenticated. `code` is RFC 6750's; `detail` repeats nothing."""

    def __init__(self, detail: str, code: str = "invalid_token") -> None:
        super().__init__(detail)
        self.detail, self.code = detail, code


class TokenVerifier:
    """Trusts `issuers` for `audience`. Whether a token was withdrawn is the store's to say."""

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        audience: str,
    ) -> None:
        self._agencies = {trusted.issuer: trusted.agencies for trusted in issuers}
        self._keys = {trusted.issuer: RemoteKeys(trusted) for trusted in issuers}
        self._audience = audience
        self._known: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()

    async def verify(self, header: str | None) -> Principal:
        """The caller behind an `Authorization` header. Raises `AuthError`."""
        token = _bearer(header)
        digest = hashlib.sha256(token.encode()).digest()
        principal, until = self._known.get(digest, (None, 0.0))
        if principal is None or until < time.monotonic():
            principal = await self._verify(token)
            self._remember(digest, principal)
        if principal.expires + LEEWAY < time.time():
            self._known.pop(digest, None)
            raise AuthError("The token has expired; ask for a new one.")
        return principal

    def _remember(self, digest: bytes, principal: Principal) -> None:
        self._known[digest] = principal, time.monotonic() + REMEMBERED_SECONDS
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def _verify(self, token: str) -> Principal:
        header, claims = _unverified(token)
        issuer = claims.get("iss")
        keys = self._keys.get(issuer) if isinstance(issuer, str) else None
        if keys is None:
            raise AuthError("The token's issuer is not trusted here.")
        if str(header.get("typ", "")).lower() not in TYPES:
            raise AuthError("The token is not an access token (typ at+jwt).")
        signed_payload(token, await keys.for_kid(header.get("kid")))
        self._check(claims)
        principal = _principal(claims)
        agencies = self._agencies[principal.issuer]
        if agencies is not None and principal.agency not in agencies:
            raise AuthError("The token's issuer may not speak for this agency.")
        return principal

    def _check(self, claims: Mapping[str, Any]) -> None:
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise AuthError("The token is meant for another audience.")
        now = time.time()
        if _number(claims, "exp") + LEEWAY < now:
            raise AuthError("The token has expired; ask for a new one.")
        if _number(claims, "iat") - LEEWAY > now:
            raise AuthError("The token is from the future.")
        if "nbf" in claims and _number(claims, "nbf") - LEEWAY > now:
            raise AuthError("The token is not valid yet.")


def _bearer(header: str | None) -> str:
    if header is None:
        raise AuthError("Send the header Authorization: Bearer with an access token.")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.isascii() or len(token) > MAX_LENGTH:
        raise AuthError("Send the header Authorization: Bearer with an access token.")
    if token.count(".") != 2 or token.split() != [token]:
        raise AuthError("The token is not a signed JWT.")
    return token


def _unverified(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, to choose the key; nothing of them is trusted before `signed_payload`."""
    try:
        parsed = jws.extract_compact(token.encode())
        claims = json.loads(parsed.payload)
        header = parsed.headers()
    except _MALFORMED:
        raise AuthError("The token is not a signed JWT.") from None
    if not isinstance(claims, dict) or not isinstance(header, dict) or "crit" in header:
        raise AuthError("The token is not a signed JWT.")
    return header, claims


def signed_payload(token: str, keys: KeySet) -> bytes:
    """What one of the keys signed. Raises `AuthError` for anything else."""
    try:
        return jws.deserialize_compact(token, keys, registry=ALLOWED).payload
    except _MALFORMED:
        raise AuthError("The token's signature is not valid.") from None


def _principal(claims: Mapping[str, Any]) -> Principal:
    staff = _text(claims, "staff")
    names = (staff, _text(claims, "preferred_username"), _text(claims, "email"))
    _required(claims, "sub")
    return Principal(
        agency=_required(claims, "agency"),
        client=_required(claims, "client_id"),
        staff=staff,
        roles=_texts(claims, "roles"),
        unit=_text(claims, "unit"),
        area=_text(claims, "area"),
        vetting=_text(claims, "vetting"),
        systems=_texts(claims, "systems"),
        token_id=_required(claims, "jti"),
        issuer=_required(claims, "iss"),
        expires=_number(claims, "exp"),
        users=tuple(dict.fromkeys(name.lower() for name in names if name)),
    )


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= CLAIM_LENGTH or not value.isprintable():
        raise AuthError(f"The token's claim {name} is not text.")
    return value


def _required(claims: Mapping[str, Any], name: str) -> str:
    if (value := _text(claims, name)) is None:
        raise AuthError(f"The token lacks the claim {name}.")
    return value


def _texts(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = claims.get(name, [])
    if not isinstance(value, list) or len(value) > 32:
        raise AuthError(f"The token's claim {name} is not a list of text.")
    return tuple(_required({name: part}, name) for part in value)


def _number(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        raise AuthError(f"The token lacks the claim {name}.")
    return int(value)
