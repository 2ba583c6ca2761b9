"""Make what compose.yaml keeps secret, once: `python deploy/make_secrets.py [DIRECTORY]`.

Run it as root, since each file belongs to the one container user that reads it. What exists is
never overwritten. The certificate is self-signed, for a first start; put your own in its place.
`log.vkey` is no secret: give it to whoever verifies the log.
"""

import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent
GATEWAY, PROXY = 10001, 99
"""User ids in the images. libpq takes a password file only from its owner, closed to others."""
ORIGIN = "mappa-gateway.example/log"


def main(folder: Path, origin: str) -> None:
    """Write every file into `folder`. Raises `FileExistsError` where one is there already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = secrets.token_urlsafe(32)
    signer, verifier = log_keys(origin)
    write(folder / "database-password", password, 0)
    write(folder / "pgpass", f"*:*:*:mappa:{password}\n", GATEWAY)
    write(folder / "log.skey", signer + "\n", GATEWAY)
    write(folder / "log.vkey", verifier + "\n", GATEWAY)
    write(folder / "proxy.pem", certificate("localhost"), PROXY)


def write(path: Path, text: str, owner: int) -> None:
    """A new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    if os.geteuid() == 0:  # others can only make files of their own: the tests do
        os.chown(path, owner, owner)


def log_keys(origin: str) -> tuple[str, str]:
    """A new signing key for the log, and the key that verifies it."""
    sys.path.insert(0, str(ROOT))
    from audit.keyfile import encode_signer, generate_signer  # noqa: PLC0415

    signer = generate_signer(origin)
    return encode_signer(signer), signer.verifier.vkey


def certificate(host: str) -> str:
    """A self-signed certificate and its key, as HAProxy reads them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (made.public_bytes(Encoding.PEM) + private).decode()


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("run this as root: each file is given to the container user that reads it")
    main(
        Path(sys.argv[1]) if sys.argv[1:] else ROOT / "deploy" / "secrets",
        os.environ.get("MAPPA_GATEWAY_LOG_ORIGIN", ORIGIN),
    )
