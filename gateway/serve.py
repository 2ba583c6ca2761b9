"""The web server around the application, with settings measured to be fast and logs kept bare."""

import uvicorn

from gateway.app import create_app
from gateway.settings import Settings


def server(settings: Settings, host: str, port: int) -> uvicorn.Server:
    """A server for one data directory. URLs are never logged: they hold identifiers."""
    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
