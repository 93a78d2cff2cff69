"""`duban bulletin draft`, `text`, `edit`, `approve`, `correct`: a bulletin on its way from figures to an approval. The issue: `bulletin_issuing`."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bulletin_desk import FaceName, OutFile, PeriodCode, PlanIds, order_of, print_summary, say_remarks, write_bulletin
from cli.desk import Desk, open_desk
from cli.output import JsonOption, note, print_json, say
from cli.papers import posting_json, say_postings, write_bytes
from models.publication import BulletinDraft, DraftState
from reports.bulletin_check import remarks_on
from reports.bulletin_edits import as_text, read_text
from rules.errors import DubanError
from rules.periods import period_before, quarter_of
from rules.texts import _
from runtime.channels import routes_of
from runtime.clock import today
from services.bulletins.drafting import (
    approve_draft,
    bulletin_of,
    discard_draft,
    draft_bulletin,
    draft_of,
    edit_draft,
    edits_of,
)
from services.bulletins.publishing import addressees

# The months in which the flow runs by its own timetable: the first of each quarter.
_MONTHS_OF_RUNS = (1, 4, 7, 10)

ReasonOption = Annotated[str, typer.Option("--reason", help=_("理由"))]


def draft_(period: PeriodCode, plan: PlanIds = None, face: FaceName = None, output: OutFile = None, as_json_: JsonOption = False) -> None:
    """Draft a bulletin."""
    with open_desk() as desk:
        with desk.acting() as (session, occasion):
            draft = draft_bulletin(session, order_of(desk, period, plan), occasion)
        _tell(desk, draft, (face, output), as_json=as_json_)


def correct(period: PeriodCode, reason: ReasonOption, plan: PlanIds = None, as_json_: JsonOption = False) -> None:
    """Draft a correction."""
    with open_desk() as desk:
        with desk.acting() as (session, occasion):
            if not reason.strip():
                raise DubanError("no-reason", _("更正通报须写明原因（--reason）"))
            draft = draft_bulletin(session, order_of(desk, period, plan), occasion, reason)
        _tell(desk, draft, (None, None), as_json=as_json_)


def show(period: PeriodCode, plan: PlanIds = None, face: FaceName = None, output: OutFile = None, as_json_: JsonOption = False) -> None:
    """Show the open draft."""
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            draft = draft_of(session, period, tuple(plan) if plan else None, actor)
        _tell(desk, draft, (face, output), as_json=as_json_)


def _tell(desk: Desk, draft: BulletinDraft, wanted: tuple[str | None, Path | None], *, as_json: bool) -> None:
    view, edits = bulletin_of(draft), edits_of(draft)
    if as_json:
        said: dict[str, Any] = {"draft": draft.id, "period": draft.period, "state": draft.state.value, "drafted_on": draft.drafted_on}
        said |= {"drafter": draft.drafter, "approver": draft.approver, "approved_on": draft.approved_on, "reason": draft.reason}
        print_json({**said, "sha256": draft.view_sha256, "edits": draft.edits, "remarks": remarks_on(view, edits)})
        return
    if any(wanted):
        write_bulletin(desk, view, edits, *wanted)
        return
    print_summary(view)
    say(_state_words(draft))
    say_remarks(view, edits)


def _state_words(draft: BulletinDraft) -> str:
    if draft.state is DraftState.APPROVED:
        text = _("通报稿 {id}（{day} 由 {drafter} 拟）：{approver} 已于 {on} 批准，可以 duban bulletin publish {period}")
        return text.format(
            id=draft.id,
            day=draft.drafted_on,
            drafter=draft.drafter,
            period=draft.period,
            approver=draft.approver,
            on=draft.approved_on,
        )
    text = _(
        "通报稿 {id}（{day} 由 {drafter} 拟）：等待批准。改文字用 duban bulletin text {period} -o 文件.md，批准用 duban bulletin approve {period}"
    )
    return text.format(id=draft.id, day=draft.drafted_on, drafter=draft.drafter, period=draft.period)


def text_(period: PeriodCode, plan: PlanIds = None, output: OutFile = None) -> None:
    """Write the words of the open draft."""
    with open_desk() as desk, desk.reading() as (session, actor):
        draft = draft_of(session, period, tuple(plan) if plan else None, actor)
        words = as_text(bulletin_of(draft), edits_of(draft))
    if output is None:
        print(words, end="")
        return
    write_bytes(output, words.encode())
    say(_("已写入 {place}；改好后用 duban bulletin edit {period} {place} 读回").format(place=output, period=period))


def edit(
    period: PeriodCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("改过的文件（duban bulletin text 写出的）"))],
    plan: PlanIds = None,
) -> None:
    """Read the words of the open draft back."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        draft = draft_of(session, period, tuple(plan) if plan else None)
        view = bulletin_of(draft)
        edits = read_text(view, edits_of(draft), _read(file))
        was_approved = draft.state is DraftState.APPROVED
        edited = edit_draft(session, draft, edits, occasion)
        is_lapsed = was_approved and edited.state is DraftState.DRAFT
    say(_("改写和增加的段落 {count} 处").format(count=len(edits.texts)))
    for key in edits.texts:
        say(f"  {key}")
    if is_lapsed:
        note(_("此前的批准已失效，请重新批准"))
    say_remarks(view, edits)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DubanError("file-not-read", _("读不了 {file}，应是 UTF-8 文本文件").format(file=file)) from None


def approve(period: PeriodCode, plan: PlanIds = None, as_json_: JsonOption = False) -> None:
    """Approve the open draft."""
    with open_desk() as desk:
        with desk.acting() as (session, occasion):
            draft = approve_draft(session, draft_of(session, period, tuple(plan) if plan else None), occasion)
            view, edits = bulletin_of(draft), edits_of(draft)
            posting = addressees(session, view, routes_of(desk.context.settings), occasion.day)
        is_resumed = draft.plan_ids is None and _is_flow_resumed(desk)
        if as_json_:
            said = {"period": draft.period, "sha256": draft.approved_sha256, "flow_resumed": is_resumed}
            print_json({**said, "remarks": remarks_on(view, edits), **posting_json(posting)})
            return
        say(_("{period} 通报稿已批准").format(period=draft.period))
        say_remarks(view, edits)
        say(_("印发后发给："))
        say_postings(posting)
        say(_what_follows(draft, is_resumed=is_resumed))


def _what_follows(draft: BulletinDraft, *, is_resumed: bool) -> str:
    if is_resumed:
        return _("等待批准的流程已继续运行，将由它印发")
    tomorrow = today() + timedelta(days=1)
    # A run publishes the quarter before its day (`runtime.job_work`).
    if draft.plan_ids is None and period_before(quarter_of(tomorrow)).code == draft.period and tomorrow.month in _MONTHS_OF_RUNS:
        return _("印发用 duban bulletin publish {period}；不办理则由下一次定时运行印发").format(period=draft.period)
    return _("没有等着它的定时运行，请用 duban bulletin publish {period} 印发").format(period=draft.period)


def _is_flow_resumed(desk: Desk) -> bool:
    # All that flows do need not be loaded to write a bulletin's figures.
    from runtime.jobs import job_named
    from runtime.submitting import resume_suspended

    return bool(resume_suspended(desk.context.settings, job_named("publish-bulletin")))


def discard(period: PeriodCode, reason: ReasonOption, plan: PlanIds = None) -> None:
    """Discard the open draft."""
    with open_desk() as desk:
        with desk.acting() as (session, occasion):
            draft = draft_of(session, period, tuple(plan) if plan else None)
            discard_draft(session, draft, reason, occasion)
        say(_("{period} 的通报稿已不用").format(period=draft.period))


COMMANDS = (
    ("draft", draft_, _("拟稿：冻结当日数字，等待修改和批准")),
    ("correct", correct, _("更正已印发的通报：按现在的台账另拟一稿，写明原因和改动的数字")),
    ("show", show, _("看在办的通报稿；加 -o 写成文件")),
    ("text", text_, _("把通报稿的文字和候选条目写成可以修改的文件")),
    ("edit", edit, _("读回改过的文字；与原稿相同的不算修改，批准过的须重新批准")),
    ("approve", approve, _("批准通报稿：就是这些数字和文字")),
    ("discard", discard, _("不用这份通报稿，写明理由")),
)
