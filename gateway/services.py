"""The long-lived parts of one running gateway, opened together and closed together."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.note import Signer
from audit.view import LogView
from gateway import telemetry
from gateway.auth.directory import Directory
from gateway.auth.issuer import EmbeddedIssuer
from gateway.auth.tokens import TokenVerifier, TrustedIssuer
from gateway.integrator import Integrator, log_directory
from gateway.keys import has_log_key, issuer_key, log_signer
from gateway.pipeline import Pipeline
from gateway.settings import Settings
from gateway.store.base import Store
from gateway.store.opening import open_store
from gateway.store.schema import upgrade
from gateway.store.sqlite import private
from policies.engine import Engine

DEMO_FILE = "demo.json"


@dataclass(frozen=True)
class Services:
    """What routes reach through `request.app.state.services`."""

    settings: Settings
    store: Store
    tlog: LogView
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
    signer = _signer(settings)
    tlog = LogView(log_directory(settings.data_dir), signer.verifier)
    issuer = embedded_issuer(settings) if settings.embedded_issuer else None
    verifier = TokenVerifier(trusted_issuers(settings, issuer), settings.audience)
    integrator = Integrator(store.engine, tlog, signer)
    pipeline = Pipeline(
        store,
        Engine.load(),
        verifier,
        integrator,
        settings.max_body,
        settings.max_in_flight,
    )
    return Services(settings, store, tlog, integrator, pipeline, issuer)


def _signer(settings: Settings) -> Signer:
    """The log's key, which every machine of a deployment must share and so nobody may invent."""
    if settings.database_url and not has_log_key(settings.data_dir):
        raise FileNotFoundError(
            f"{settings.data_dir / 'keys' / 'log.skey'} is missing: every machine on one database "
            "needs the same; make it once with `mappa-gateway log-key` and copy it"
        )
    return log_signer(settings.data_dir, settings.log_origin)


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
