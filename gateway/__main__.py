"""`python -m gateway` is the `mappa-gateway` command."""

import sys

from adapters.installed import AdapterPackageError


def main() -> None:
    """Run the command. An installed adapter that cannot be used is one sentence, no traceback."""
    try:
        from gateway.cli import main as command
    except AdapterPackageError as error:
        sys.exit(f"mappa-gateway: {error}")
    command()


if __name__ == "__main__":
    main()
