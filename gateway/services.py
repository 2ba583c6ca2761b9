"""The long-lived parts of one running gateway, opened together and closed together."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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
from gateway.store.base import Store
from gateway.store.opening import open_store
from gateway.store.query import Query
from gateway.store.schema import upgrade
from gateway.store.sqlite import private
from gateway.store.tables import RevokedToken
from policies.engine import Engine

DEMO_FILE = "demo.json"
_R: Any = RevokedToken.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Services:
    """What routes reach through `request.app.state.services`."""

    settings: Settings
    store: Store
    tlog: Log
    integrator: Integrator
    pipeline: Pipeline
    issuer: EmbeddedIssuer | None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Services]:
    """Open the data directory, creating what is missing; refuses one that is already served."""
    private(settings.data_dir)
    store = open_store(settings.data_dir, settings.database_url)
    try:
        with telemetry.tracing(settings.trace_ratio, settings.trace_file):
            await asyncio.to_thread(upgrade, store.engine)
            services = _assembled(settings, store)
            services.integrator.start()
            try:
                yield services
            finally:
                await asyncio.to_thread(services.integrator.stop)
    finally:
        await store.close()


def _assembled(settings: Settings, store: Store) -> Services:
    tlog = Log.open(
        log_directory(settings.data_dir), log_signer(settings.data_dir, settings.log_origin)
    )
    issuer = embedded_issuer(settings) if settings.embedded_issuer else None
    verifier = TokenVerifier(
        trusted_issuers(settings, issuer), settings.audience, revoked=_revocation(store)
    )
    integrator = Integrator(store.engine, tlog)
    pipeline = Pipeline(store, Engine.load(), verifier, integrator, settings.max_body)
    return Services(settings, store, tlog, integrator, pipeline, issuer)


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


_REVOKED = Query(
    select(_R.c.token_id).where(
        _R.c.issuer == bindparam("issuer"), _R.c.token_id == bindparam("token")
    )
)


def _revocation(store: Store) -> Callable[[str, str], Awaitable[bool]]:
    """Whether a token was withdrawn, read from the store each time it is asked."""

    async def revoked(issuer: str, token_id: str) -> bool:
        return bool(await store.rows(_REVOKED, {"issuer": issuer, "token": token_id}))

    return revoked
