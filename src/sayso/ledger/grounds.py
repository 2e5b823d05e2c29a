"""What a reviewer needs to decide on one item: the words with their offsets, what would change, why the program thinks so, what
others decided. `sayso.ledger.review` gives the rows of the queue that this shows.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, func, or_, select

from sayso.errors import NotFoundError
from sayso.ledger import judging, naming, schema, views
from sayso.ledger.derived import claim_links, entity_names, event_links, linked_events, name_links, names, profiles
from sayso.ledger.features import FEATURES_TOLD
from sayso.names.registry import registry
from sayso.names.wording import sentences
from sayso.ontology import load_ontology
from sayso.ontology.model import Cue

Detail = dict[str, Any]
_SHOWN = 5
"""mentions of a name that are shown"""
_WINDOW = 600
"""characters to either side in which the sentence around some words is looked for"""


def detail(connection: Connection, row: Detail) -> Detail:
    """All of a row of the queue. Raises NotFoundError when what it is about has gone.

    For each kind: `why` as {kind, text, weight}, and `others`, the decisions that stand on it. claim: `claim`, `document`,
    `attribution`, `links`; event, name: `sides`, the two that it is about. Offsets are code points in the document's text.
    """
    told = {"claim": _claim, "event": _members, "name": _names}[row["kind"]](connection, row)
    item = judging.item_of(row["subject"], row["object"])
    others = judging.on_refs(connection, [row["subject"]]).get(item, [])
    return {
        **row,
        "event_title": _title(connection, row["event"]),
        **told,
        "others": [msgspec.to_builtins(o) for o in others],
    }


def _title(connection: Connection, event: str | None) -> str | None:
    return connection.scalar(select(linked_events.c.title).where(linked_events.c.id == event)) if event else None


def _why(kind: str, text: str, weight: float = 0.0) -> Detail:
    return {"kind": kind, "text": text, "weight": weight}


def _document(connection: Connection, document: str) -> Detail:
    d = schema.documents.c
    query = select(d.id, d.path, d.url, d.title, d.outlet, d.published).where(d.id == document)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"document {document} is not in the ledger any more")
    return dict(row)


def _part(connection: Connection, table: Table, document: str, id_: str | None) -> Any:
    """A part of the document's current reading; None when it has none of that id."""
    d = schema.documents.c
    query = (
        select(table)
        .join(schema.documents, and_(d.id == table.c.document_id, d.current_run == table.c.run_id))
        .where(table.c.document_id == document, table.c.id == id_)
    )
    return connection.execute(query).one_or_none() if id_ else None


def _local(ref: str) -> tuple[str, str]:
    document, _, local = ref.partition(":")[2].partition("/")
    return document, local


# -- claims -------------------------------------------------------------------------------------------------------

_CLAIM = (
    "id", "document_id", "event", "event_type", "field", "value", "holds", "stance", "speaker", "speaker_name", "cue", "words", "start", "end",
)  # fmt: skip
_ATTRIBUTION = ("id", "speaker", "speaker_name", "cue", "content", "stance", "negated", "via", "confidence")


def _claim(connection: Connection, row: Detail) -> Detail:
    document, id_ = _local(row["subject"])
    claim = _part(connection, schema.claims, document, id_)
    if claim is None:
        raise NotFoundError(f"claim {id_} is not in the ledger any more; its document was removed or read again")
    said = _part(connection, schema.attributions, document, claim.attribution)
    links = _links(connection, row["event"], id_)
    return {
        "claim": {**{n: getattr(claim, n) for n in _CLAIM}, "spans": json.loads(claim.spans)},
        "document": _document(connection, document),
        "attribution": {**{n: getattr(said, n) for n in _ATTRIBUTION}, "spans": json.loads(said.spans or "[]")}
        if said
        else None,
        "links": links,
        "why": [
            *_stance(claim, said),
            *_surety(connection, claim, said),
            *_assessed(connection, row["event"], row["field"]),
            *(_why(f"link:{k['relation']}", k["text"], k["score"]) for k in links),
        ],
    }


def _stance(claim: Any, said: Any) -> list[Detail]:
    """The entry of the cue lexicon that set the stance."""
    if said is None:
        return [_why("voice", "no cue ascribes it to anybody: it stands in the outlet’s own voice")]
    if said.cue is None:
        return [_why("quotation", "a quotation without a verb of saying")]
    entry = _cue(said.cue)
    if entry is None:
        return [_why("cue", f"“{said.cue}” is read as a cue of “{said.stance}”; the lexicon does not have it")]
    because = f"the lexicon has “{entry.text}” ({entry.kind}) for “{entry.stance}”: {entry.sentence}"
    if said.stance != entry.stance:
        because += f" What is said here makes it “{said.stance}”."
    return [_why("cue", because)]


def _cue(words: str) -> Cue | None:
    """The longest entry of the lexicon of which a form stands in these words."""
    forms = load_ontology().cue_forms
    parts = re.findall(r"[\w’'-]+", words.lower())
    fits = [
        (len(form.rest), -n, form.cue)
        for n, word in enumerate(parts)
        for form in forms.get(word, ())
        if tuple(parts[n + 1 : n + 1 + len(form.rest)]) == form.rest
    ]
    return max(fits, key=lambda f: f[:2])[2] if fits else None


def _surety(connection: Connection, claim: Any, said: Any) -> list[Detail]:
    part = said or _part(connection, schema.events, claim.document_id, claim.event)
    what = "who says it" if said else "the event"
    return [_why("confidence", f"the reader is {part.confidence:.0%} sure of {what}", part.confidence)] if part else []


def _assessed(connection: Connection, event: str | None, field: str | None) -> list[Detail]:
    found = views.assessed(connection, event) if event else []
    return [_why(r.kind, r.text, r.weight) for a in found if a.field == field for r in a.reasons]


def _links(connection: Connection, event: str | None, claim: str) -> list[Detail]:
    """Links between claims that rest on it, each with the words at its other end."""
    k = claim_links.c
    mine = or_(k.left_claim == claim, k.right_claim == claim)
    found = []
    for r in connection.execute(select(claim_links).where(k.event == event, mine).order_by(k.id).limit(50)):
        ours, other = ("left", "right") if r.left_claim == claim else ("right", "left")
        document, start, end = (getattr(r, f"{other}_{name}") for name in ("document", "start", "end"))
        words = _words(connection, document, start, end)
        verb = f"it {r.relation}" if ours == "left" else f"{r.relation} it:"
        found.append(
            {
                "relation": r.relation,
                "side": ours,
                "score": r.score,
                "text": f"{verb} “{words}”",
                "other": {"document": document, "claim": getattr(r, f"{other}_claim"), "start": start, "end": end, "text": words},
                "reasons": [_why(*x) for x in json.loads(r.reasons)],
            }
        )  # fmt: skip
    return found


def _words(connection: Connection, document: str, start: int, end: int) -> str:
    d = schema.documents.c
    return connection.scalar(select(func.substr(d.text, start + 1, end - start)).where(d.id == document)) or ""


# -- members of events --------------------------------------------------------------------------------------------


def _members(connection: Connection, row: Detail) -> Detail:
    sides = [_member(connection, *_local(ref)) for ref in (row["subject"], row["object"])]
    low, high = sorted(side.pop("number") for side in sides)
    k = event_links.c
    link = connection.execute(select(k.score, k.reasons).where(k.left == low, k.right == high)).one_or_none()
    told = (
        [_why(kind, FEATURES_TOLD.get(kind, kind), weight) for kind, weight in json.loads(link.reasons)] if link else []
    )
    if link is None:
        told = [_why("together", "no likeness between these two was found: others of the event join them")]
    return {"sides": sides, "score": link.score if link else None, "why": told}


def _member(connection: Connection, document: str, ref: str) -> Detail:
    p = profiles.c
    profile = connection.execute(
        select(p.number, p.start, p.event).where(p.document_id == document, p.ref == ref)
    ).one_or_none()
    if profile is None:
        raise NotFoundError(
            f"{document}/{ref} is not part of any event any more; its document was removed or read again"
        )
    event = _part(connection, schema.events, document, ref)
    said = None if event else _part(connection, schema.attributions, document, ref)
    triggers = [(event.start, event.end)] if event else json.loads(said.spans or "[]") if said else []
    return {
        "number": profile.number,
        "document": _document(connection, document),
        "ref": ref,
        "event": profile.event,
        "type": event.type if event else "statement",
        "triggers": [{"start": s, "end": e, "text": _words(connection, document, s, e)} for s, e in triggers],
        "sentence": _sentence(connection, document, triggers[0][0] if triggers else profile.start),
    }


def _sentence(connection: Connection, document: str, place: int) -> Detail:
    """The sentence that holds this character."""
    first = max(0, place - _WINDOW)
    text = _words(connection, document, first, place + _WINDOW)
    for s in sentences(text):
        if first + s.start <= place < first + s.end:
            return {"start": first + s.start, "end": first + s.end, "text": s.text}
    return {"start": place, "end": first + len(text), "text": text[place - first :]}


# -- names --------------------------------------------------------------------------------------------------------


def _names(connection: Connection, row: Detail) -> Detail:
    sides = [_name(connection, ref.partition(":")[2]) for ref in (row["subject"], row["object"])]
    low, high = sorted(side["id"] for side in sides)
    link = connection.execute(
        select(name_links).where(name_links.c.left == low, name_links.c.right == high)
    ).one_or_none()
    told = [_why("name", reason, link.score) for reason in json.loads(link.reasons)] if link else []
    return {
        "sides": sides,
        "score": link.score if link else None,
        "verdict": link.verdict if link else None,
        "why": told,
    }


def _name(connection: Connection, id_: str) -> Detail:
    n, en = names.c, entity_names.c
    row = connection.execute(select(n.name, n.type, n.identity).where(n.id == id_)).one_or_none()
    if row is None:
        raise NotFoundError(f"name {id_} is not in the ledger any more: no document uses it")
    known = registry()
    aliases = {r["name"] for r in naming.cluster_of(connection, row.identity)}
    if row.type != "person":
        aliases |= {a for entry in known.find(row.name) for a in (known[entry].name, *known[entry].aliases)}
    mentions = [dict(m) for m in naming.mentions_of(connection, [id_], _SHOWN)]
    return {
        "id": id_,
        "name": row.name,
        "type": row.type,
        "identity": row.identity,
        "aliases": sorted(aliases - {row.name})[:30],
        "documents": connection.scalar(select(func.count(func.distinct(en.document_id))).where(en.name_id == id_)),
        "mentions": [{**m, "sentence": _sentence(connection, m["document_id"], m["start"])} for m in mentions],
    }
