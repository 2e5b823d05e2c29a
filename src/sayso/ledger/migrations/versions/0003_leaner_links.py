"""What a document shares is kept with its parent alone, and it is known which events are denials: linking begins anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DERIVED = (
    "linked", "names", "name_blocks", "name_links", "entity_names", "fingerprints", "profiles", "event_blocks", "event_links",
    "linked_events", "claim_links", "assessments",
)  # fmt: skip


def upgrade() -> None:
    op.drop_table("overlaps")
    op.drop_table("origins")
    op.create_table(
        "origins",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("ix_origins_parent", "origins", ["parent"], unique=False)
    op.create_index("ix_origins_root", "origins", ["root"], unique=False)
    for table in _DERIVED:
        op.execute(sa.text(f"DELETE FROM {table}"))
    with op.batch_alter_table("profiles") as batch:
        batch.add_column(sa.Column("start", sa.Integer(), nullable=False))
        batch.add_column(sa.Column("denies", sa.Boolean(), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("ledgers are not taken back to older versions; use the backup")
