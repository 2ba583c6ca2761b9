"""Private signing keys on disk, and the assertion with which a client proves who it is."""

import contextlib
import json
import os
import time
import uuid
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ASSERTION_SECONDS = 60


def create_key(path: Path) -> ECKey:
    """The ES256 key at `path`, made (readable by its owner only) if there is none yet.

    Written whole or not at all: of two processes at once, both load the key of the first.
    """
    if not path.exists():
        key = ECKey.generate_key("P-256", private=True)
        content = json.dumps(key.as_dict(private=True) | {"kid": key.thumbprint()})
        beside = path.with_name(f"{path.name}.{uuid.uuid4()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(beside, path)
        finally:
            beside.unlink()
    return load_key(path)


def load_key(path: Path) -> ECKey:
    """A key written by `create_key`. Raises `FileNotFoundError`, or `ValueError` for another."""
    try:
        key = ECKey.import_key(json.loads(path.read_bytes()))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"{path.name} does not hold a signing key") from None
    if not key.is_private or key.curve_name != "P-256":
        raise ValueError(f"{path.name} does not hold a signing key")
    return key


def client_assertion(client_id: str, key: ECKey, audience: str) -> str:
    """A `private_key_jwt` assertion (RFC 7523) for the token endpoint `audience`."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode({"alg": "ES256", "kid": key.thumbprint()}, claims, key)
