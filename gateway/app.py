"""The application: every router behind the pipeline, and a documentation page that needs no
network beyond the gateway itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from gateway.errors import on_http_error
from gateway.routes import audit, ingest, persons, public, search
from gateway.services import opened
from gateway.settings import Settings

DESCRIPTION = """
Police, probation, prisons and victim liaison exchange risk management plans, MAPPA minutes and
licence conditions. Get a token, state your `Purpose-Of-Use`, and ask. Sections you may not see
are named in `meta.withheld`, with the rule; every answer names its `Audit-Entry`.
"""


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application on one data directory, which it opens when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with opened(settings) as services:
            app.state.services = services
            app.state.pipeline = services.pipeline
            yield

    app = FastAPIOffline(
        title="MAPPA Gateway",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        exception_handlers={HTTPException: on_http_error},
        redoc_url=None,
    )
    for router in (search.router, persons.router, ingest.router, audit.router, public.router):
        app.include_router(router)
    return app
