"""Keys are fetched seldom, over https, and a bad answer never takes the good ones away."""

import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from gateway.auth import jwks
from gateway.auth.jwks import MAX_BYTES, RemoteKeys, TrustedIssuer
from gateway.auth.tokens import AuthError, TokenVerifier
from tests.gateway.auth.signing import AUDIENCE, ISSUER, KEY, bearer, public, sign

NEW_KEY = ECKey.generate_key("P-256", {"kid": "probation-2"}, private=True)


def document(*keys: ECKey | OctKey) -> bytes:
    """A JWKS document."""
    return json.dumps(public(*keys).as_dict()).encode()


@dataclass
class Publisher:
    """An issuer's web server; what it answers can be changed."""

    body: bytes = document(KEY)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    drip: float = 0
    asked: int = 0
    port: int = 0

    @property
    def uri(self) -> str:
        """Where the keys are."""
        return f"http://127.0.0.1:{self.port}/jwks"

    def keys(self, jwks: KeySet | None = None) -> RemoteKeys:
        """The keys of this issuer."""
        return RemoteKeys(TrustedIssuer(ISSUER, jwks=jwks, jwks_uri=self.uri))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request as the publisher now answers."""
        self.asked += 1
        time.sleep(self.delay)
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        pieces = [self.body] if not self.drip else [bytes([byte]) for byte in self.body]
        try:
            for piece in pieces:
                handler.wfile.write(piece)
                time.sleep(self.drip)
        except OSError:
            handler.close_connection = True


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A publisher on a free port."""
    published = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        published.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield published
        server.shutdown()
        thread.join()


def kids(keys: RemoteKeys, kid: object = KEY.kid) -> list[str | None]:
    """The names of the keys at hand when this one is wanted."""
    return [key.kid for key in asyncio.run(keys.for_kid(kid))]


@pytest.fixture
def any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is over at once."""
    monkeypatch.setattr(jwks, "RETRY_SECONDS", 0)


@pytest.mark.parametrize(
    "uri",
    [
        "http://id.example/jwks",
        "http://127.0.0.1.id.example/jwks",
        "http://localhost@id.example/jwks",
        "ftp://localhost/jwks",
        "file:///etc/keys",
        "//localhost/jwks",
        "https:///jwks",
        "https://[/jwks",
        "jwks",
    ],
)
def test_an_address_where_others_could_put_keys_in_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        TrustedIssuer(ISSUER, jwks_uri=uri)
    assert "id.example" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8", "localhost", "[::1]:8"])
def test_plain_http_is_for_this_machine_only(host: str) -> None:
    assert TrustedIssuer(ISSUER, jwks_uri=f"http://{host}/jwks").jwks is None
    assert TrustedIssuer(ISSUER, jwks_uri="https://id.example/jwks").jwks is None


def test_an_issuer_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="needs keys"):
        TrustedIssuer(ISSUER)


def test_keys_at_hand_are_not_fetched() -> None:
    assert kids(RemoteKeys(TrustedIssuer(ISSUER, jwks=public(KEY))), "unknown") == [KEY.kid]


def test_keys_at_hand_are_enough_as_long_as_the_address_does_not_answer(any_time: None) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}/jwks"
    keys = RemoteKeys(TrustedIssuer(ISSUER, jwks=public(KEY), jwks_uri=dead))
    assert kids(keys) == kids(keys) == [KEY.kid]


def test_keys_are_fetched_at_the_first_token_and_then_kept(publisher: Publisher) -> None:
    verifier = TokenVerifier([TrustedIssuer(ISSUER, jwks_uri=publisher.uri)], AUDIENCE)
    assert publisher.asked == 0
    for number in range(3):
        token = sign(jti=f"t-{number}")
        assert asyncio.run(verifier.verify(bearer(token))).agency == "probation"
    assert publisher.asked == 1


def test_an_unknown_key_is_asked_for_once_a_minute_at_most(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = publisher.keys()
    assert kids(keys) == [KEY.kid]
    publisher.body = document(KEY, NEW_KEY)
    assert kids(keys, NEW_KEY.kid) == kids(keys, NEW_KEY.kid) == [KEY.kid]
    assert publisher.asked == 1
    monkeypatch.setattr(keys, "_tried", time.monotonic() - jwks.RETRY_SECONDS)
    assert kids(keys, NEW_KEY.kid) == [KEY.kid, NEW_KEY.kid]
    assert kids(keys, "unknown") == [KEY.kid, NEW_KEY.kid]
    assert publisher.asked == 2


def test_old_keys_are_fetched_anew_so_that_a_withdrawn_one_is_forgotten(
    publisher: Publisher, any_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = publisher.keys()
    assert kids(keys) == kids(keys) == [KEY.kid]
    assert publisher.asked == 1
    publisher.body = document(NEW_KEY)
    monkeypatch.setattr(jwks, "FRESH_SECONDS", -1)
    assert kids(keys) == [NEW_KEY.kid]


def test_many_requests_at_once_fetch_once(publisher: Publisher) -> None:
    publisher.delay = 0.05
    keys = publisher.keys()

    async def together() -> list[KeySet]:
        return await asyncio.gather(*(keys.for_kid(KEY.kid) for _ in range(20)))

    assert all(len(found.keys) == 1 for found in asyncio.run(together()))
    assert publisher.asked == 1


BAD = [
    b"",
    b"{",
    b"\xff\xff",
    b"null",
    b"[]",
    b"1",
    b'"keys"',
    b"{}",
    b'{"keys": null}',
    b'{"keys": []}',
    b'{"keys": {"a": 1}}',
    b'{"keys": [1]}',
    b'{"keys": [null]}',
    b'{"keys": [{"kty": "EC"}]}',
    b'{"keys": [{"kty": []}]}',
    b'{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}',
    b'{"keys": [{"kty": "EC", "crv": "P-1", "x": "AA", "y": "AA"}]}',
    b'{"keys": [{"kty": "AKP"}]}',
    b"[" * 100_000,
    document(NEW_KEY) + b" " * MAX_BYTES,
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_after_a_rubbish_answer_the_old_keys_are_kept(
    publisher: Publisher, any_time: None, body: bytes
) -> None:
    keys = publisher.keys()
    assert kids(keys) == [KEY.kid]
    publisher.body = body
    assert kids(keys, "unknown") == [KEY.kid]
    publisher.body = document(NEW_KEY)
    assert kids(keys, "unknown") == [NEW_KEY.kid]


@given(st.binary() | st.text().map(lambda text: json.dumps({"keys": [{"kty": text}]}).encode()))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_answer_keeps_the_old_keys(publisher: Publisher, body: bytes) -> None:
    publisher.body = body
    assert kids(publisher.keys(public(KEY)), "unknown") == [KEY.kid]


@pytest.mark.parametrize("status", [201, 204, 302, 404, 500])
def test_only_an_ok_answer_counts(publisher: Publisher, status: int) -> None:
    publisher.status, publisher.body = status, b""
    publisher.headers = {"Location": "/elsewhere", "Content-Length": "0"}
    assert kids(publisher.keys(public(KEY)), "unknown") == [KEY.kid]
    assert publisher.asked == 1


def test_a_compressed_answer_is_not_unpacked(publisher: Publisher) -> None:
    publisher.body = gzip.compress(document(NEW_KEY))
    publisher.headers = {"Content-Encoding": "gzip"}
    assert kids(publisher.keys(public(KEY)), "unknown") == [KEY.kid]


@pytest.mark.parametrize("slow", ["delay", "drip"])
def test_a_slow_answer_is_not_waited_for(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2)
    publisher.body = b" " * 10
    setattr(publisher, slow, 0.1 if slow == "drip" else 0.6)
    started = time.monotonic()
    assert kids(publisher.keys(public(KEY)), "unknown") == [KEY.kid]
    assert time.monotonic() - started < 0.5


def test_an_address_that_cannot_be_asked_is_no_crash(any_time: None) -> None:
    keys = RemoteKeys(TrustedIssuer(ISSUER, jwks=public(KEY), jwks_uri="https://a b/\x00"))
    assert kids(keys, "unknown") == [KEY.kid]


def test_keys_for_encryption_and_shared_secrets_are_left_out(publisher: Publisher) -> None:
    secret = OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True)
    sealing = NEW_KEY.as_dict(private=False) | {"use": "enc"}
    signing = KEY.as_dict(private=False) | {"use": "sig"}
    publisher.body = json.dumps({"keys": [secret, sealing, signing, {"kty": "AKP"}]}).encode()
    assert kids(publisher.keys()) == [KEY.kid]


def test_without_any_keys_no_token_is_valid(publisher: Publisher) -> None:
    publisher.status = 500
    trusted = TrustedIssuer(ISSUER, jwks_uri=publisher.uri)
    verifier = TokenVerifier([trusted], AUDIENCE)
    with pytest.raises(AuthError, match="signature"):
        asyncio.run(verifier.verify(bearer(sign())))


def test_one_odd_key_does_not_cost_the_others(publisher: Publisher) -> None:
    good = json.loads(document(KEY))["keys"]
    odd = [{"kty": "EC", "crv": "P-1"}, {"use": "sig"}, {"kty": "AKP"}, 5]
    publisher.body = json.dumps({"keys": [*odd, *good]}).encode()
    assert kids(publisher.keys()) == [KEY.kid]


def test_weak_keys_and_other_curves_are_left_out() -> None:
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024, {"kid": "weak"}, private=False)
    ed448 = OKPKey.generate_key("Ed448", {"kid": "ed448"}, private=False)
    strong = RSAKey.generate_key(2048, {"kid": "strong"}, private=False)
    assert [key.kid for key in jwks.for_signatures(KeySet([weak, ed448, strong]))] == ["strong"]


def test_a_known_key_does_not_wait_for_somebody_elses_fetch(publisher: Publisher) -> None:
    keys = publisher.keys()
    assert kids(keys) == [KEY.kid]

    async def behind_a_stranger() -> KeySet:
        async with keys._lock:
            return await asyncio.wait_for(keys.for_kid(KEY.kid), 1)

    assert asyncio.run(behind_a_stranger()).keys
