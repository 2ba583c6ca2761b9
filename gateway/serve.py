"""The web server around the application, with settings measured to be fast and logs kept bare."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from uvicorn.supervisors import Multiprocess

from gateway.app import create_app
from gateway.direct import Application
from gateway.settings import Settings
from gateway.store.sqlite import exclusive


class CannotServeError(OSError):
    """The gateway cannot start here; the message says what to do."""


def server(settings: Settings) -> uvicorn.Server:
    """A server in this process."""
    return uvicorn.Server(_config(create_app(settings)))


def from_environment() -> Application:
    """The application of one worker, which learns its settings as its parent did."""
    return create_app(Settings.from_environment())


def _config(app: Application | str, workers: int = 1) -> uvicorn.Config:
    """How the gateway is served. URLs are never logged: they hold identifiers."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


@contextlib.contextmanager
def listening(settings: Settings, host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to the address. Raises `CannotServeError`, or `StoreInUseError` where the
    data directory is served already, before anything is changed."""
    if not settings.database_url:
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
    with contextlib.suppress(KeyboardInterrupt):
        web.run(sockets=[listener])
    if not web.started:
        raise CannotServeError("the gateway did not start; what stopped it is said above")


def run_workers(count: int, listener: socket.socket) -> None:
    """Serve from several processes on PostgreSQL until interrupted; one that dies is replaced."""
    config = _config("gateway.serve:from_environment", count)
    listener.listen(config.backlog)
    Multiprocess(config, [listener]).run()
