"""What many workers need: numbers without gaps, one leader, one checkpoint of each size; and
entries kept as text, which both stores print alike."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    entry = sa.table("audit_entry", sa.column("seq"))
    size = sa.select(sa.literal(1), sa.func.coalesce(sa.func.max(entry.c.seq), 0))
    op.execute(head.insert().from_select(["id", "size"], size))
    leader = op.create_table(
        "log_leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(leader.insert().values(id=1, token=0, until=0))
    op.create_table(
        "log_checkpoint",
        sa.Column("size", SEQ, autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    # So few agencies that newest first finds theirs soon; every entry would pay for the index.
    op.drop_index("ix_audit_entry_agency", "audit_entry")
    _subjects_anew(SEQ)  # before the entries, which on SQLite are written anew
    _change(SEQ, sa.String(), sa.Text(), "encode(salt, 'hex')", "convert_from(sealed, 'UTF8')")


def downgrade() -> None:
    blob = sa.LargeBinary()
    _change(sa.Integer(), blob, blob, "decode(salt, 'hex')", "convert_to(sealed, 'UTF8')")
    op.create_index("ix_audit_entry_agency", "audit_entry", ["agency"])
    _subjects_anew(sa.Integer(), sa.ForeignKeyConstraint(["seq"], ["audit_entry.seq"]))
    for table in ("log_checkpoint", "log_leader", "audit_head"):
        op.drop_table(table)


Type = sa.types.TypeEngine[Any]


def _subjects_anew(seq: Type, *constraints: sa.Constraint) -> None:
    """Subjects are written in the statement that writes their entry: a foreign key would look
    every one of them up again."""
    op.create_table(
        "audit_subject_anew",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("seq", seq, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq"),
        *constraints,
    )
    op.execute("INSERT INTO audit_subject_anew SELECT person_id, seq FROM audit_subject")
    op.drop_table("audit_subject")
    op.rename_table("audit_subject_anew", "audit_subject")


def _change(seq: Type, salt: Type, sealed: Type, *using: str) -> None:
    """Another type for the columns of entries. SQLite keeps what it is given, so there the
    values are turned first; PostgreSQL turns them by `using`."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if not postgresql:
        text = isinstance(sealed, sa.Text)
        salts = "lower(hex(salt))" if text else "unhex(salt)"
        form = "TEXT" if text else "BLOB"
        op.execute(f"UPDATE audit_entry SET salt = {salts}, sealed = CAST(sealed AS {form})")  # noqa: S608
    tables = op.batch_alter_table
    with tables("audit_entry", table_kwargs={"sqlite_autoincrement": False}) as entry:
        entry.alter_column("seq", type_=seq, existing_nullable=False)
        for name, kind, turn in (("salt", salt, using[0]), ("sealed", sealed, using[1])):
            options: dict[str, Any] = {"postgresql_using": turn} if postgresql else {}
            entry.alter_column(name, type_=kind, existing_nullable=False, **options)
    if postgresql:
        op.execute("ALTER TABLE audit_entry ALTER COLUMN seq DROP DEFAULT")
        op.execute("DROP SEQUENCE IF EXISTS audit_entry_seq_seq")
