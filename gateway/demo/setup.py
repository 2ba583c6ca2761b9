"""Setting the demo up: staff and clients on disk, then everybody's records through HTTP."""

import json
from collections.abc import Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.auth.directory import Client, Directory
from gateway.auth.keys import create_key
from gateway.demo.cast import DESKS, SYSTEMS, staff
from gateway.demo.client import KEYS, Agent
from gateway.demo.payloads import BUILDERS, batch
from gateway.demo.people import Character
from gateway.keys import log_signer
from gateway.services import DEMO_FILE
from gateway.settings import Settings

AT_ONCE = 25


def furnish(data_dir: Path, base_url: str) -> None:
    """Write the staff and client directories; each client's private key stays beside them.

    Also makes the log's key, as whoever installs a gateway does.
    """
    log_signer(data_dir, Settings.log_origin)
    (data_dir / KEYS).mkdir(parents=True, exist_ok=True, mode=0o700)
    clients = [
        Client(
            id=name,
            agency=agency,
            jwks=_public(data_dir, name),
            systems=systems,
            roles=("case-system",),
        )
        for name, (agency, systems) in SYSTEMS.items()
    ] + [
        Client(id=name, agency=agency, jwks=_public(data_dir, name), systems=(), roles=())
        for name, agency in DESKS.items()
    ]
    Directory(data_dir).save(staff(), clients)
    (data_dir / DEMO_FILE).write_text(json.dumps({"baseUrl": base_url}), encoding="utf-8")


def _public(data_dir: Path, client: str) -> dict[str, object]:
    key = create_key(data_dir / KEYS / f"{client}.json")
    return {"keys": [key.as_dict(private=False)]}


def seed(base_url: str, data_dir: Path, people: Sequence[Character], console: Console) -> None:
    """Push every person's records, in every system's own format, with a progress bar."""
    with httpx.Client(timeout=60) as http:
        _push_all(_pushers(http, base_url, data_dir), people, console)


def _pushers(http: httpx.Client, base_url: str, data_dir: Path) -> dict[str, Agent]:
    return {
        system: Agent(http, base_url, data_dir, client, purpose="system-update")
        for client, (_, systems) in SYSTEMS.items()
        for system in systems
    }


def _push_all(agents: dict[str, Agent], people: Sequence[Character], console: Console) -> None:
    columns = (
        TextColumn("  {task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        for system, build in BUILDERS:
            label = f"{system}: {build.__name__.partition('_')[2]}"
            task = progress.add_task(label, total=len(people))
            for start in range(0, len(people), AT_ONCE):
                group = people[start : start + AT_ONCE]
                payloads = [payload for c in group if (payload := build(c)) is not None]
                if payloads:
                    agents[system].push(system, batch(system, payloads))
                progress.advance(task, len(group))
