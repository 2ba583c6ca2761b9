"""A signing key is made once, is its owner's alone, and signs assertions of one minute."""

import json
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from gateway.auth.keys import ASSERTION_SECONDS, client_assertion, create_key, load_key


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "desk.jwk"
    key = create_key(path)
    assert key.is_private
    assert key.kid == key.thumbprint()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert create_key(path) == load_key(path) == key
    assert list(tmp_path.iterdir()) == [path]


def test_two_processes_that_make_a_key_at_once_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "desk.jwk"
    with ThreadPoolExecutor(8) as pool:
        prints = {key.thumbprint() for key in pool.map(create_key, [path] * 16)}
    assert len(prints) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_made_between_looking_and_writing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.jwk"
    first = create_key(path)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert create_key(path) == first
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_key_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_key(tmp_path / "desk.jwk")


EC = ECKey.generate_key("P-256", private=True)
OTHERS: list[Callable[[], object]] = [
    lambda: EC.as_dict(private=False),
    lambda: ECKey.generate_key("P-384", private=True).as_dict(private=True),
    lambda: RSAKey.generate_key(2048, private=True).as_dict(private=True),
    lambda: OctKey.generate_key(256).as_dict(private=True),
    lambda: EC.as_dict(private=True) | {"crv": "P-1"},
    lambda: EC.as_dict(private=True) | {"x": "AAAA"},
    lambda: EC.as_dict(private=True) | {"d": 1},
    dict,
    list,
    lambda: None,
    lambda: "key",
    lambda: 1,
]


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_signing_key_is_refused(tmp_path: Path, other: Callable[[], object]) -> None:
    _refused(tmp_path / "desk.jwk", json.dumps(other()).encode())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xfd", b"[" * 100_000])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    _refused(tmp_path / "desk.jwk", content)


def _refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^desk\.jwk does not hold a signing key$") as caught:
        load_key(path)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_assertion_says_who_asks_whom_for_how_long_and_only_once(tmp_path: Path) -> None:
    key = create_key(tmp_path / "desk.jwk")
    before = int(time.time())
    first, second = (client_assertion("desk", key, "https://gw.example/t") for _ in range(2))
    token = jwt.decode(first, key, algorithms=["ES256"])
    assert token.header == {"alg": "ES256", "typ": "JWT", "kid": key.kid}
    assert token.claims["iss"] == token.claims["sub"] == "desk"
    assert token.claims["aud"] == "https://gw.example/t"
    assert before <= token.claims["iat"] <= time.time()
    assert token.claims["exp"] - token.claims["iat"] == ASSERTION_SECONDS
    assert token.claims["jti"] != jwt.decode(second, key, algorithms=["ES256"]).claims["jti"]
