"""The public keys of a trusted issuer, at hand or fetched from its JWKS."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

FRESH_SECONDS = 600
RETRY_SECONDS = 60
MAX_BYTES = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer and its keys: given, or to be fetched from `jwks_uri` (https, or loopback)."""

    issuer: str
    jwks: KeySet | None = None
    jwks_uri: str | None = None

    def __post_init__(self) -> None:
        """Refuse, with `ValueError`, an address that would let others put keys in."""
        if self.jwks is None and self.jwks_uri is None:
            raise ValueError("a trusted issuer needs keys or the address of its JWKS")
        if self.jwks_uri:
            url = urlsplit(self.jwks_uri)
            if url.scheme != "https" and url.hostname not in LOOPBACK:
                raise ValueError("a JWKS is fetched over https")


class RemoteKeys:
    """Keys of one issuer. A failed fetch keeps the keys of before; fetches do not pile up."""

    def __init__(self, trusted: TrustedIssuer) -> None:
        self._uri = trusted.jwks_uri
        self._keys = trusted.jwks or KeySet([])
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
        if now - self._tried < RETRY_SECONDS and self._tried != float("-inf"):
            return False
        known = any(key.kid == kid for key in self._keys.keys)
        return not known or now - self._fetched > FRESH_SECONDS

    async def _fetch(self, uri: str) -> None:
        self._tried = time.monotonic()
        try:
            content = b""
            async with (
                httpx.AsyncClient(timeout=5, follow_redirects=False) as http,
                http.stream("GET", uri) as answer,
            ):
                answer.raise_for_status()
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > MAX_BYTES:
                        return
            self._keys = KeySet.import_key_set(httpx.Response(200, content=content).json())
            self._fetched = self._tried
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError):
            return
