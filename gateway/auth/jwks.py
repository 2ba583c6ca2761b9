"""The public keys of a trusted issuer, at hand or fetched from its JWKS."""

import asyncio
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

FRESH_SECONDS = 600
RETRY_SECONDS = 60
FETCH_SECONDS = 5
MAX_BYTES = 256 * 1024
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
        if self._uri:
            async with self._lock:
                if self._is_due(kid):
                    await self._fetch(self._uri)
        return self._keys

    def _is_due(self, kid: object) -> bool:
        now = time.monotonic()
        if now - self._tried < RETRY_SECONDS:
            return False
        known = any(key.kid == kid for key in self._keys.keys)
        return not known or now - self._fetched > FRESH_SECONDS

    async def _fetch(self, uri: str) -> None:
        self._tried = time.monotonic()
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                content = await _content(uri)
            self._keys = for_signatures(KeySet.import_key_set(json.loads(content)))
            self._fetched = self._tried
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
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


def for_signatures(keys: KeySet) -> KeySet:
    """Without the keys that are for encryption, or shared secrets."""
    return KeySet([k for k in keys if k.get("use", "sig") == "sig" and k.key_type != "oct"])
