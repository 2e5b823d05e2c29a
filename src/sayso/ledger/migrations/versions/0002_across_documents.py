"""What is found across documents."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linked",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_table(
        "names",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("identity", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_names_identity", "names", ["identity"], unique=False)
    op.create_index("ix_names_key", "names", ["key"], unique=False)
    op.create_table(
        "name_blocks",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_links",
        sa.Column("left", sa.String(length=20), nullable=False),
        sa.Column("right", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left", "right"),
    )
    op.create_index("ix_name_links_right", "name_links", ["right"], unique=False)
    op.create_table(
        "entity_names",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.String(length=24), nullable=False),
        sa.Column("name_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "entity_id"),
    )
    op.create_index("ix_entity_names_name_id", "entity_names", ["name_id"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "document"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "overlaps",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("other_share", sa.Float(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "other_id"),
    )
    op.create_index("ix_overlaps_other_id", "overlaps", ["other_id"], unique=False)
    op.create_table(
        "origins",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("ix_origins_parent", "origins", ["parent"], unique=False)
    op.create_index("ix_origins_root", "origins", ["root"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("json", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_profiles_event", "profiles", ["event"], unique=False)
    op.create_index("profiles_ref", "profiles", ["document_id", "ref"], unique=True)
    op.create_table(
        "event_blocks",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "profile"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_blocks_profile", "event_blocks", ["profile"], unique=False)
    op.create_table(
        "event_links",
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left", "right"),
    )
    op.create_index("ix_event_links_right", "event_links", ["right"], unique=False)
    op.create_table(
        "linked_events",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=True),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("origins", sa.Integer(), nullable=False),
        sa.Column("informants", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("first_said", sa.Text(), nullable=True),
        sa.Column("last_said", sa.Text(), nullable=True),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_linked_events_type", "linked_events", ["type"], unique=False)
    op.create_index("linked_events_day", "linked_events", ["first_day", "id"], unique=False)
    op.create_index("linked_events_disputed", "linked_events", ["disputed", "last_said", "id"], unique=False)
    op.create_index("linked_events_place", "linked_events", ["lat", "lon"], unique=False)
    op.create_index("linked_events_said", "linked_events", ["last_said", "id"], unique=False)
    op.create_index("linked_events_weighed", "linked_events", ["weighed"], unique=False)
    op.create_table(
        "claim_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("left_document", sa.String(length=32), nullable=False),
        sa.Column("left_claim", sa.String(length=24), nullable=True),
        sa.Column("left_start", sa.Integer(), nullable=False),
        sa.Column("left_end", sa.Integer(), nullable=False),
        sa.Column("right_document", sa.String(length=32), nullable=False),
        sa.Column("right_claim", sa.String(length=24), nullable=True),
        sa.Column("right_start", sa.Integer(), nullable=False),
        sa.Column("right_end", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("claim_links_said", "claim_links", ["said", "relation"], unique=False)
    op.create_index("ix_claim_links_event", "claim_links", ["event"], unique=False)
    op.create_index("ix_claim_links_left_document", "claim_links", ["left_document"], unique=False)
    op.create_index("ix_claim_links_right_document", "claim_links", ["right_document"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("credibility", sa.Integer(), nullable=False),
        sa.Column("json", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event", "field"),
    )
    op.create_table(
        "registry_entries",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("countries", sa.Text(), nullable=False),
        sa.Column("part_of", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "judgement_marks",
        sa.Column("judgement", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("judgement", "mark"),
    )
    op.create_index("documents_to_link", "documents", ["number", "id", "current_run"], unique=False)
    op.add_column("attributions", sa.Column("spans", sa.Text(), nullable=True))
    _fill_spans()


def _fill_spans() -> None:
    """From the readings, which are kept whole."""
    connection = op.get_bind()
    update = sa.text("UPDATE attributions SET spans = :s WHERE document_id = :d AND run_id = :r AND id = :i")
    for row in connection.execute(sa.text("SELECT document_id, run_id, json FROM readings")).all():
        said = json.loads(zlib.decompress(row.json))["attributions"]
        rows = [
            {
                "s": json.dumps([[c["start"], c["end"]] for c in a["content"]]),
                "d": row.document_id,
                "r": row.run_id,
                "i": a["id"],
            }
            for a in said
        ]
        if rows:
            connection.execute(update, rows)


def downgrade() -> None:
    raise NotImplementedError("ledgers are not taken back to older versions; use the backup")
