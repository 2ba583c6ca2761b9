"""The application: every router behind the pipeline, and a documentation page that needs no
network beyond the gateway itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from gateway.errors import on_http_error
from gateway.pipeline import SCHEME
from gateway.routes import audit, ingest, persons, public, search
from gateway.services import opened
from gateway.settings import Settings

TITLE = "MAPPA Gateway"
ASSETS = "/docs/assets"
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

    app = FastAPI(
        title=TITLE,
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        exception_handlers={HTTPException: on_http_error},
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    for router in (search.router, persons.router, ingest.router, audit.router, public.router):
        app.include_router(router)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    app.mount(ASSETS, StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"))
    app.add_route("/docs", _docs, include_in_schema=False)
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with how a caller proves who they are."""
    described = FastAPI.openapi(app)
    scheme = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT (RFC 9068)"}
    described["components"].setdefault("securitySchemes", {})[SCHEME] = scheme
    return described


async def _docs(request: Request) -> Response:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=TITLE,
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon.png",
        swagger_ui_parameters={"validatorUrl": None},
    )
