"""The public keys of a trusted issuer, at hand or fetched from its JWKS."""

import asyncio
import contextlib
import json
import time
import warnings
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key

FRESH_SECONDS = 600
RETRY_SECONDS = 60
FETCH_SECONDS = 5
MAX_BYTES = 256 * 1024
RSA_BITS = 2048
_UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer and its keys: given, or to be fetched from `jwks_uri` (https, or loopback).

    It may speak for its own `agencies` alone; `None`, for the embedded issuer, means all.
    """

    issuer: str
    jwks: KeySet | None = None
    jwks_uri: str | None = None
    agencies: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse, with `ValueError`, an address that would let others put keys in."""
        if self.jwks is None and self.jwks_uri is None:
            raise ValueError("a trusted issuer needs keys or the address of its JWKS")
        if self.jwks_uri:
            url = urlsplit(self.jwks_uri)
            loopback = url.scheme == "http" and url.hostname in LOOPBACK
            if not url.hostname or not (url.scheme == "https" or loopback):
                raise ValueError("a JWKS is fetched over https")


class RemoteKeys:
    """Keys of one issuer. A failed fetch keeps the keys of before; fetches do not pile up."""

    def __init__(self, trusted: TrustedIssuer) -> None:
        self._uri = trusted.jwks_uri
        self._keys = for_signatures(trusted.jwks or KeySet([]))
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def for_kid(self, kid: object) -> KeySet:
        """The issuer's keys, fetched anew where they are old or do not hold this key id."""
        if self._uri and not self._has_fresh(kid):
            async with self._lock:
                waited = time.monotonic() - self._tried
                if waited >= RETRY_SECONDS and not self._has_fresh(kid):
                    await self._fetch(self._uri)
        return self._keys

    def _has_fresh(self, kid: object) -> bool:
        is_old = time.monotonic() - self._fetched > FRESH_SECONDS
        return not is_old and any(key.kid == kid for key in self._keys.keys)

    async def _fetch(self, uri: str) -> None:
        self._tried = time.monotonic()
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                content = await _content(uri)
            self._keys = for_signatures(_readable(json.loads(content)))
            self._fetched = self._tried
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, RecursionError, *_UNREADABLE):
            return


async def _content(uri: str) -> bytes:
    """The answer's body, never more than is allowed. Raises `ValueError` for more."""
    content = b""
    async with (
        httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False) as http,
        http.stream("GET", uri, headers={"Accept-Encoding": "identity"}) as answer,
    ):
        answer.raise_for_status()
        # As sent: what is compressed all the same could unpack to any size.
        async for part in answer.aiter_raw():
            content += part
            if len(content) > MAX_BYTES:
                raise ValueError("a JWKS of this size is not read")
    return content


def _readable(document: Any) -> KeySet:
    """The keys of a JWKS document that can be read: an odd one does not cost the others.

    Raises `ValueError` where none can be read.
    """
    keys = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # weak keys are left out all the same
        for listed in document["keys"]:
            with contextlib.suppress(*_UNREADABLE):
                keys.append(import_key(listed, listed["kty"]))
    if not keys:
        raise ValueError("no key can be read")
    return KeySet(keys)


def for_signatures(keys: KeySet) -> KeySet:
    """Without the keys that are for encryption, shared secrets, or too weak."""
    return KeySet([key for key in keys if key.get("use", "sig") == "sig" and _is_strong(key)])


def _is_strong(key: Key) -> bool:
    match key:
        case RSAKey():
            return key.public_key.key_size >= RSA_BITS
        case OKPKey():
            return key.get("crv") == "Ed25519"
        case _:
            return isinstance(key, ECKey)
