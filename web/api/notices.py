"""Formal notices: read, and answered by the unit."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from models.notice import Notice, NoticeLevel, NoticeState
from rules.escalation import Matter
from services.keyset import PageAsk
from services.notice_answers import LONGEST_REPLY, NoticeAnswer, answer_notice
from services.notice_list import NoticeFilter, notice_page, show_notice
from services.notices import LONGEST_RECEIVER
from services.occasion import Occasion
from services.task_pages import refuse_no_reader
from web.api.acting import Acting, Done
from web.api.answers import PageOf, listed, page_out, shown
from web.api.caller import Calling, day_asked
from web.api.routing import REPLAYED, UNCHANGED, guarded
from web.api.shapes import Said, Told
from web.api.values import USUAL_ROWS, After, Limit, NoticeId, OnDay, PlanQuery, TaskQuery, Words

router = guarded("notices")

LevelQuery = Annotated[NoticeLevel | None, Query(description="Only on this rung.")]
StateQuery = Annotated[NoticeState | None, Query(description="Only in this state.")]


class NoticeLine(Told):
    """A notice, as it stood at the end of the day asked for. Units see those that went out to them."""

    id: int = Field(description="The notice's own number.", examples=[5])
    doc_no: str | None = Field(description="Its document number, once it was issued.")
    level: NoticeLevel = Field(
        description="Its rung: blue reminds, orange warns, red goes before the leaders; `accountability` is a proposal inside the house."
    )
    state: NoticeState = Field(description="Prepared by the program, issued or set aside by a person, received by the unit.")
    unit: str = Field(description="The unit it is for.")
    task_id: int = Field(description="The task it is about.", examples=[7])
    task: str = Field(description="What that task is called.")
    plan_id: int = Field(description="The plan of the task.")
    matter: Matter = Field(description="The rule that called for it.")
    due_on: date = Field(description="The task's last day, as it was then.")
    prepared_on: date = Field(description="The day it was prepared.")
    issued_on: date | None = Field(description="The day it was issued.")
    limit_on: date | None = Field(description="Last day for what it demands.")
    demand: str = Field(description="What it demands, where the issuing person said more than usual.")
    received_on: date | None = Field(description="The day the unit signed for it.")
    receiver: str | None = Field(description="Who signed.")
    reply: str | None = Field(description="What the unit answered last.")
    replied_on: date | None = Field(description="The day of that answer.")
    sha256: str | None = Field(description="The issued file's SHA-256.")


class ReceiptIn(Said):
    """Who signs for a notice, what is answered to it, or both."""

    receiver: Words = Field(
        default="", max_length=LONGEST_RECEIVER, description="Who signs; needed until the notice is signed for.", examples=["李明"]
    )
    reply: Words = Field(default="", max_length=LONGEST_REPLY, description="What was done about it; needed once it is signed for.")


class NoticeAnswered(Told):
    """A notice that was signed for or answered."""

    notice_id: int = Field(description="The notice's own number.", examples=[5])
    state: NoticeState = Field(description="How it stands now.")
    received_on: date | None = Field(description="The day it was signed for.")
    replied_on: date | None = Field(description="The day of the last answer.")


@router.get("/notices", operation_id="listNotices", response_model=PageOf[NoticeLine], summary="List notices")
def list_notices(
    request: Request,
    caller: Calling,
    plan: PlanQuery = None,
    task: TaskQuery = None,
    level: LevelQuery = None,
    state: StateQuery = None,
    on: OnDay = None,
    after: After = None,
    limit: Limit = USUAL_ROWS,
) -> Response:
    """List the notices that the caller may see, in the order they were prepared."""
    with caller.reading() as session:
        refuse_no_reader(caller.actor)
        day = day_asked(on)
        wanted = NoticeFilter(state, level, plan, task, is_present=day == day_asked(None))
        page = notice_page(session, wanted, day, PageAsk(after, limit, is_rising=True), caller.actor)
    return listed(request, page_out(page, NoticeLine.model_validate))


@router.get("/notices/{notice_id}", operation_id="getNotice", response_model=NoticeLine, responses=UNCHANGED, summary="Open a notice")
def get_notice(request: Request, caller: Calling, notice_id: NoticeId, on: OnDay = None) -> Response:
    """Open a notice."""
    with caller.reading() as session:
        return shown(request, NoticeLine.model_validate(show_notice(session, notice_id, day_asked(on), caller.actor)))


@router.post(
    "/notices/{notice_id}/receipt",
    operation_id="answerNotice",
    response_model=NoticeAnswered,
    responses={200: REPLAYED},
    summary="Sign and answer",
)
def receipt(acting: Acting, notice_id: NoticeId, said: ReceiptIn) -> Response:
    """Sign for an issued notice, answer it, or both; the unit it is for does, or an office in its stead."""

    def deed(session: Session, occasion: Occasion) -> Done:
        show_notice(session, notice_id, occasion.day, occasion.actor)
        answer_notice(session, notice_id, NoticeAnswer(said.receiver, said.reply), occasion)
        notice = session.get_one(Notice, notice_id)
        same = {name: getattr(notice, name) for name in ("state", "received_on", "replied_on")}
        return Done(200, NoticeAnswered(notice_id=notice_id, **same))

    return acting.act(deed)
