"""The tables. SQLModel declares them, Alembic migrates them, Core statements use them.

Rows are never changed in place except the heads (`Person`, `CurrentView`, and the `status` of a
version): every version of every record and every audit entry stays. Times are UTC, kept as ISO
text with milliseconds so that both stores order and print them alike.
"""

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

SEQ = BigInteger().with_variant(Integer, "sqlite")
"""A position in the log, plus one; on SQLite an `INTEGER PRIMARY KEY` is the row's own number."""


class Person(SQLModel, table=True):
    """One managed person and what authorisation must know about them, always read fresh."""

    __tablename__ = "person"
    id: str = Field(primary_key=True)
    created_at: str
    surname: str | None = Field(default=None, index=True)
    """Folded for search, like `forename`; the spelling as written is in the record."""
    forename: str | None = None
    date_of_birth: str | None = Field(default=None, index=True)
    prison: str | None = Field(default=None, index=True)
    category: int | None = None
    level: int | None = None
    excluded: bool = False
    restricted: bool = False
    merged_into: str | None = Field(default=None, index=True)
    """Whom a decision joined this person to. Taken back, they are again who they were: records
    and identifiers stay under the person they were filed under."""
    survivor: str | None = Field(default=None, index=True)
    """Where following `merged_into` ends: the person who answers, who has their own id here.
    `None` for whoever is one with nobody."""


class PersonIdentifier(SQLModel, table=True):
    """A verified identifier and whom it names.

    At most one person holds it; further persons whose records claim it have a `disputed` row,
    which finds their own later records, and them for readers who may see them.
    """

    __tablename__ = "person_identifier"
    scheme: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)
    disputed: bool = False
    merged: bool = False
    """Merged at its source into another of this person's: it leads here, and names nobody else."""


class PersonArea(SQLModel, table=True):
    """A MAPPA area, probation region or police force with a current link to the person.

    It counts for staff of `agency` alone, so that one agency's code never opens another's door.
    """

    __tablename__ = "person_area"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    agency: str = Field(primary_key=True)
    area: str = Field(primary_key=True, index=True)
    source: str = Field(primary_key=True)
    """The record kind that gave the link, so that one cannot take another's away."""


class Assignment(SQLModel, table=True):
    """A member of staff named in the case team: the working relationship access asks for."""

    __tablename__ = "assignment"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    agency: str = Field(primary_key=True)
    staff_id: str = Field(primary_key=True, index=True)
    starts: str = Field(default="0000-01-01", primary_key=True)
    ends: str = "9999-12-31"


class LimitedUser(SQLModel, table=True):
    """A user barred from a person (`excluded`) or alone allowed (`restricted`)."""

    __tablename__ = "limited_user"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    mode: str = Field(primary_key=True)
    user_name: str = Field(primary_key=True)


class RecordVersion(SQLModel, table=True):
    """One version of one document of one system, with its provenance. Append-only."""

    __tablename__ = "record_version"
    __table_args__ = (UniqueConstraint("person_id", "kind", "system", "source_ref", "version"),)
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    kind: str
    system: str
    source_ref: str
    version: int
    status: str
    """`current` (the document's newest), `superseded`, or `historical` (arrived late)."""
    written_at: str | None
    received_at: str
    adapter_version: str
    client: str
    standing: int
    raw_hash: str = Field(foreign_key="raw_payload.hash", index=True)
    content_hash: str
    body: bytes = Field(sa_type=LargeBinary)


class RawPayload(SQLModel, table=True):
    """The bytes exactly as they came, once per content."""

    __tablename__ = "raw_payload"
    hash: str = Field(primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)


class CurrentView(SQLModel, table=True):
    """What a reader gets for one person and kind: composed when something arrives."""

    __tablename__ = "current_view"
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    kind: str = Field(primary_key=True)
    version: int
    record_id: str
    source: str
    source_ref: str
    written_at: str | None
    received_at: str
    body: bytes = Field(sa_type=LargeBinary)


class Quarantined(SQLModel, table=True):
    """A payload that could not be mapped, kept whole until it can."""

    __tablename__ = "quarantine"
    id: str = Field(primary_key=True)
    system: str = Field(index=True)
    client: str
    subject: str | None
    received_at: str
    reason: str
    detail: str
    pointer: str
    raw_hash: str = Field(foreign_key="raw_payload.hash", index=True)
    released_at: str | None = None
    review_id: str | None = Field(default=None, index=True)
    """The identity review it waits for, where its identifiers name more than one person."""


class IdentityReview(SQLModel, table=True):
    """Two records that may or may not be one person: a human decides, never the gateway.

    `version` counts the decisions taken, `decision` is the one that holds (none: open). `weight`
    and `evidence` are what the probabilistic linkage found: the match weight in bits and its
    parts, never a value.
    """

    __tablename__ = "identity_review"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    other_person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    reason: str
    created_at: str
    version: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    decision: str | None = None
    weight: float | None = None
    evidence: str | None = None


class IdentityDecision(SQLModel, table=True):
    """What somebody decided on a review, one row each time; nothing is changed or removed.

    `joined` is the person a decision joined to another or split off, `moved` the records and
    identifiers that a split took along (JSON): all that taking it back needs. `entry` is the
    audit entry that says who and why; a merge at the source is `decided_by` its system.
    """

    __tablename__ = "identity_decision"
    review_id: str = Field(foreign_key="identity_review.id", primary_key=True)
    version: int = Field(primary_key=True)
    decision: str
    joined: str | None = Field(default=None, foreign_key="person.id")
    moved: str | None = None
    decided_at: str
    decided_by: str
    entry: str | None


class IdempotentPush(SQLModel, table=True):
    """The answer once given to a client's `Idempotency-Key`, given again to a retry."""

    __tablename__ = "idempotent_push"
    client: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_hash: str
    status: int
    answer: bytes = Field(sa_type=LargeBinary)
    created_at: str


class RevokedToken(SQLModel, table=True):
    """A token withdrawn before its time; looked up on every request."""

    __tablename__ = "revoked_token"
    issuer: str = Field(primary_key=True)
    token_id: str = Field(primary_key=True)


class Heartbeat(SQLModel, table=True):
    """One row, written to learn whether the store can write."""

    __tablename__ = "heartbeat"
    id: int = Field(primary_key=True)
    beats: int


class AuditHead(SQLModel, table=True):
    """One row: how many entries are committed. Whoever commits entries takes their numbers here,
    in the same transaction, so that numbers have no gaps and follow the order of commits."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)


class AuditEntry(SQLModel, table=True):
    """One sealed entry. Position in the log is `seq - 1`; columns beside it serve the search.

    `sealed` is canonical JSON, `salt` 32 bytes in hex.
    """

    __tablename__ = "audit_entry"
    seq: int = Field(primary_key=True, sa_type=SEQ, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    time: str = Field(index=True)
    agency: str
    client: str
    staff: str | None = Field(default=None, index=True)
    operation: str
    outcome: str
    salt: str
    sealed: str = Field(sa_type=Text)


class AuditSubject(SQLModel, table=True):
    """Which persons an entry is about; a push or a search may touch many."""

    __tablename__ = "audit_subject"
    person_id: str = Field(primary_key=True)
    seq: int = Field(
        primary_key=True,
        sa_type=SEQ,
        sa_column_kwargs={"autoincrement": False},
    )


class LogLeader(SQLModel, table=True):
    """One row (id 1): who may publish checkpoints. Used on PostgreSQL only.

    `token` goes up each time the leadership changes hands; `until` is when the leader's lease
    ends, in seconds since 1970 by the database's clock.
    """

    __tablename__ = "log_leader"
    id: int = Field(primary_key=True)
    token: int = Field(sa_type=BigInteger)
    until: float


class LogCheckpoint(SQLModel, table=True):
    """The published heads of the log: one root for each size, for ever. PostgreSQL only."""

    __tablename__ = "log_checkpoint"
    size: int = Field(primary_key=True, sa_type=SEQ, sa_column_kwargs={"autoincrement": False})
    root: str
    note: str
    token: int = Field(sa_type=BigInteger)


class LoadedFile(SQLModel, table=True):
    """How far the conversion of a file got. It moves in the transaction of each batch, so that an
    interrupted load goes on where it was. `position` counts payloads, `counts` is JSON."""

    __tablename__ = "loaded_file"
    file_hash: str = Field(primary_key=True)
    system: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    """The subject given for the whole file, or an empty text: it changes what payloads mean."""
    position: int = Field(sa_type=BigInteger)
    rejects_size: int = Field(sa_type=BigInteger)
    """How many bytes of the rejects file belong to what is committed."""
    counts: str = Field(sa_type=Text)
    started_at: str
    finished_at: str | None = None
    version: str | None = None
    """The adapter's: another one may cut the file into other payloads, and `position` means
    nothing to it. Unknown for what was begun before this was kept."""
