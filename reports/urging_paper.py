"""An urging note as a paper, with its return slip."""

from reports.imprint import Imprint
from reports.letter_words import contact_text, document, file_stem, masthead, proof
from reports.paper import Block, Column, Heading, Pairs, Paper, Record, Row, Signature, Table, Text
from reports.return_slip import return_slip
from reports.urging import UrgedTask, Urging, as_json
from rules.texts import _
from rules.words import day_words


def urging_paper(view: Urging, imprint: Imprint) -> Paper:
    """Return the note; without a number it is a preview."""
    return Paper(
        kind="urging",
        name=file_stem(imprint, _("{unit}催办单").format(unit=view.unit)),
        written_on=view.issued_on,
        title=_title(view),
        blocks=tuple(_body(view, imprint)),
        data=as_json(view),
        masthead=masthead(_("催办单"), imprint),
        addressee=_("{unit}：").format(unit=view.unit),
        signature=Signature(view.issued_on, imprint.office or ""),
        annexes=(return_slip(_known(view, imprint)),),
        record=Record(imprint.copies_to, imprint.office or "", view.issued_on),
        proof=proof(view.rule_set, view.rule_sha256, view.ledger_head),
    )


def _title(view: Urging) -> tuple[str, ...]:
    if len(view.tasks) == 1:
        return (_("关于{task}").format(task=view.tasks[0].title), _("的催办通知"))
    return (_("关于{count}项任务的催办通知").format(count=len(view.tasks)),)


def _body(view: Urging, imprint: Imprint) -> list[Block]:
    return [
        Heading(_("催办事项")),
        Text(_what(view)),
        *((_facts(view.tasks[0]),) if len(view.tasks) == 1 else (_table(view),)),
        *(Text(sentence) for sentence in _reported(view)),
        Heading(_("办理要求")),
        *(Text(sentence) for sentence in _asked(view)),
        *contact_text(imprint),
    ]


def _what(view: Urging) -> str:
    plans = _("、").join(dict.fromkeys(document(task.plan, task.doc_no) for task in view.tasks))
    if len(view.tasks) == 1:
        text = _("截至{day}，由你单位牵头的{plans}任务“{task}”{standing}，现予催办。")
        return text.format(day=day_words(view.issued_on), plans=plans, task=view.tasks[0].title, standing=standing(view.tasks[0]))
    overdue = sum(1 for task in view.tasks if task.days_overdue)
    silent = sum(1 for task in view.tasks if task.missing_reports)
    soon = sum(1 for task in view.tasks if task.is_soon)
    told = [
        *([_("逾期未完成{count}项").format(count=overdue)] if overdue else []),
        *([_("缺报进展{count}项").format(count=silent)] if silent else []),
        *([_("临近时限{count}项").format(count=soon)] if soon else []),
    ]
    text = _("截至{day}，由你单位牵头的{plans}任务中，{told}，现予催办。")
    return text.format(day=day_words(view.issued_on), plans=plans, told=_("、").join(told))


def _facts(task: UrgedTask) -> Pairs:
    rows = (
        (_("任务编号"), str(task.id)),
        (_("任务"), task.title),
        (_("目标"), task.wanted),
        (_("已完成"), task.reached or _("未填报")),
        (_("办结时限"), day_words(task.due_on)),
        (_("原定时限"), day_words(task.original_due_on) if task.original_due_on != task.due_on else ""),
        (_("情况"), standing(task)),
        (_("此前催办"), _("{count}次").format(count=task.urged) if task.urged else ""),
    )
    return Pairs(_("任务情况"), tuple((label, words) for label, words in rows if words))


def _table(view: Urging) -> Table:
    columns = (
        Column(_("编号"), "count", 13),
        Column(_("任务"), "text", 43),
        Column(_("目标"), "text", 30),
        Column(_("已完成"), "text", 22),
        Column(_("办结时限"), "date", 24),
        Column(_("情况"), "text", 24),
    )
    rows = (Row((task.id, task.title, task.wanted, task.reached, task.due_on, standing(task))) for task in view.tasks)
    return Table(_("催办任务"), columns, tuple(rows))


def standing(task: UrgedTask) -> str:
    """Return why the task is urged, in words."""
    told = [
        *([_("逾期{days}天").format(days=task.days_overdue)] if task.days_overdue else []),
        *([_("缺报进展{count}次").format(count=task.missing_reports)] if task.missing_reports else []),
        *([_("距时限{days}个工作日").format(days=task.days_left)] if task.is_soon and task.days_left else []),
        *([_("今日到期")] if task.is_soon and not task.days_left else []),
    ]
    return _("，").join(told)


def _reported(view: Urging) -> list[str]:
    if len(view.tasks) != 1:
        return []
    (task,) = view.tasks
    cause, step = ((words or "").strip().rstrip("。；;. ") for words in (task.cause, task.next_step))
    return [
        *([_("你单位最近一次填报的问题：{words}。").format(words=cause)] if cause else []),
        *([_("下一步安排：{words}。").format(words=step)] if step else []),
    ]


def _asked(view: Urging) -> list[str]:
    told = [_("请于{day}（含当日）前答复办理情况；已经完成的，申请办结并附佐证材料。").format(day=day_words(view.answer_by))]
    if any(task.days_overdue for task in view.tasks):
        told.append(_("一时不能完成的，写明原因、已采取的措施和预计完成时间。"))
    if any(task.is_soon for task in view.tasks):
        told.append(_("预计不能按期完成的，在期限届满以前申请延期。"))
    return [*told, _("在督办系统中填报的，不必另退回执。")]


def _known(view: Urging, imprint: Imprint) -> tuple[tuple[str, str], ...]:
    tasks = _("、").join(str(task.id) for task in view.tasks)
    return (
        (_("催办单号"), imprint.issue),
        (_("任务编号"), tasks),
        (_("答复时限"), day_words(view.answer_by)),
        (_("签收单位"), view.unit),
    )
