"""Which persons are one, what was decided about it, and what waits for a decision"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Type = sa.types.TypeEngine[Any]
REVIEW: dict[str, Type] = {
    "decision": sa.String(),
    "weight": sa.Float(),
    "evidence": sa.String(),
}


def upgrade() -> None:
    for name in ("merged_into", "survivor"):
        op.add_column("person", sa.Column(name, sa.String(), nullable=True))
        op.create_index(f"ix_person_{name}", "person", [name])
    _add_filled("person_identifier", "merged", sa.Boolean(), sa.false())
    version = sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("identity_review", version)
    for name, kind in REVIEW.items():
        op.add_column("identity_review", sa.Column(name, kind, nullable=True))
    op.create_index("ix_identity_review_other_person_id", "identity_review", ["other_person_id"])
    op.add_column("quarantine", sa.Column("review_id", sa.String(), nullable=True))
    op.create_index("ix_quarantine_review_id", "quarantine", ["review_id"])
    op.create_table(
        "identity_decision",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("joined", sa.String(), nullable=True),
        sa.Column("moved", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["joined"], ["person.id"]),
        sa.ForeignKeyConstraint(["review_id"], ["identity_review.id"]),
        sa.PrimaryKeyConstraint("review_id", "version"),
    )


def _add_filled(table: str, name: str, kind: Type, value: Any) -> None:
    """A column that the rows there are need a value for; those to come bring their own."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table(table) as changed:
        changed.alter_column(name, server_default=None)


def downgrade() -> None:
    op.drop_table("identity_decision")
    op.drop_index("ix_identity_review_other_person_id", "identity_review")
    op.drop_index("ix_quarantine_review_id", "quarantine")
    op.drop_column("quarantine", "review_id")
    for name in ("version", *REVIEW):
        op.drop_column("identity_review", name)
    op.drop_column("person_identifier", "merged")
    for name in ("merged_into", "survivor"):
        op.drop_index(f"ix_person_{name}", "person")
        op.drop_column("person", name)
