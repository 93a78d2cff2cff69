"""A task's review as it is shown: the claim, what bears it out, what is missing, and which verdicts this visitor may give."""

from dataclasses import dataclass
from datetime import date

from models.progress import ReportState
from models.task import TaskState
from rules.rights import Act, Actor, Parties, may
from rules.target_words import actual_words, wanted_words
from rules.targets import is_met
from rules.texts import _
from rules.transitions import TaskEvent, events_from
from rules.words import day_words, light_word, period_words
from services.desk import Queue, TaskWait
from services.notice_record import words_of_acts
from services.review_files import EvidenceLine, PartEvidence, ReportLine, ReviewFile, Setback
from web.chronology_view import PICTURES
from web.office_views import Entry, Fact, Listing
from web.words import distance_words, size_words, task_state_word

MOST_LISTED = 200


@dataclass(frozen=True)
class ShownFile:
    """A file handed in: its download, and its picture where it is one."""

    name: str
    to: str
    note: str
    picture: str = ""


@dataclass(frozen=True)
class TargetLine:
    """A target beside what is claimed."""

    measure: str
    wanted: str
    reached: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class ShownReport:
    """A report with its figures and files. `period` is empty where nothing of it can be judged any more."""

    key: str
    heading: str
    state: str
    words: tuple[Fact, ...]
    values: tuple[tuple[str, str], ...]
    files: tuple[ShownFile, ...]
    period: str


@dataclass(frozen=True)
class ReviewPage:
    """All that the page of a review shows. The `can_` fields are the acts that the task's state and the visitor's rights allow."""

    task_id: int
    item: str
    facts: tuple[Fact, ...]
    claim: str
    missing: tuple[str, ...]
    targets: tuple[TargetLine, ...]
    milestones: tuple[tuple[str, str], ...]
    criterion: str
    latest: tuple[ShownReport, ...]
    earlier: tuple[ShownReport, ...]
    parts: tuple[ShownReport, ...]
    setbacks: tuple[str, ...]
    seen: int
    can_complete: bool
    can_return: bool
    can_close: bool
    can_reopen: bool
    can_review_reports: bool

    @property
    def has_files(self) -> bool:
        """Tell whether any report or part has evidence with it."""
        return any(report.files for report in (*self.latest, *self.earlier, *self.parts))


def review_page(file: ReviewFile, actor: Actor, parties: Parties, day: date) -> ReviewPage:
    """Return the page of a review as `actor` sees it on `day`."""
    row, events = file.sheet.row, events_from(file.sheet.row.state)
    allowed = {event: event in events and may(actor, act, parties) for event, act in _ACTS.items()}
    can_review = may(actor, Act.REVIEW_REPORT, parties)
    reports = [_report(one, row.id, can_return=can_review and row.state is TaskState.IN_PROGRESS) for one in file.reports]
    latest = [shown for shown, one in zip(reports, file.reports, strict=True) if one.is_latest]
    return ReviewPage(
        task_id=row.id,
        item=_("{title}（{label}）").format(title=row.title, label=row.label),
        facts=_facts(file, day),
        claim=_claim(file),
        missing=file.missing,
        targets=tuple(_target(file, number) for number in range(len(file.sheet.targets))),
        milestones=tuple((one.title, _("已完成") if one.is_done else _("未完成")) for one in file.sheet.milestones),
        criterion=file.sheet.criterion or "",
        latest=tuple(latest[:2]),
        earlier=tuple(shown for shown in reports if shown not in latest[:2]),
        parts=tuple(_part(one, row.id) for one in file.parts),
        setbacks=tuple(_setback(one) for one in file.setbacks),
        seen=file.position,
        can_complete=allowed[TaskEvent.COMPLETE],
        can_return=allowed[TaskEvent.RETURN],
        can_close=allowed[TaskEvent.CLOSE],
        can_reopen=allowed[TaskEvent.REOPEN],
        can_review_reports=can_review,
    )


_ACTS = {TaskEvent.COMPLETE: Act.COMPLETE, TaskEvent.RETURN: Act.RETURN, TaskEvent.CLOSE: Act.CLOSE, TaskEvent.REOPEN: Act.REOPEN}


def reviews_listing(found: Queue[TaskWait]) -> Listing:
    """Return the queue of submissions, those handed in first before the others."""
    rows = tuple(
        (Entry(row.task, f"/tasks/{row.task_id}/review"), Entry(row.unit), Entry(day_words(row.since_on), note=_waited(row)))
        for row in found.first
    )
    hidden = found.count - len(rows)
    note = _("共 {count} 件，列出最早的 {shown} 件。").format(count=found.count, shown=len(rows)) if hidden else ""
    return Listing((_("任务"), _("牵头单位"), _("申请办结")), rows, _("没有待审核的办结申请。"), note=note)


def _waited(row: TaskWait) -> str:
    return _("第 {number} 号任务").format(number=row.task_id)


def _facts(file: ReviewFile, day: date) -> tuple[Fact, ...]:
    sheet, row = file.sheet, file.sheet.row
    units = _("、").join(unit.name for unit in sheet.units if unit.role == "support")
    facts = (
        Fact(_("计划"), sheet.plan, f"/plans/{row.plan_id}"),
        Fact(_("任务内容"), sheet.text),
        Fact(_("牵头单位"), row.lead),
        Fact(_("配合单位"), units),
        Fact(_("期限"), day_words(row.due_on), note=distance_words(row.due_on, day)),
        Fact(_("状态"), task_state_word(row.state)),
        Fact(_("灯"), light_word(row.light), tone=row.light.value, note=_("；").join(row.why)),
        Fact(_("办结标准"), sheet.criterion or ""),
    )
    return tuple(one for one in facts if one.text)


def _claim(file: ReviewFile) -> str:
    said = file.submission
    if said is None or file.sheet.row.state not in (TaskState.SUBMITTED, TaskState.COMPLETED, TaskState.CLOSED):
        return _("单位还没有申请办结。")
    who = said.unit or said.person
    if said.reason:
        return _("{who}于{day}申请办结，说明：{reason}").format(who=who, day=day_words(said.day), reason=said.reason)
    return _("{who}于{day}申请办结。").format(who=who, day=day_words(said.day))


def _target(file: ReviewFile, number: int) -> TargetLine:
    target = file.sheet.targets[number]
    met = is_met(target)
    return TargetLine(
        target.measure,
        wanted_words(target),
        actual_words(target) or _("没有填报"),
        _("达到") if met else _("没有达到"),
        "green" if met else "red",
    )


def _report(one: ReportLine, task_id: int, *, can_return: bool) -> ShownReport:
    heading = _("{period}，{unit}（{person}）{day}填报").format(
        period=period_words(one.period), unit=one.unit, person=one.person, day=day_words(one.filed_on)
    )
    again = _("第 {number} 次填报").format(number=one.revision) if one.revision > 1 else ""
    words = (
        Fact(_("进展"), one.text),
        Fact(_("问题"), one.problem or ""),
        Fact(_("下一步"), one.next_step or ""),
        Fact(_("更正理由"), one.correction or ""),
        Fact(_("审核意见"), one.review or ""),
    )
    is_open = one.is_latest and one.state is ReportState.FILED
    return ShownReport(
        key=f"period-{one.period}" if one.is_latest else f"period-{one.period}-{one.revision}",
        heading=heading,
        state=_("，").join(part for part in (_state(one), again) if part),
        words=tuple(fact for fact in words if fact.text),
        values=one.values,
        files=tuple(_file(line, task_id) for line in one.evidence),
        period=one.period if is_open and can_return else "",
    )


def _state(one: ReportLine) -> str:
    if not one.is_latest:
        return _("已有新的填报")
    return {ReportState.FILED: _("还没有审核"), ReportState.ACCEPTED: _("已审核通过"), ReportState.RETURNED: _("已退回，等待重报")}[
        one.state
    ]


def _part(one: PartEvidence, task_id: int) -> ShownReport:
    heading = _("{period}，{unit}（配合）{day}提交").format(period=period_words(one.period), unit=one.unit, day=day_words(one.handed_in_on))
    words = (Fact(_("进展"), one.text),) if one.text else ()
    return ShownReport("", heading, "", words, (), tuple(_file(line, task_id) for line in one.evidence), "")


def _file(line: EvidenceLine, task_id: int) -> ShownFile:
    to = f"/tasks/{task_id}/evidence/{line.id}"
    kind = line.name.rpartition(".")[2].upper() if "." in line.name else line.media_type
    note = _("{kind}，{size}，校验码 {hash}").format(kind=kind, size=size_words(line.size_bytes), hash=line.sha256[:12])
    return ShownFile(line.name, to, note, f"{to}?inline=1" if line.media_type in PICTURES else "")


def _setback(one: Setback) -> str:
    said = {
        "day": day_words(one.day),
        "who": one.person,
        "what": words_of_acts().get(one.act, one.act),
        "period": period_words(one.period) if one.period else "",
        "reason": one.reason,
    }
    words = _("{day} {who} {what}{period}：{reason}").format(**said)
    return _("{words}（{limit}前答复）").format(words=words, limit=day_words(one.limit_on)) if one.limit_on else words
