"""Settings, all from the environment with safe defaults; the command line overrides them."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

PREFIX = "MAPPA_GATEWAY_"
N = TypeVar("N", int, float)


@dataclass(frozen=True)
class Settings:
    """What the service must know before it starts.

    `issuers` maps a trusted issuer to the URL of its JWKS and the agencies it may speak for; the
    embedded issuer is trusted beside them where `embedded_issuer` is on (development and the
    demo). Sizes are bytes. Without `database_url` (PostgreSQL) the store is a file in `data_dir`.
    More than `max_in_flight` requests at once are refused: those before them would wait longer.
    """

    data_dir: Path
    base_url: str = "http://127.0.0.1:8080"
    audience: str = "mappa-gateway"
    issuers: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    embedded_issuer: bool = False
    log_origin: str = "mappa-gateway.example/log"
    max_body: int = 8 * 1024 * 1024
    trace_ratio: float = 0.0
    trace_file: Path | None = None
    database_url: str | None = None
    max_in_flight: int = 256

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `MAPPA_GATEWAY_…`; raises `ValueError` that names the variable to correct."""

        def get(name: str, default: str) -> str:
            return environ.get(PREFIX + name, default)

        return cls(
            data_dir=Path(get("DATA_DIR", "mappa-data")),
            base_url=get("BASE_URL", cls.base_url),
            audience=get("AUDIENCE", cls.audience),
            issuers=_issuers(get("ISSUERS", "")),
            embedded_issuer=_flag("EMBEDDED_ISSUER", get("EMBEDDED_ISSUER", "off")),
            log_origin=get("LOG_ORIGIN", cls.log_origin),
            max_body=_number("MAX_BODY", get("MAX_BODY", str(cls.max_body)), int),
            trace_ratio=_number("TRACE_RATIO", get("TRACE_RATIO", "0"), float),
            trace_file=Path(path) if (path := get("TRACE_FILE", "")) else None,
            database_url=_database(get("DATABASE_URL", "")),
            max_in_flight=_number("MAX_IN_FLIGHT", get("MAX_IN_FLIGHT", "256"), int),
        )


_ISSUER = re.compile(r"([^=\s]+)=([^#\s]+)#([a-z-]+(?:,[a-z-]+)*)")


def _issuers(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """`issuer=jwks-url#agency,agency` entries, separated by spaces."""
    entries = [_ISSUER.fullmatch(entry) for entry in text.split()]
    found = [match.groups() for match in entries if match]
    if len(found) != len(entries):
        raise ValueError(
            f"{PREFIX}ISSUERS must be issuer=jwks-url#agency,agency entries, separated by spaces"
        )
    return {issuer: (url, frozenset(agencies.split(","))) for issuer, url, agencies in found}


def _database(url: str) -> str | None:
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ValueError(f"{PREFIX}DATABASE_URL must be postgresql://user@host:port/database")
    return url or None


def _flag(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError(f"{PREFIX}{name} must be on or off")
    return text == "on"


def _number(name: str, text: str, kind: type[N]) -> N:
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"{PREFIX}{name} must be a number") from None
    if value < 0:
        raise ValueError(f"{PREFIX}{name} must not be negative")
    return value
