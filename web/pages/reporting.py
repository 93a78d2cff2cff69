"""`/tasks/…/report`: a unit's report on a quarter. `/tasks/…/part`: what a supporting unit hands to the lead unit."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent
from rules.words import period_words
from runtime.clock import today
from services.evidence_adding import Added, add_evidence
from services.occasion import Occasion
from services.parts import PartInput, hand_in_part
from services.progress import Filed, ProgressInput, record_progress
from services.report_sheet import ReportSheet, report_sheet
from services.report_values import PART_MARK, Amount
from web.acting import Deed, act
from web.forms import Sent, SentForm
from web.part_view import part_page
from web.rendering import Page, show
from web.report_view import report_page
from web.task_head import Opened, open_task, shut_words
from web.uploads import EvidenceField, new_field, uploads_of
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
_Period = Annotated[str | None, Query(alias="period", max_length=8)]


@router.get("/tasks/{task_id:int}/report")
def report(request: Request, visitor: Visiting, task_id: int, period: _Period = None) -> HTMLResponse:
    """Show the report form."""
    with reading(visitor) as session:
        return show(request, visitor, _report(session, visitor, task_id, period, new_field))


@router.post("/tasks/{task_id:int}/report")
def file_report(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """File a report, or say in one tap that nothing has changed. Files alone go to the report that the quarter has already."""
    uploads, period = uploads_of(visitor, sent), sent.text("period") or None

    def do(session: Session, occasion: Occasion) -> Filed | Added:
        record = open_task(session, visitor, task_id, Act.REPORT, occasion.day).record
        sheet = report_sheet(session, record, occasion.day, period)
        values = {} if sent.flag("unchanged") else _amounts(sent, sheet)
        if (
            uploads.paths
            and sheet.is_filed
            and not values
            and not any(sent.text(name) for name in ("unchanged", "text", "problem", "next_step"))
        ):
            return add_evidence(session, task_id, uploads.paths, visitor.context.store, occasion)
        said = ProgressInput(
            values=values,
            text=sent.text("text"),
            problem=sent.text("problem") or None,
            next_step=sent.text("next_step") or None,
            period=period,
            evidence=uploads.paths,
            is_unchanged=sent.flag("unchanged"),
            correction=sent.text("correction") or None,
            is_confirmed=sent.flag("confirmed"),
        )
        return record_progress(session, task_id, said, visitor.context.store, occasion)

    def again(session: Session) -> Page:
        return _report(session, visitor, task_id, period, uploads.field, sent)

    return uploads.settle(act(request, visitor, sent, Deed(do=do, to="/work", said=_filed, again=again, task_id=task_id)))


def _report(
    session: Session,
    visitor: Visitor,
    task_id: int,
    period: str | None,
    evidence: Callable[[], EvidenceField],
    sent: SentForm | None = None,
) -> Page:
    day = today()
    opened = open_task(session, visitor, task_id, Act.REPORT, day, sent.seen if sent else None)
    sheet = _sheet(session, opened, period, sent)
    return Page(
        "task_acts/report.html.j2", report_page(opened.head, sheet, evidence(), shut_words(opened.record, TaskEvent.REPORT)), _("填报进展")
    )


def _sheet(session: Session, opened: Opened, period: str | None, sent: SentForm | None) -> ReportSheet:
    try:
        return report_sheet(session, opened.record, today(), period)
    except DubanError:
        if sent is None:
            raise
        # The quarter itself was refused: the form comes back for the one that is meant today.
        return report_sheet(session, opened.record, today())


def _amounts(sent: SentForm, sheet: ReportSheet) -> dict[str, Amount]:
    amounts = {}
    for one in sheet.figures:
        value = _number(sent, f"value-{one.key}", one.measure)
        part = sent.text(f"part-{one.key}") if one.is_part else ""
        if value is not None:
            if one.is_part and not part:
                raise DubanError("part-unnamed", _("{measure} 有一个数量没有写明是哪个单位或地区的").format(measure=one.measure))
            amounts[f"{one.measure}{PART_MARK}{part}" if part else one.measure] = Amount(value)
    return amounts


def _number(sent: SentForm, name: str, measure: str) -> float | None:
    try:
        return sent.number(name)
    except DubanError as error:
        raise DubanError(error.code, _("{measure}：{message}").format(measure=measure, message=error.message)) from None


def _filed(filed: object) -> str:
    if isinstance(filed, Added):
        return _("佐证材料已补交到{period}的填报").format(period=period_words(filed.period))
    assert isinstance(filed, Filed)
    period = period_words(filed.period)
    if filed.revision > 1:
        return _("{period}的进展已填报（第 {revision} 次）").format(period=period, revision=filed.revision)
    return _("{period}的进展已填报").format(period=period)


@router.get("/tasks/{task_id:int}/part")
def part(request: Request, visitor: Visiting, task_id: int, period: _Period = None) -> HTMLResponse:
    """Show the form of a supporting unit's part."""
    with reading(visitor) as session:
        return show(request, visitor, _part(session, visitor, task_id, period, new_field))


@router.post("/tasks/{task_id:int}/part")
def hand_in(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Hand a part to the lead unit."""
    uploads, period = uploads_of(visitor, sent), sent.text("period") or None

    def do(session: Session, occasion: Occasion) -> Filed:
        record = open_task(session, visitor, task_id, Act.HAND_IN, occasion.day).record
        figures = [one for one in report_sheet(session, record, occasion.day, period).figures if not one.is_part]
        values = {one.measure: value for one in figures if (value := _number(sent, f"value-{one.key}", one.measure)) is not None}
        said = PartInput(values, sent.text("text"), sent.text("problem") or None, period, uploads.paths)
        return hand_in_part(session, task_id, said, visitor.context.store, occasion)

    def again(session: Session) -> Page:
        return _part(session, visitor, task_id, period, uploads.field, sent)

    deed = Deed(do=do, to="/work", said=_("材料已交给牵头单位"), again=again, task_id=task_id)
    return uploads.settle(act(request, visitor, sent, deed))


def _part(
    session: Session,
    visitor: Visitor,
    task_id: int,
    period: str | None,
    evidence: Callable[[], EvidenceField],
    sent: SentForm | None = None,
) -> Page:
    opened = open_task(session, visitor, task_id, Act.HAND_IN, today(), sent.seen if sent else None)
    page = part_page(opened.head, _sheet(session, opened, period, sent), evidence(), visitor.unit or "")
    return Page("task_acts/part.html.j2", page, _("交给牵头单位的材料"))
