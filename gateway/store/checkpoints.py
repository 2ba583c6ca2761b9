"""Which checkpoints of the log count: on PostgreSQL, those that the one leader has published.

Nothing here trusts a process to know that it leads. A process may be stopped at any point and go
on much later, so the database decides at the moment of publishing: the row of `log_leader` says
whose token is the newest, and publishing is one statement that reads it under a lock and writes
the checkpoint, or does nothing. A new leader's higher token and an old leader's checkpoint thus
have an order, whichever comes first: the one is seen by the new leader before it goes on, the
other is refused.
"""

import logging
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, select, text
from sqlalchemy.exc import DBAPIError

from audit.checkpoint import Checkpoint
from gateway.store.base import StoreUnavailableError
from gateway.store.postgres import confirmed, driver_of
from gateway.store.query import Query, run
from gateway.store.tables import AuditEntry, AuditHead

_E: Any = AuditEntry.__table__  # type: ignore[attr-defined]
_H: Any = AuditHead.__table__  # type: ignore[attr-defined]
LEASE = 3.0
"""Seconds after which a leader that has not renewed its lease may be put aside."""
LOCK = {"space": 0x4D41, "key": 0x4C4F}
log = logging.getLogger("gateway")

_COMMITTED = Query(select(_H.c.size))
_AFTER = Query(
    select(_E.c.seq, _E.c.id, _E.c.time, _E.c.agency, _E.c.salt, _E.c.sealed)
    .where(_E.c.seq > bindparam("size"))
    .order_by(_E.c.seq)
    .limit(bindparam("limit"))
)
_ROOT_AT = text("SELECT root FROM log_checkpoint WHERE size = :size")
_NEXT = text("""
    SELECT size, note FROM log_checkpoint WHERE size = coalesce(
        (SELECT max(size) FROM log_checkpoint WHERE size > :size AND size <= :upto),
        (SELECT min(size) FROM log_checkpoint WHERE size > :size))
""")
_NOW = "extract(epoch FROM clock_timestamp())"
_LOCK = text("SELECT pg_try_advisory_lock(:space, :key)")
_WIN = text(f"""
    UPDATE log_leader SET token = token + 1, until = {_NOW} + :lease WHERE id = 1 RETURNING token
""")  # noqa: S608
_RENEW = text(f"""
    UPDATE log_leader SET until = {_NOW} + :lease WHERE id = 1 AND token = :token RETURNING token
""")  # noqa: S608
_PUT_ASIDE = text(f"""
    SELECT pg_terminate_backend(held.pid) FROM pg_locks AS held, log_leader AS leader
    WHERE leader.until < {_NOW} AND held.locktype = 'advisory' AND held.granted
    AND held.classid = :space AND held.objid = :key AND held.objsubid = 2
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")  # noqa: S608
_BEAT = text("""
    INSERT INTO heartbeat (id, beats) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1
""")
_PUBLISH = text("""
    INSERT INTO log_checkpoint (size, root, note, token)
    SELECT :size, :root, :note, token FROM log_leader WHERE id = 1 AND token = :token FOR SHARE
    ON CONFLICT (size) DO NOTHING RETURNING size
""")


class Published(NamedTuple):
    """A checkpoint that counts."""

    size: int
    note: str


def committed(connection: Connection) -> int:
    """How many entries are committed."""
    size: int = run(connection, _COMMITTED, {}).fetchone()[0]
    return size


def after(connection: Connection, size: int, limit: int) -> list[tuple[Any, ...]]:
    """The entries that a log of `size` lacks, in log order: number, id, time, agency, salt in
    hex, sealed text."""
    rows: list[tuple[Any, ...]] = run(connection, _AFTER, {"size": size, "limit": limit}).fetchall()
    return rows


def root_at(connection: Connection, size: int) -> bytes | None:
    """The published root of that size, if that size was published."""
    root = connection.execute(_ROOT_AT, {"size": size}).scalar()
    return None if root is None else bytes.fromhex(root)


def published(connection: Connection, size: int, within: int) -> Published | None:
    """The furthest checkpoint at most `within` entries beyond `size`, else the next one at all."""
    # Added up here: the database would do it in the narrowest type that either number fits.
    row = connection.execute(_NEXT, {"size": size, "upto": size + within}).first()
    return Published(*row) if row else None


def confirm(connection: Connection) -> None:
    """See to it that whatever was read on this connection is on the standby as well.

    What a commit made visible may still be on the primary alone, where its wait for the standby
    was cut short. A later commit that the standby confirms vouches for all before it. Raises
    `StoreUnavailableError`; without it, a failover could take back what a log here already has.
    """
    with confirmed(driver_of(connection)):
        connection.execute(_BEAT)
        connection.commit()


class Leadership:
    """Who of all processes on a PostgreSQL database publishes checkpoints: at most one at a time.

    The advisory lock, held by a session of the leader's own, makes one of many willing processes
    the leader and lets the next one in as soon as that session ends. The lease is for a leader
    whose session stays although it does nothing (its process stopped, its machine gone): others
    then end that session. The token is what safety rests on.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.token: int | None = None
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether this process leads: renews its lease, or tries to win. Call it often.

        A connection that is lost costs the leadership and is made anew at the next call.
        """
        try:
            return self._renew() if self.token is not None else self._win()
        except DBAPIError as error:
            self._lost(type(error.orig).__name__)
            return False

    def publish(self, checkpoint: Checkpoint, note: bytes) -> bool:
        """Let a checkpoint count, where the token is still the newest.

        False where it is not. Also where the answer is lost with the connection: then it may
        count, which following the published checkpoints will tell.
        """
        if self._connection is None or self.token is None:
            return False
        row = {"size": checkpoint.size, "root": checkpoint.root.hex(), "note": note.decode()}
        try:
            with confirmed(driver_of(self._connection)):
                done = self._connection.execute(_PUBLISH, row | {"token": self.token}).first()
        except DBAPIError as error:
            self._lost(type(error.orig).__name__)
            return False
        except StoreUnavailableError:
            self._lost("the standby has not confirmed it")
            return False
        if done is None:
            self._lost("a newer leader")
        return done is not None

    def resign(self) -> None:
        """Let another process lead; what this one held is let go of with its session."""
        connection, self._connection, self.token = self._connection, None, None
        if connection is not None:
            connection.close()

    def _renew(self) -> bool:
        named = {"lease": LEASE, "token": self.token}
        if self._session().execute(_RENEW, named).first() is None:
            self._lost("a newer leader")
        return self.token is not None

    def _win(self) -> bool:
        session = self._session()
        if not session.execute(_LOCK, LOCK).scalar_one():
            session.execute(_PUT_ASIDE, LOCK)
            return False
        self.token = session.execute(_WIN, {"lease": LEASE}).scalar_one()
        log.info("this process now extends the log, with token %d", self.token)
        return True

    def _session(self) -> Connection:
        """A session of one's own: a pooled connection would hand the lock to somebody else."""
        if self._connection is None:
            self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.detach()
        return self._connection

    def _lost(self, why: str) -> None:
        if self.token is not None:
            log.warning("this process no longer extends the log (%s)", why)
        self.resign()
