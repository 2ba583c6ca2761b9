"""Logs of invented entries, and what tests do with them."""

import hashlib
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.entry import Entry, canonical_json
from audit.log import Log
from audit.note import Signer
from audit.sealed import SealedEntry

NAME = "log.example/mappa"
SIGNER = Signer(NAME, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"tests").digest()))
OTHER_SIGNER = Signer(NAME, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"b").digest()))


@cache
def sealed(number: int) -> SealedEntry:
    """Entry `number`, the same one each time."""
    entry: Entry = {
        "id": f"{number:032x}",
        "time": f"2026-05-04T10:{number // 60 % 60:02}:{number % 60:02}.125Z",
        "operation": "consultation",
        "agency": ("probation", "police", "prison")[number % 3],
        "client": "invented-client",
        "staff": f"N0{number}",
        "roles": ["probation-practitioner"],
        "recipient": "probation",
        "action": "read",
        "kind": "licence",
        "form": None,
        "persons": [f"person-{number % 7}"],
        "records": [{"id": "record-1", "kind": "licence", "version": 2}],
        "purpose": "licence-supervision",
        "justification": "naïve “quotes”\u2028and\na newline",
        "decision": "permit",
        "outcome": "released",
        "status": 200,
        "rules": ["licence-read"],
        "policy": "0" * 64,
        "released": ["licence.text"],
        "withheld": ["licence.geometry"],
        "trace": None,
    }
    salt = hashlib.sha256(b"salt %d" % number).digest()
    return SealedEntry(entry["id"], entry["time"], entry["agency"], salt, canonical_json(entry))


def build(directory: Path, size: int, batch: int = 100) -> Log:
    """A log of `size` entries, appended in batches."""
    log = Log.open(directory, SIGNER)
    feed(log, size, batch)
    return log


def feed(log: Log, size: int, batch: int = 100) -> None:
    """Append what is missing up to `size`, as the gateway does: from the log's own size on."""
    while log.size < size:
        end = min(size, (log.size // batch + 1) * batch)
        log.append([sealed(number) for number in range(log.size, end)])


def files(directory: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def copies(original: Path, place: Path) -> Iterator[Path]:
    """Fresh copies of a log, without end."""
    while True:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(original, place)
        yield place
