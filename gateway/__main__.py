"""`python -m gateway` is the `mappa-gateway` command."""

from gateway.cli import main

main()
