"""`/tasks/…/hand-down`: the lead unit shares its task out among the units below it: a table of shares, filled in by hand or from a sheet, shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session, col

from models.task import Task, TaskState
from models.unit import Unit
from reports.share_sheet import SheetRow, share_sheet
from rules.cascade import Figure
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import state_name
from runtime.clock import today
from services.cascade import decompose_task
from services.children import children_of
from services.occasion import Occasion
from services.share_sheets import figure_said, read_shares
from services.shares import Decomposition, Share, figure_text, parent_of, standing_shares
from services.units import units_by_name
from web.acting import Deed, act, refused
from web.forms import Sent, SentForm
from web.papers import file_answer
from web.rendering import Page, show
from web.share_view import HandingPage, MeasureColumn, ShareLine, share_cell
from web.task_head import open_task
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@dataclass(frozen=True)
class _Lower:
    """A unit that may take on a share, and what it has taken on."""

    unit_id: int
    name: str


@router.get("/tasks/{task_id:int}/hand-down")
def hand_down(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show the table of shares."""
    with reading(visitor) as session:
        return show(request, visitor, _table(session, visitor, task_id))


@router.get("/tasks/{task_id:int}/hand-down/sheet.xlsx")
def sheet(visitor: Visiting, task_id: int) -> Response:
    """Give the table of shares as a sheet to be filled in and read back."""
    with reading(visitor) as session:
        page = _table(session, visitor, task_id).view
    assert isinstance(page, HandingPage)
    rows = [SheetRow(line.unit, line.figures, line.due_on) for line in page.lines]
    return file_answer(_("分解表{task}.xlsx").format(task=task_id), share_sheet([one.name for one in page.measures], rows))


@router.post("/tasks/{task_id:int}/hand-down")
def share_out(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Hand the task down in the shares of the table; with `act=read` only fill the table from a sheet."""
    if sent.text("act") == "read":
        return _read(request, visitor, sent, task_id)

    def do(session: Session, occasion: Occasion) -> Decomposition:
        return decompose_task(session, task_id, _shares(session, visitor, sent, task_id), occasion)

    deed = Deed(
        do=do,
        to=f"/tasks/{task_id}",
        said=_handed_down,
        again=lambda session: _table(session, visitor, task_id, sent),
        task_id=task_id,
    )
    return act(request, visitor, sent, deed)


def _handed_down(made: object) -> str:
    assert isinstance(made, Decomposition)
    count = sum(row.change != "kept" for row in made.shares)
    return _("已分解给 {count} 个下级单位").format(count=count) if count else _("分解没有变化")


def _read(request: Request, visitor: Visitor, sent: SentForm, task_id: int) -> Response:
    paths = sent.files("sheet")
    try:
        if not paths:
            raise DubanError("nothing-chosen", _("请先选一份分解表（xlsx、docx 或 csv）"))
        shares = read_shares(paths[0])
        with reading(visitor) as session:
            page = _table(session, visitor, task_id, sent)
            return show(request, visitor, replace(page, typed=_typed(session, page, shares)))
    except DubanError as error:
        return refused(request, visitor, sent, lambda session: _table(session, visitor, task_id, sent), error)


def _typed(session: Session, page: Page, shares: list[Share]) -> Mapping[str, str]:
    """Return the sheet's shares as if they had been typed into the table. Refused: unknown-unit, unknown-measure."""
    assert isinstance(page.view, HandingPage)
    known, columns = units_by_name(session, [share.unit for share in shares]), page.view.measures
    listed, typed = {line.unit_id for line in page.view.lines}, {}
    for share in shares:
        unit_id = known.get(share.unit)
        if unit_id not in listed:
            raise DubanError("unit-not-below", _("“{unit}”不是牵头单位的下级，只能分解给下级单位").format(unit=share.unit))
        if share.figures or share.due_on or not columns:
            typed[f"take-{unit_id}"] = "1"
        for measure, figure in share.figures.items():
            typed[share_cell(unit_id, _column(columns, measure))] = figure_text(figure)
        if share.due_on is not None:
            typed[f"due-{unit_id}"] = share.due_on.isoformat()
    return typed


def _column(columns: tuple[MeasureColumn, ...], measure: str) -> int:
    fitting = [column.key for column in columns if measure in column.name]
    if len(fitting) != 1:
        names = _("、").join(column.name for column in columns)
        raise DubanError(
            "unknown-measure", _("“{measure}”不能确定是哪一项指标。本任务的指标：{names}").format(measure=measure, names=names)
        )
    return fitting[0]


def _table(session: Session, visitor: Visitor, task_id: int, sent: SentForm | None = None) -> Page:
    opened = open_task(session, visitor, task_id, Act.DECOMPOSE, today(), sent.seen if sent else None)
    task = session.execute(select(Task).where(col(Task.id) == task_id)).scalar_one()
    parent, standing = parent_of(session, task, opened.record.name.lead_id), standing_shares(session, task_id, is_read_only=True)
    measures = tuple(
        MeasureColumn(
            number,
            one.name,
            _("{figure}{unit}").format(figure=figure_text(one.figure), unit=one.unit_of_measure or ""),
            one.figure.low if one.adds_up and not one.is_ceiling else None,
            _("合计应达 {figure}") if one.adds_up else _("各自应达 {figure}"),
        )
        for number, one in enumerate(parent.measures.values())
    )
    names = list(parent.measures)
    lines = []
    for lower in _lower_units(session, parent.lead_id, task_id):
        share = standing.get(lower.unit_id)
        figures = tuple(_shown(share.figures.get(name)) if share else "" for name in names)
        note = state_name(share.state) if share else ""
        is_fixed = share is not None and share.state is not TaskState.ASSIGNED
        due = share.due_on.isoformat() if share else ""
        lines.append(ShareLine(lower.unit_id, lower.name, figures, due, note, share is not None, is_fixed))
    shut = (
        ""
        if task.state is TaskState.IN_PROGRESS
        else _("任务现在是“{state}”，签收后、申请办结前才能分解").format(state=state_name(task.state))
    )
    page = HandingPage(opened.head, measures, tuple(lines), task.due_on.isoformat(), shut)
    return Page("task_acts/hand_down.html.j2", page, _("分解给下级"))


def _shown(figure: Figure | None) -> str:
    return figure_text(figure) if figure else ""


def _lower_units(session: Session, lead_id: int, task_id: int) -> list[_Lower]:
    """Return the units right below the lead unit that still exist, and those further down that have a share."""
    below = select(col(Unit.id), col(Unit.name)).where(col(Unit.parent_id) == lead_id, col(Unit.is_open).is_(False))
    below = below.where(col(Unit.valid_to).is_(None) | (col(Unit.valid_to) >= today())).order_by(col(Unit.id))
    found = {unit_id: name for unit_id, name in session.execute(below).tuples() if unit_id is not None}
    found |= {child.unit_id: child.unit for child in children_of(session, task_id)}
    return [_Lower(unit_id, name) for unit_id, name in found.items()]


def _shares(session: Session, visitor: Visitor, sent: SentForm, task_id: int) -> list[Share]:
    page = _table(session, visitor, task_id)
    assert isinstance(page.view, HandingPage)
    return [_share(sent, line, page.view.measures) for line in page.view.lines if not line.is_fixed and _is_wanted(sent, line, page.view)]


def _is_wanted(sent: SentForm, line: ShareLine, page: HandingPage) -> bool:
    return sent.flag(f"take-{line.unit_id}") or any(sent.text(share_cell(line.unit_id, one.key)) for one in page.measures)


def _share(sent: SentForm, line: ShareLine, measures: tuple[MeasureColumn, ...]) -> Share:
    written = {one.name: sent.text(share_cell(line.unit_id, one.key)) for one in measures}
    figures = {name: figure_said(text) for name, text in written.items() if text}
    return Share(line.unit, figures, sent.day(f"due-{line.unit_id}"))
