"""The web server around the application, with settings measured to be fast and logs kept bare."""

import contextlib
import gc
import socket
from collections.abc import Iterator

import uvicorn

from gateway.app import create_app
from gateway.settings import Settings
from gateway.store.sqlite import exclusive


class CannotServeError(Exception):
    """The gateway cannot start here; the message says what to do."""


def server(settings: Settings) -> uvicorn.Server:
    """A server for one data directory. URLs are never logged: they hold identifiers."""
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def listening(settings: Settings, host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to the address. Raises `CannotServeError`, or `StoreInUseError` where the
    data directory is served already, before anything is changed."""
    with exclusive(settings.data_dir):
        pass
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise CannotServeError(f"cannot listen on {host}:{port}: {error.strerror}") from None
        yield listener


def run(web: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until interrupted."""
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again would hold requests up
    with contextlib.suppress(KeyboardInterrupt):
        web.run(sockets=[listener])
