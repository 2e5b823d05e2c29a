"""The tables of a ledger. Documents, readings and claims are immutable; what is derived is never stored as fact.

Rows of a reading carry the run that made them; a document's `current_run` says which reading answers questions.
Changing anything here needs a migration beside it (`migrations/versions/`), and a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

VERSION = "0005"
"""the newest migration"""

metadata = MetaData()

originals = Table(
    "originals",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),  # zlib
    Column("size", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("sha256", String(64), ForeignKey("originals.sha256"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("path", Text),
    Column("url", Text, index=True),
    Column("title", Text),
    Column("author", Text),
    Column("outlet", Text),
    Column("origin", Text),
    Column("language", Text),
    Column("published", Text, index=True),
    Column("text", Text, nullable=False),
    Column("added", Text, nullable=False),
    Column("current_run", Integer, ForeignKey("runs.id")),
)

Index("documents_outlet", documents.c.outlet, documents.c.published)
Index("documents_to_link", documents.c.number, documents.c.id, documents.c.current_run)  # found without reading texts

copies = Table(
    "copies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id"), nullable=False, index=True),
    Column("way", Text, nullable=False),  # path, or address, or "standard input"
    Column("url", Text),
    Column("outlet", Text),
    Column("retrieved", Text, nullable=False),
    UniqueConstraint("document_id", "way"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("weights_sha256", Text, nullable=False, default=""),
    Column("options", Text, nullable=False, default=""),
    Column("started", Text, nullable=False),
    UniqueConstraint("reader", "version", "weights_sha256", "options"),
)

readings = Table(
    "readings",
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("json", LargeBinary, nullable=False),  # zlib
)


def _part(name: str, *columns: Column) -> Table:  # type: ignore[type-arg]
    """A table of the parts of readings: keyed by document, run and the part's own id there."""
    return Table(
        name,
        metadata,
        Column("document_id", String(32), ForeignKey("documents.id"), primary_key=True),
        Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True),
        Column("id", String(24), primary_key=True),
        Column("ordinal", Integer, nullable=False),
        *columns,
    )


entities = _part(
    "entities",
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False, index=True),
    Column("aliases", Text, nullable=False),  # JSON list
)

mentions = _part(
    "mentions",
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("entity", String(24)),
    Column("lat", Float),
    Column("lon", Float),
    Column("country", String(2)),
    Column("geonameid", Integer),
    Column("timex", Text),
)

attributions = _part(
    "attributions",
    Column("speaker", Text),  # the source's words
    Column("entity", String(24)),
    Column("speaker_name", Text),  # the entity's name
    Column("cue", Text),
    Column("content", Text, nullable=False),
    Column("spans", Text),  # of the content: JSON list of [start, end]
    Column("stance", Text, nullable=False),
    Column("negated", Boolean, nullable=False),
    Column("via", String(24)),
    Column("confidence", Float, nullable=False),
)

events = _part(
    "events",
    Column("type", Text, nullable=False, index=True),
    Column("trigger", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("first_day", Text),
    Column("last_day", Text),
    Column("confidence", Float, nullable=False),
)

claims = _part(
    "claims",
    Column("attribution", String(24)),
    Column("event", String(24)),
    Column("event_type", Text),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("stance", Text, nullable=False),
    Column("speaker", Text),
    Column("speaker_name", Text),
    Column("cue", Text),
    Column("words", Text, nullable=False),  # the exact words, spans joined by " … "
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("spans", Text, nullable=False),  # JSON list of [start, end]
)
Index("claims_stance", claims.c.stance)
Index("claims_speaker", claims.c.speaker_name)

warnings = _part(
    "warnings",
    Column("kind", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("suggestion", Text),
)

failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("path", "stage", "reason"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("decision", Text, nullable=False),  # same, different, accept, correct, reject, unsure
    Column("subject", Text, nullable=False),
    Column("object", Text),
    Column("note", Text),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("correction", Text),  # JSON of a `Correction`, for `correct`
    Column("adjudicates", Boolean, nullable=False, server_default=false()),  # settles what reviewers disagree about
    Column("act", Integer),  # the first of those that were one decision; null where it is alone
)

Index("judgements_subject", judgements.c.subject)
Index("judgements_object", judgements.c.object)

PARTS = (mentions, entities, attributions, events, claims, warnings)


def now() -> str:
    """UTC to the second, as every time of the ledger's own is written."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
