"""Which judgements were one decision, and where an event went that is now another's: no address of either is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("judgements", sa.Column("act", sa.Integer(), nullable=True))
    op.create_table(
        "former_events",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_former_events_document_id", "former_events", ["document_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("ledgers are not taken back to older versions; use the backup")
