"""The command line. Each command imports what it needs: `--help` should not wait for a server."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from adapters.base import parse_subject
from adapters.registry import ADAPTERS
from gateway.account import account
from gateway.settings import Settings

app = typer.Typer(
    help="MAPPA Gateway: agencies exchange plans, minutes and licence conditions.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
DataDir = Annotated[Path, typer.Option(help="Where the database, the log and the keys are.")]
DEMO_DATA = Path("demo-data")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Errors that a user can mend are one sentence, not a traceback."""
    try:
        yield
    except (OSError, ValueError, LookupError) as error:
        typer.echo(f"mappa-gateway: {error}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _plain_store_errors() -> Iterator[None]:
    """A store that does not answer is such an error too. Its driver is not quoted: it repeats the
    statement with its parameters, which are somebody's records."""
    import psycopg
    from sqlalchemy.exc import OperationalError

    from gateway.store.base import StoreUnavailableError

    with _plain_errors():
        try:
            yield
        except StoreUnavailableError as error:
            raise ConnectionError(f"{error}; run the same command again") from None
        except (OperationalError, psycopg.OperationalError):
            raise ConnectionError(
                "the database does not answer: see that it runs, that MAPPA_GATEWAY_DATABASE_URL"
                " names it, and run the same command again"
            ) from None


def _settings(data_dir: Path | None) -> Settings:
    """Those of the environment, which workers see as well."""
    if data_dir:
        os.environ["MAPPA_GATEWAY_DATA_DIR"] = str(data_dir)
    return Settings.from_environment()


@app.command(epilog="Example: mappa-gateway demo --port 8080 --people 50")
def demo(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)] = 8080,
    data_dir: DataDir = DEMO_DATA,
    people: Annotated[int, typer.Option(help="How many invented people.", min=1)] = 200,
    no_story: Annotated[bool, typer.Option("--no-story", help="Seed and serve only.")] = False,
) -> None:
    """Invent people, push their records, tell the story, serve."""
    from gateway.demo.run import run

    with _plain_errors():
        kept = run(port, data_dir, people, not no_story)
    raise typer.Exit(0 if kept else 1)


@app.command(epilog="Example: MAPPA_GATEWAY_ISSUERS=... mappa-gateway serve --port 8080")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8080,
    data_dir: Annotated[
        Path | None, typer.Option(help="Instead of MAPPA_GATEWAY_DATA_DIR.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes; more than one need PostgreSQL.", min=1, max=64)
    ] = 1,
) -> None:
    """Serve one data directory (settings: MAPPA_GATEWAY_ variables)."""
    from gateway.serve import listening, run, run_workers, server

    with _plain_errors():
        settings = _settings(data_dir)
        if workers > 1 and not settings.database_url:
            raise ValueError("several workers need PostgreSQL: set MAPPA_GATEWAY_DATABASE_URL")
        with listening(settings, host, port) as listener:
            if workers > 1:
                run_workers(workers, listener)
            else:
                run(server(settings), listener)


@app.command(epilog="Example: mappa-gateway log-key --data-dir /var/lib/mappa-gateway")
def log_key(data_dir: DataDir = DEMO_DATA) -> None:
    """Make the key that signs the audit log, once, for every machine on one database."""
    from gateway.keys import log_signer

    with _plain_errors():
        settings = Settings.from_environment()
        typer.echo(log_signer(data_dir, settings.log_origin).verifier.vkey)


@app.command(epilog="Example: mappa-gateway token OM-13-1")
def token(
    staff: Annotated[str, typer.Argument(help="Staff id; `mappa-gateway staff` lists them.")],
    data_dir: DataDir = DEMO_DATA,
) -> None:
    """Print a token for a member of staff of the demo."""
    from gateway.services import issuer_of

    with _plain_errors():
        typer.echo(issuer_of(data_dir).issue(staff))


@app.command(epilog="Example: mappa-gateway staff --json")
def staff(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with caseloads.")] = False,
    data_dir: DataDir = DEMO_DATA,
) -> None:
    """List the demo's staff and their caseloads."""
    from gateway.auth.directory import Directory
    from gateway.store.persons import caseload
    from gateway.store.sqlite import reading

    with _plain_errors():
        people = Directory(data_dir).staff
        with reading(data_dir) as connection:
            listed: list[dict[str, Any]] = [
                {
                    "id": one.id,
                    "name": one.name,
                    "role": ", ".join(one.roles),
                    "agency": one.agency,
                    "area": one.area,
                    "persons": caseload(connection, one.agency, one.id),
                }
                for one in people
            ]
    if as_json:
        typer.echo(json.dumps(listed, indent=2))
        return
    table = Table(box=None)
    for name in ("id", "name", "role", "area", "persons"):
        table.add_column(name, no_wrap=True)
    for one in listed:
        count = str(len(one["persons"]))
        table.add_row(one["id"], one["name"], one["role"], one["area"] or "", count)
    Console().print(table)


@app.command(epilog="Example: mappa-gateway template minutes > minutes.docx")
def template(
    name: Annotated[str, typer.Argument(help="`minutes` or `referral`.")],
) -> None:
    """Write a blank Word form that the gateway reads when it is filled in."""
    from adapters.mappa import template as blank

    with _plain_errors():
        content = blank(name)
        if sys.stdout.isatty():
            raise ValueError(f"this is a Word document: write it to a file (> {name}.docx)")
        sys.stdout.buffer.write(content)


@app.command(epilog="Example: mappa-gateway push oasys plan.json --subject crn:X500000")
def push(
    system: Annotated[str, typer.Argument(help=f"One of: {', '.join(ADAPTERS)}.")],
    file: Annotated[Path, typer.Argument(help="One payload, or a batch.", exists=True)],
    subject: Annotated[str, typer.Option(help="Whom it is about, if it does not say.")] = "",
    data_dir: DataDir = DEMO_DATA,
) -> None:
    """Push a file to the running demo, as its system would."""
    from gateway.demo.client import push_file

    with _plain_errors():
        answer = push_file(data_dir, system, file.read_bytes(), subject)
    typer.echo(json.dumps(answer.json(), indent=2))
    raise typer.Exit(0 if answer.status_code == 200 else 1)


@app.command(
    epilog="Examples: mappa-gateway load --system delius register.ndjson · "
    "mappa-gateway load --system visor --dry-run nominals.xml · "
    "mappa-gateway load --system oasys plans.zip --rejects /var/lib/mappa-rejects · "
    "mappa-gateway load --system oasys plans.zip.rejects.ndjson (after mending it)"
)
def load(
    files: Annotated[
        list[Path],
        typer.Argument(help="JSON, NDJSON, CSV, XML, .docx, or a zip of them.", dir_okay=False),
    ],
    system: Annotated[str, typer.Option(help=f"One of: {', '.join(ADAPTERS)}.")],
    subject: Annotated[str, typer.Option(help="Whom all of it is about: crn:X123456.")] = "",
    agency: Annotated[
        str, typer.Option(help="Whose records they are, if the system does not say.")
    ] = "",
    staff: Annotated[
        str,
        typer.Option(help="Who loads, for the audit log, which names your account here as well."),
    ] = "",
    justification: Annotated[
        str, typer.Option(help="Why, for the audit log.")
    ] = "back-record conversion",
    rejects: Annotated[
        Path | None,
        typer.Option(help="Folder for FILE.rejects.ndjson: personal data! By default FILE's."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="From the beginning, also what was loaded before.")
    ] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="Instead of MAPPA_GATEWAY_DATA_DIR.")
    ] = None,
) -> None:
    """Load whole files of a system into the store (settings: MAPPA_GATEWAY_ variables).

    On SQLite, stop the gateway first; on PostgreSQL it may go on. Ctrl-C, a crash, a full disk: the
    same command goes on where it was, and files nothing twice. Exit status: 0 all is filed, 1
    something was refused, 2 an error, 130 interrupted.
    """
    from gateway.load.run import Task, run, sender

    with _plain_store_errors():
        if system not in ADAPTERS:
            raise ValueError(f"--system is one of: {', '.join(ADAPTERS)}")
        task = Task(
            adapter=ADAPTERS[system],
            files=files,
            agency=sender(system, agency),
            staff=staff or account(),
            justification=justification,
            subject=parse_subject(subject) if subject else None,
            rejects=rejects,
            trial=dry_run,
            again=again,
        )
        status = run(_settings(data_dir), task, Console())
    raise typer.Exit(status)


identity = typer.Typer(help="Who is who: propose what may be one person.", no_args_is_help=True)
app.add_typer(identity, name="identity")


@identity.callback()
def _identity() -> None:
    """Who is who: propose what may be one person."""


@identity.command(epilog="Example: mappa-gateway identity propose --possible --limit 200")
def propose(
    possible: Annotated[
        bool, typer.Option("--possible", help="Also pairs that are only more likely than not.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Open at most so many reviews.", min=1)] = 1000,
    staff: Annotated[
        str,
        typer.Option(help="Who asks, for the audit log, which names your account here as well."),
    ] = "",
    data_dir: Annotated[
        Path | None, typer.Option(help="Instead of MAPPA_GATEWAY_DATA_DIR.")
    ] = None,
) -> None:
    """Compare everybody with everybody and open a review for each pair that is probably one person.

    Nothing is merged: somebody with the right role decides at /v1/identity/reviews. Needs the
    extra `identity`. On SQLite, stop the gateway first; on PostgreSQL it may go on.
    """
    from gateway.identity.propose import run

    with _plain_store_errors():
        done = run(_settings(data_dir), staff or account(), limit, possible=possible)
    typer.echo(f"{done.found} pairs found, {done.asked} new reviews")


@app.command(epilog="Example: mappa-gateway openapi > openapi/openapi.json")
def openapi() -> None:
    """Print the OpenAPI description of the service."""
    from gateway.app import create_app

    described = create_app(Settings(data_dir=Path())).openapi()
    typer.echo(json.dumps(described, indent=2, ensure_ascii=False))


def main() -> None:
    """Entry point of `mappa-gateway`. Every file it makes is its owner's alone."""
    os.umask(0o077)
    app()
