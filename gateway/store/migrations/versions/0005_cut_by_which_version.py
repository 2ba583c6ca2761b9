"""Which version of the adapter cut a file whose conversion is under way"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loaded_file", sa.Column("version", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("loaded_file", "version")
