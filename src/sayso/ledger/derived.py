"""The tables of what is found across documents: names, origins, linked events, links between claims, assessments.

All of it is derived from readings and judgements and can be made again (`sayso link --again`). Blocks and fingerprints
hold 63-bit hashes of their keys, so that a million documents stay a few hundred megabytes.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text

from sayso.ledger.schema import metadata

linked = Table(
    "linked",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("run_id", Integer, nullable=False),
)
"""which documents have been linked, by which run's reading"""

names = Table(
    "names",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(20), nullable=False, unique=True),
    Column("type", Text, nullable=False),  # person, place, organisation
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, index=True),  # folded
    Column("identity", String(20), nullable=False, index=True),  # the least id of the names that are one
)
name_blocks = Table(
    "name_blocks",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("name", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
name_links = Table(
    "name_links",
    metadata,
    Column("left", String(20), primary_key=True),
    Column("right", String(20), primary_key=True, index=True),
    Column("verdict", Text, nullable=False),  # same, unsure
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON
)
entity_names = Table(
    "entity_names",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("entity_id", String(24), primary_key=True),
    Column("name_id", String(20), nullable=False, index=True),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("document", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
origins = Table(
    "origins",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("parent", String(32), index=True),  # the document that it was made from
    Column("root", Text, nullable=False, index=True),  # the document at the head of its tree
    Column("relation", Text),  # copied, rewritten, translated
    Column("share", Float),  # of the document's text that stands in the parent
    Column("reasons", Text, nullable=False),
    Column("passages", Text, nullable=False),  # JSON: [[start, end, parent's start, parent's end], …]
)

profiles = Table(
    "profiles",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("document_id", String(32), nullable=False),
    Column("ref", String(24), nullable=False),
    Column("json", LargeBinary, nullable=False),
    Column("start", Integer, nullable=False),  # of its first sentence
    Column("denies", Boolean, nullable=False),
    Column("event", String(20), index=True),  # the linked event that it belongs to
)
Index("profiles_ref", profiles.c.document_id, profiles.c.ref, unique=True)
event_blocks = Table(
    "event_blocks",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("profile", Integer, primary_key=True, index=True),
    sqlite_with_rowid=False,
)
event_links = Table(
    "event_links",
    metadata,
    Column("left", Integer, primary_key=True),  # profile numbers
    Column("right", Integer, primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
)
linked_events = Table(
    "linked_events",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("type", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("first_day", Text),
    Column("last_day", Text),
    Column("place", Text),
    Column("country", String(2)),
    Column("lat", Float),
    Column("lon", Float),
    Column("precision", Text),
    Column("documents", Integer, nullable=False),
    Column("origins", Integer, nullable=False, default=0),
    Column("informants", Integer, nullable=False, default=0),
    Column("status", Text, nullable=False, default=""),
    Column("disputed", Boolean, nullable=False, default=False),
    Column("first_said", Text),
    Column("last_said", Text),
    Column("weighed", Boolean, nullable=False, default=False),
)
Index("linked_events_day", linked_events.c.first_day, linked_events.c.id)
Index("linked_events_said", linked_events.c.last_said, linked_events.c.id)
Index("linked_events_disputed", linked_events.c.disputed, linked_events.c.last_said, linked_events.c.id)
Index("linked_events_place", linked_events.c.lat, linked_events.c.lon)
Index("linked_events_weighed", linked_events.c.weighed)
Index("linked_events_named", linked_events.c.place, linked_events.c.status)
former_events = Table(
    "former_events",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("document_id", String(32), nullable=False, index=True),
    Column("ref", String(24), nullable=False),
)
"""ids that linked events had, each with the first of its members: it leads to what that event is part of now. Kept when all
else is made again, so that no address is lost"""
unclustered = Table("unclustered", metadata, Column("profile", Integer, primary_key=True))
"""numbers of profiles whose likes changed, and whose linked events are to be decided anew"""
unsettled = Table("unsettled", metadata, Column("event", String(20), primary_key=True))
"""linked events whose members changed, and that are to be written anew with the links between their claims"""
claim_links = Table(
    "claim_links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("relation", Text, nullable=False),
    Column("event", String(20), nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("left_document", String(32), nullable=False, index=True),
    Column("left_claim", String(24)),
    Column("left_start", Integer, nullable=False),
    Column("left_end", Integer, nullable=False),
    Column("right_document", String(32), nullable=False, index=True),
    Column("right_claim", String(24)),
    Column("right_start", Integer, nullable=False),
    Column("right_end", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("said", Text),  # when the left claim was published
)
Index("claim_links_said", claim_links.c.said, claim_links.c.relation)
assessments = Table(
    "assessments",
    metadata,
    Column("event", String(20), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("status", Text, nullable=False),
    Column("credibility", Integer, nullable=False),
    Column("json", LargeBinary, nullable=False),
)
ties = Table(
    "ties",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("relation", String(20), nullable=False),  # accuses, denies, confirms, contradicts; commands, belongs_to
    Column("left", String(20), nullable=False, index=True),  # ids of names
    Column("right", String(20), nullable=False, index=True),
    Column("event", String(20), index=True),  # null where a single document says so
    Column("document_id", String(32), nullable=False, index=True),
    Column("claim", String(24)),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("said", Text),
)
Index("ties_said", ties.c.said, ties.c.id)
Index("ties_relation", ties.c.relation, ties.c.said, ties.c.id)
"""who has to do with whom, on which words: the edges of the network"""
proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # claim, event, name
    Column("subject", Text, nullable=False),  # refs, as judgements hold them
    Column("object", Text),
    Column("event", String(20), index=True),
    Column("field", String(40)),
    Column("impact", Float, nullable=False),
    Column("effect", Text, nullable=False),  # what a decision would change, in words
)
Index("proposals_impact", proposals.c.impact, proposals.c.id)
Index("proposals_subject", proposals.c.subject, proposals.c.object)
"""what waits for a person's decision, by what it would change"""
registry_entries = Table(
    "registry_entries",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("aliases", Text, nullable=False),  # JSON list
    Column("countries", Text, nullable=False),
    Column("part_of", Text),
    Column("source", Text, nullable=False),
)
"""actors that a user loaded; not derived, kept until taken out"""
judgement_marks = Table(
    "judgement_marks",
    metadata,
    Column("judgement", Integer, primary_key=True),
    Column("mark", String(40), primary_key=True),  # undone, document removed
    Column("at", Text, nullable=False),
)
"""what became of judgements; the judgements themselves are never changed"""

DERIVED = (
    linked, names, name_blocks, name_links, entity_names, fingerprints, origins, profiles, event_blocks, event_links,
    linked_events, unclustered, unsettled, claim_links, assessments, ties, proposals,
)  # fmt: skip
