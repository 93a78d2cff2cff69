"""Reading plans."""

from datetime import date

from fastapi import Request, Response
from pydantic import Field

from models.plan import PlanState, SourceKind
from services.keyset import PageAsk
from services.plans import plan_of
from services.readable_plans import readable_plan_page, refuse_unreadable_plan
from web.api.answers import PageOf, listed, page_out, shown
from web.api.caller import Calling
from web.api.routing import UNCHANGED, guarded
from web.api.shapes import Told
from web.api.values import USUAL_ROWS, After, Limit, PlanId

router = guarded("plans")


class PlanLine(Told):
    """A plan in a listing."""

    id: int = Field(description="The plan's number.", examples=[1])
    title: str = Field(description="The document's title.")
    doc_no: str | None = Field(description="The document's number.", examples=["测政办发〔2012〕1号"])
    state: PlanState = Field(description="Whether its tasks are followed up.")
    source_kind: SourceKind = Field(description="What kind of document it is; limits may differ by it.")
    item_count: int = Field(description="Its items, as it stands now.", ge=0)
    task_count: int = Field(description="Its tasks, those that were handed down among them.", ge=0)


class PlanOut(Told):
    """A plan's own facts; its tasks are listed apart."""

    id: int = Field(description="The plan's number.", examples=[1])
    title: str = Field(description="The document's title.")
    doc_no: str | None = Field(description="The document's number.")
    issuer: str | None = Field(description="Who issued the document.")
    signed_on: date | None = Field(description="The day it was signed (成文日期).")
    issued_on: date | None = Field(description="The day it was printed and issued (印发日期).")
    starts_on: date | None = Field(description="First day of the plan's term.")
    ends_on: date | None = Field(description="Last day of the plan's term.")
    version: int = Field(description="Which version of it holds, counted from 1, the one first issued.", ge=1)
    state: PlanState = Field(description="Whether its tasks are followed up.")
    source_kind: SourceKind = Field(description="What kind of document it is.")
    source_name: str = Field(description="The file it was read from.")
    source_sha256: str = Field(description="That file's SHA-256.", min_length=64, max_length=64)


@router.get("/plans", operation_id="listPlans", response_model=PageOf[PlanLine], summary="List plans")
def list_plans(request: Request, caller: Calling, after: After = None, limit: Limit = USUAL_ROWS) -> Response:
    """List the plans that the caller may see: an office's all, a unit's those in which it or a unit below it has a task."""
    with caller.reading() as session:
        page = readable_plan_page(session, PageAsk(after, limit, is_rising=True), caller.actor)
    return listed(request, page_out(page, PlanLine.model_validate))


@router.get("/plans/{plan_id}", operation_id="getPlan", response_model=PlanOut, responses=UNCHANGED, summary="Open a plan")
def get_plan(request: Request, caller: Calling, plan_id: PlanId) -> Response:
    """Open a plan."""
    with caller.reading() as session:
        refuse_unreadable_plan(session, caller.actor, plan_id)
        return shown(request, PlanOut.model_validate(plan_of(session, plan_id)))
