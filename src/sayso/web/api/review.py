"""What waits for a decision, the decisions themselves, and how far reviewers agree."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field, StringConstraints, model_validator
from sqlalchemy import Connection

from sayso.ledger import agreement as agreeing
from sayso.ledger import judging, refs, review
from sayso.records import Correction
from sayso.web.access.dependencies import require
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor
from sayso.web.api.models import Model
from sayso.web.desk import Desk, desk_of, reading
from sayso.web.params import Cursor, Flag, Limit, Words, cursor, from_cursor

router = APIRouter(tags=["review"])
Ledger = Annotated[Connection, Depends(reading)]
Reviewer = Annotated[Visitor, Depends(require("reviewer"))]
Kind = Literal["claim", "event", "name"]
Decision = Literal["accept", "correct", "reject", "same", "different", "unsure"]
ItemId = Annotated[int, Path(ge=-(2**53), le=2**53)]
Number = Annotated[int, Path(ge=1, le=2**31)]
Ref = Annotated[
    str, StringConstraints(pattern=r"^(name:[0-9a-f]+|event:[0-9a-f]+/\w+|claim:[0-9a-f]+/\w+)$", max_length=120)
]
Offset = Annotated[int, Field(ge=0, le=2**31)]
_Name = Annotated[str, StringConstraints(max_length=400)]
_SCALE = 10_000
"""impacts have four decimals; cursors hold whole numbers"""


class Item(Model):
    """impact: the higher, the more a decision would change; effect: what, in words."""

    id: int
    kind: str
    subject: str
    object: str | None
    event: str | None
    field: str | None
    impact: float
    effect: str


class Queue(Model):
    items: list[Item]
    next: str | None
    waiting: int


class NewCorrection(Model):
    """The parts that were read wrongly, as they should have been; spans are offsets in code points."""

    value: Annotated[str, StringConstraints(max_length=5_000)] | None = None
    stance: Annotated[str, StringConstraints(max_length=40)] | None = None
    holds: bool | None = None
    speaker: _Name | None = None
    spans: Annotated[list[tuple[Offset, Offset]], Field(default_factory=list, max_length=50)]

    def record(self) -> Correction:
        return Correction(self.value, self.stance, self.holds, self.speaker, tuple(self.spans))


class NewJudgement(Model):
    """subject, object: refs as the queue gives them. adjudicates: settles what reviewers disagree about."""

    decision: Decision
    subject: Ref
    object: Ref | None = None
    note: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    correction: NewCorrection | None = None
    adjudicates: bool = False

    @model_validator(mode="after")
    def _fits(self) -> NewJudgement:
        paired = self.decision in judging.PAIR
        if paired and self.object is None:
            raise ValueError("same and different need two: subject and object")
        if self.decision in judging.SINGLE and (self.object is not None or not self.subject.startswith("claim:")):
            raise ValueError("accept, correct and reject are said of one claim")
        if self.object is not None and self.object.partition(":")[0] != self.subject.partition(":")[0]:
            raise ValueError("subject and object must be of one kind")
        if (self.decision == "correct") != (self.correction is not None):
            raise ValueError("a correction goes with the decision correct, and with it alone")
        return self


class Recorded(Model):
    number: int


class Judgement(Model):
    """act: the first of those that were one decision, for the others of them; undoing one undoes all."""

    id: int
    decision: str
    subject: str
    object: str | None
    told: str
    note: str | None
    correction: dict[str, Any] | None
    adjudicates: bool
    act: int | None
    person: str
    at: str
    marks: list[str]


class Judgements(Model):
    items: list[Judgement]
    next: str | None


@router.get("/review")
def queue(
    connection: Ledger,
    visitor: Reviewer,
    kind: Kind | None = None,
    event: Words = None,
    double: Flag = False,
    after: Cursor = None,
    limit: Limit = 50,
) -> Queue:
    """What waits for this person, by what a decision would change. double: also what another has judged already, until two have."""
    place = from_cursor(after, 2)
    start = (place[0] / _SCALE, place[1]) if place else None
    rows = review.queue(connection, visitor.name, kind, limit, start, event=event, double=double)
    following = cursor(round(rows[-1]["impact"] * _SCALE), rows[-1]["id"]) if len(rows) == limit else None
    return Queue.model_validate({"items": rows, "next": following, "waiting": review.waiting(connection)})


@router.get("/review/agreement")
def agreement(connection: Ledger, _: Reviewer) -> dict[str, Any]:
    """Krippendorff's alpha and percentage agreement between reviewers, by kind and in all, and what they disagree about."""
    return agreeing.agreement_record(connection)


@router.get("/review/{item}")
def item(item: ItemId, connection: Ledger, _: Reviewer) -> dict[str, Any]:
    """One proposal with everything that a reviewer needs: words, offsets, why the program thinks so, what others decided."""
    return review.detail(connection, review.proposal(connection, item))


@router.post("/judgements", status_code=201)
def judge(body: NewJudgement, request: Request, visitor: Reviewer) -> Recorded:
    """Record a decision and let it take effect. It is never overwritten, and no later run overrules it."""
    return Recorded(number=record(desk_of(request), visitor, body))


@router.get("/judgements")
def judgements(connection: Ledger, after: Cursor = None, limit: Limit = 50) -> Judgements:
    """What people decided, the last first."""
    place = from_cursor(after, 1)
    rows = decided(connection, place[0] if place else None, limit + 1)
    return Judgements.model_validate(
        {"items": rows[:limit], "next": cursor(rows[limit - 1]["id"]) if len(rows) > limit else None}
    )


@router.post("/judgements/{number}/undo")
def undo(number: Number, request: Request, visitor: Reviewer) -> Recorded:
    """Take a decision back, with all that was decided in one with it; it stays in the log, marked."""
    take_back(desk_of(request), visitor, number)
    return Recorded(number=number)


# -- what pages and API do alike ----------------------------------------------------------------------------------


def record(desk: Desk, visitor: Visitor, body: NewJudgement) -> int:
    """The number of the judgement. Raises NotFoundError when what is judged is not there."""
    with desk.ledger.engine.connect() as connection:
        for ref in filter(None, (body.subject, body.object)):
            refs.require(connection, ref)
    correction = body.correction.record() if body.correction else None
    pair = [(body.subject, body.object)]
    return desk.decisions.judge(body.decision, pair, body.note, visitor.name, correction, body.adjudicates)[0]


def take_back(desk: Desk, visitor: Visitor, number: int) -> None:
    """One's own decisions; those of others only for admins."""
    with desk.ledger.engine.connect() as connection:
        person = judging.person_of(connection, number)
    if person != visitor.name and visitor.role != "admin":
        raise Refusal(
            403, "not_yours", f"judgement {number} is {person}’s", "decide otherwise yourself, or ask an admin"
        )
    desk.decisions.undo([number])


def decided(connection: Connection, before: int | None, limit: int, *, heads: bool = False) -> list[dict[str, Any]]:
    """As `judging.last`, with what each is about in words."""
    marks = judging.marks(connection)
    rows = judging.last(connection, before, limit, heads=heads)
    return [
        {
            **{
                n: r[n]
                for n in (
                    "id",
                    "decision",
                    "subject",
                    "object",
                    "note",
                    "correction",
                    "person",
                    "at",
                    "adjudicates",
                    "act",
                    "together",
                )
            },
            "told": " and ".join(refs.told(connection, ref) for ref in (r["subject"], r["object"]) if ref),
            "marks": marks.get(r["id"], []),
        }
        for r in rows
    ]
