"""The service's own keys, made in the data directory when first needed."""

from pathlib import Path

from joserfc.jwk import ECKey

from audit.keyfile import generate_signer, load_signer, save_signer
from audit.note import Signer
from gateway.auth.keys import create_key

KEYS = "keys"
LOG_KEY = "log.skey"


def issuer_key(data_dir: Path) -> ECKey:
    """The key with which the embedded issuer signs tokens."""
    return create_key(_folder(data_dir) / "issuer.json")


def log_signer(data_dir: Path, origin: str) -> Signer:
    """The key with which checkpoints of the audit log are signed."""
    path = _folder(data_dir) / LOG_KEY
    if not path.exists():
        save_signer(generate_signer(origin), path)
    return load_signer(path)


def has_log_key(data_dir: Path) -> bool:
    """Whether the log's key is there."""
    return (data_dir / KEYS / LOG_KEY).exists()


def _folder(data_dir: Path) -> Path:
    folder = data_dir / KEYS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
