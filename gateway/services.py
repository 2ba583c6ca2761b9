"""The long-lived parts of one running gateway, opened together and closed together."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select

from audit.log import Log
from gateway import telemetry
from gateway.auth.directory import Directory
from gateway.auth.issuer import EmbeddedIssuer
from gateway.auth.tokens import TokenVerifier, TrustedIssuer
from gateway.integrator import Integrator, log_directory
from gateway.keys import issuer_key, log_signer
from gateway.pipeline import Pipeline
from gateway.settings import Settings
from gateway.store.schema import upgrade
from gateway.store.sqlite import SqliteStore, private
from gateway.store.tables import RevokedToken
from policies.engine import Engine

DEMO_FILE = "demo.json"
_R: Any = RevokedToken.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Services:
    """What routes reach through `request.app.state.services`."""

    settings: Settings
    store: SqliteStore
    tlog: Log
    integrator: Integrator
    pipeline: Pipeline
    issuer: EmbeddedIssuer | None


@contextmanager
def opened(settings: Settings) -> Iterator[Services]:
    """Open the data directory, creating what is missing; refuses one that is already served."""
    private(settings.data_dir)
    store = SqliteStore(settings.data_dir)
    with closing(store), telemetry.tracing(settings.trace_ratio, settings.trace_file):
        upgrade(store.engine)
        tlog = Log.open(
            log_directory(settings.data_dir), log_signer(settings.data_dir, settings.log_origin)
        )
        issuer = embedded_issuer(settings) if settings.embedded_issuer else None
        verifier = TokenVerifier(
            trusted_issuers(settings, issuer), settings.audience, revoked=_revocation(store)
        )
        integrator = Integrator(store.engine, tlog)
        pipeline = Pipeline(store, Engine.load(), verifier, integrator, settings.max_body)
        integrator.start()
        try:
            yield Services(settings, store, tlog, integrator, pipeline, issuer)
        finally:
            integrator.stop()


def embedded_issuer(settings: Settings) -> EmbeddedIssuer:
    """The token endpoint for development and the demo."""
    return EmbeddedIssuer(
        issuer=settings.base_url,
        audience=settings.audience,
        key=issuer_key(settings.data_dir),
        directory=Directory(settings.data_dir),
    )


def demo_address(data_dir: Path) -> str:
    """Base URL of the demo in `data_dir`. Raises `FileNotFoundError` where there is none."""
    described = data_dir / DEMO_FILE
    if not described.exists():
        raise FileNotFoundError(f"no demo in {data_dir}; run mappa-gateway demo first")
    address: str = json.loads(described.read_text(encoding="utf-8"))["baseUrl"]
    return address


def issuer_of(data_dir: Path) -> EmbeddedIssuer:
    """The embedded issuer of the demo in `data_dir`, for the command line."""
    settings = Settings(data_dir=data_dir, base_url=demo_address(data_dir))
    return embedded_issuer(settings)


def trusted_issuers(settings: Settings, issuer: EmbeddedIssuer | None) -> list[TrustedIssuer]:
    """Every issuer whose tokens are accepted."""
    trusted = [
        TrustedIssuer(name, None, url, agencies)
        for name, (url, agencies) in settings.issuers.items()
    ]
    if issuer:
        trusted.append(TrustedIssuer(settings.base_url, issuer.public_keys(), None))
    return trusted


_REVOKED = select(_R.c.token_id).where(
    _R.c.issuer == bindparam("issuer"), _R.c.token_id == bindparam("token")
)


def _revocation(store: SqliteStore) -> Callable[[str, str], bool]:
    """Whether a token was withdrawn, read from the store each time it is asked."""

    def revoked(issuer: str, token_id: str) -> bool:
        named = {"issuer": issuer, "token": token_id}
        return store.reader.execute(_REVOKED, named).first() is not None

    return revoked
