"""A worker that is stopped while it holds the store's locks: run with `python -m`.

Once it goes on, its standard output says whether its write was committed.
"""

import asyncio
import os
import signal
import sys
import time

from sqlalchemy import Connection

from gateway.store.base import StoreUnavailableError
from gateway.store.entries import NewEntry, append
from gateway.store.postgres import PostgresStore
from tests.gateway.cluster import entry
from tests.gateway.store.jobs import add


def hang(connection: Connection, _new: list[NewEntry]) -> None:
    """Write, also at the head of the log, and be stopped."""
    add(connection, "stopped")
    append(connection, [entry(1)])
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(0.5)  # the signal stops this thread a little after the call: it must not commit yet


async def main(url: str) -> None:
    """Try one write."""
    store = PostgresStore(url)
    try:
        await store.write(hang)
        print("committed")
    except StoreUnavailableError:
        print("refused")
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
