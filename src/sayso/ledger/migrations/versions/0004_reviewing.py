"""Who has to do with whom, what waits for review, and judgements that correct and adjudicate: linking begins anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DERIVED = (
    "linked", "names", "name_blocks", "name_links", "entity_names", "fingerprints", "origins", "profiles", "event_blocks",
    "event_links", "linked_events", "claim_links", "assessments",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("left", sa.String(length=20), nullable=False),
        sa.Column("right", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=True),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("claim", sa.String(length=24), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("left", "right", "event", "document_id"):
        op.create_index(f"ix_ties_{column}", "ties", [column], unique=False)
    op.create_index("ties_said", "ties", ["said", "id"], unique=False)
    op.create_index("ties_relation", "ties", ["relation", "said", "id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=True),
        sa.Column("event", sa.String(length=20), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("impact", sa.Float(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_proposals_event", "proposals", ["event"], unique=False)
    op.create_index("proposals_impact", "proposals", ["impact", "id"], unique=False)
    op.create_index("proposals_subject", "proposals", ["subject", "object"], unique=False)
    op.create_table(
        "unclustered", sa.Column("profile", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("profile")
    )
    op.create_table(
        "unsettled", sa.Column("event", sa.String(length=20), nullable=False), sa.PrimaryKeyConstraint("event")
    )
    op.create_index("linked_events_named", "linked_events", ["place", "status"], unique=False)
    op.create_index("documents_outlet", "documents", ["outlet", "published"], unique=False)
    op.create_index("judgements_subject", "judgements", ["subject"], unique=False)
    op.create_index("judgements_object", "judgements", ["object"], unique=False)
    op.add_column("judgements", sa.Column("correction", sa.Text(), nullable=True))
    op.add_column("judgements", sa.Column("adjudicates", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in _DERIVED:
        op.execute(sa.text(f"DELETE FROM {table}"))


def downgrade() -> None:
    raise NotImplementedError("ledgers are not taken back to older versions; use the backup")
