"""Migrate, seed and serve: `python -m bench.peers.django_rest.serve --port P --database URL ...`.

One line of JSON on standard output says when it is ready. It ends on SIGTERM, with its workers.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connections
from gunicorn.app.base import BaseApplication

PATH = "/v1/persons/{}/risk-management-plan"
BEST = {"sqlite": ("gthread", 1, 1), "postgresql": ("gthread", 1, 4)}
"""Worker class, workers and threads to use on one core. The README says how sure that is."""
ASYNCHRONOUS = {"uvicorn": "uvicorn_worker.UvicornWorker"}


class Server(BaseApplication):
    """gunicorn, configured here rather than by files or its own command line."""

    def __init__(self, options: dict[str, Any], application: Callable[..., Any]) -> None:
        self.options, self.application = options, application
        super().__init__()

    def load_config(self) -> None:
        """Raises where gunicorn does not know an option."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The service; the same for all workers."""
        return self.application


def arguments() -> argparse.Namespace:
    """What the bench hands over, and the server settings where they are being searched."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True, help="sqlite:///PATH or postgresql://...")
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--document", type=Path, required=True, help="the plan, a JSON file")
    parser.add_argument("--worker-class", choices=["sync", "gthread", *ASYNCHRONOUS])
    parser.add_argument("--workers", type=int)
    parser.add_argument("--threads", type=int)
    return parser.parse_args()


def prepare(people: int, document: Path) -> str:
    """Make the tables and the people; the caller's token."""
    from bench.peers.django_rest.seed import seed  # noqa: PLC0415 (models need Django set up)

    call_command("migrate", verbosity=0)
    return seed(people, json.loads(document.read_bytes()))


def configure(database: str, asynchronous: bool) -> None:
    """Set Django up; its settings read the environment."""
    os.environ["PEER_DATABASE"] = database
    os.environ["PEER_ASGI"] = "on" if asynchronous else ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.django_rest.settings"
    django.setup()


def main() -> None:
    """Serve until SIGTERM."""
    given = arguments()
    worker_class, workers, threads = BEST[given.database.partition(":")[0]]
    worker_class = given.worker_class or worker_class
    configure(given.database, worker_class in ASYNCHRONOUS)
    from bench.peers.django_rest.seed import refs  # noqa: PLC0415 (models need Django set up)

    ready = {
        "ready": True,
        "token": prepare(given.people, given.document),
        "path": PATH,
        "refs": refs(given.people),
    }
    connections.close_all()
    for connection in connections.all():
        getattr(connection, "close_pool", bool)()
    if worker_class in ASYNCHRONOUS:
        from bench.peers.django_rest.asgi import application  # noqa: PLC0415
    else:
        from bench.peers.django_rest.wsgi import application  # noqa: PLC0415
    options = {
        "bind": f"127.0.0.1:{given.port}",
        "worker_class": ASYNCHRONOUS.get(worker_class, worker_class),
        "workers": given.workers or workers,
        "threads": given.threads or threads,
        "preload_app": True,
        "keepalive": 60,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "when_ready": lambda _: print(json.dumps(ready), flush=True),
    }
    Server(options, application).run()


if __name__ == "__main__":
    main()
