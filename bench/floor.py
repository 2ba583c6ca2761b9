"""The floor: what the same server does when an endpoint returns the document and does nothing else.

`python -m bench.floor --port 8090 --document plan.json` serves it twice, on the web server
settings of `gateway.serve`: as a dictionary that FastAPI serialises (the floor that ratios refer
to), and as bytes serialised beforehand (what no framework can be asked to beat).
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response


def create_app(document: bytes) -> FastAPI:
    """Two endpoints that return `document`, whoever asks about whomever."""
    app = FastAPI(
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
    )
    plan: dict[str, Any] = json.loads(document)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/v1/persons/{ref}/risk-management-plan")
    async def read(ref: str) -> dict[str, Any]:
        return plan

    @app.get("/bytes/v1/persons/{ref}/risk-management-plan")
    async def read_bytes(ref: str) -> Response:
        return Response(document, media_type="application/json")

    return app


def main(port: Annotated[int, typer.Option()], document: Annotated[Path, typer.Option()]) -> None:
    """Serve the floor on 127.0.0.1."""
    uvicorn.run(
        create_app(document.read_bytes()),
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    typer.run(main)
