"""Running the demo: serve, seed, tell, and keep serving."""

import socket
import threading
import time
from datetime import date
from pathlib import Path

import httpx
from rich.console import Console

from gateway.demo.people import characters
from gateway.demo.setup import furnish, seed
from gateway.demo.story import Story
from gateway.serve import listening, server
from gateway.serve import run as serve
from gateway.settings import Settings


def run(port: int, data_dir: Path, people: int, tell: bool) -> bool:
    """Serve the demo until interrupted; returns whether every promise was kept."""
    settings = Settings(data_dir, f"http://127.0.0.1:{port}", embedded_issuer=True)
    with listening(settings, "127.0.0.1", port) as listener:
        furnish(data_dir, settings.base_url)
        return _serve(settings, listener, people, tell)


def _serve(settings: Settings, listener: socket.socket, people: int, tell: bool) -> bool:
    console, web = Console(highlight=False), server(settings)
    failures: list[BaseException] = []

    def play() -> None:
        try:
            _play(settings, people, tell, console)
        except BaseException as error:
            failures.append(error)
            web.should_exit = True

    director = threading.Thread(target=play, name="demo", daemon=True)
    director.start()
    serve(web, listener)
    if failures:
        console.print(f"[red]The demo stopped: {type(failures[0]).__name__}: {failures[0]}[/]")
    return not failures


def _play(settings: Settings, people: int, tell: bool, console: Console) -> None:
    _wait_until_ready(settings.base_url)
    cast = list(characters(people, date.today()))
    console.print(f"[bold]MAPPA Gateway[/] serves at {settings.base_url}")
    console.print(f"{people} invented people, pushed by the systems of five agencies:")
    seed(settings.base_url, settings.data_dir, cast, console)
    if tell:
        with httpx.Client(timeout=60) as http:
            Story(http, settings.base_url, settings.data_dir, cast[0], console).tell()
    _farewell(settings, cast[0].crn, cast[0].staff("OM"), console)


def _wait_until_ready(base_url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"{base_url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("the gateway did not become ready")
        time.sleep(0.1)


def _farewell(settings: Settings, crn: str, officer: str, console: Console) -> None:
    data = settings.data_dir
    console.print(
        f"""
Still serving; stop with Ctrl-C. Try being anyone:

  API and its documentation   {settings.base_url}/docs
  Is it ready?                {settings.base_url}/health/ready
  Newest log checkpoint       {settings.base_url}/tlog/checkpoint

  .venv/bin/mappa-gateway staff --data-dir {data}
  curl -H "Authorization: Bearer $(.venv/bin/mappa-gateway token {officer} --data-dir {data})" \\
       -H "Purpose-Of-Use: mappa-management" \\
       {settings.base_url}/v1/persons/crn:{crn}/risk-management-plan
""",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )
