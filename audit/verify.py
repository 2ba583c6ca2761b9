"""Check a log from its files alone: `python -m audit.verify DIR`.

Exit status: 0 the log is what was signed, 1 it is not, 2 the command was wrong.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from audit.check import check_log
from audit.errors import FormatError
from audit.note import Verifier
from audit.report import Report

_EVERY = 65536


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.directory.is_dir():
        parser.error("DIR is not a folder")
    since = None
    if options.since:
        try:
            since = options.since.read_bytes()
        except OSError:
            parser.error("the file given with --since cannot be read")
    report = Report()
    verifier: Verifier | None
    if options.key:
        try:
            verifier = Verifier.parse(_key_text(options.key))
        except (FormatError, OSError, UnicodeDecodeError):
            parser.error("--key is neither a verifier key nor a file that holds one")
        _compare_key(options.directory, verifier, report)
    else:
        verifier = _own_key(options.directory, report)
    if verifier:
        found = check_log(
            options.directory,
            verifier,
            expect_size=options.expect_size,
            since=since,
            progress=_ignore if options.quiet else _show,
        )
        found.notes[:0], found.problems[:0] = report.notes, report.problems
        report = found
    print("\n".join(report.lines()))
    return 0 if report.sound else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m audit.verify",
        description="Re-compute a log from its files and compare it with its signed checkpoint.",
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="the folder of the log")
    parser.add_argument("--key", metavar="VKEY", help="the log's verifier key, or a file of it")
    parser.add_argument(
        "--expect-size", type=int, metavar="N", help="how many entries there must be"
    )
    parser.add_argument(
        "--since",
        type=Path,
        metavar="CHECKPOINT_FILE",
        help="a checkpoint saved earlier, which the log must continue",
    )
    parser.add_argument("--quiet", action="store_true", help="do not show progress")
    return parser


def _key_text(key: str) -> str:
    if "+" in key:
        return key
    return Path(key).read_text(encoding="utf-8").removesuffix("\n")


def _own_key(directory: Path, report: Report) -> Verifier | None:
    """The key that lies beside the log: good against accidents, not against a forger."""
    report.notes.append(
        "warning: the key came from the log itself. Whoever can rewrite the log can replace its"
        " key; give the key you were sent with --key."
    )
    try:
        content = (directory / "vkey").read_bytes()
        verifier = Verifier.parse(content.decode().removesuffix("\n"))
    except OSError:
        report.problem("vkey", "the file is missing or unreadable; give the key with --key")
        return None
    except (FormatError, UnicodeDecodeError):
        report.problem("vkey", "it does not hold a verifier key")
        return None
    _compare_key(directory, verifier, report)
    return verifier


def _compare_key(directory: Path, verifier: Verifier, report: Report) -> None:
    """A mirror may leave the key out, but it must not carry another."""
    file = directory / "vkey"
    if file.is_file() and file.read_bytes() != f"{verifier.vkey}\n".encode():
        report.problem("vkey", "it does not hold exactly the key that the log is checked with")


def _ignore(done: int, size: int) -> None:
    """The progress of a quiet run."""


def _show(done: int, size: int) -> None:
    if done % _EVERY == 0 or (done == size and size > _EVERY):
        print(f"{done} of {size} entries checked", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
