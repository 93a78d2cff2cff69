"""The sentences of a notice, composed from its view alone. A sentence whose fact is absent is left out."""

from collections.abc import Iterator

from models.notice import NoticeLevel
from reports.notice import EarlierPaper, NoticePaper
from reports.words import gap_words, percent_words
from rules.escalation import Matter
from rules.notice_words import level_name
from rules.texts import _
from rules.words import day_words, light_word, period_words, quoted

Section = tuple[str, list[str]]


def masthead_name(paper: NoticePaper) -> str:
    """Return the name of the paper."""
    return _("督查建议") if is_proposal(paper) else _("督办通知单")


def is_proposal(paper: NoticePaper) -> bool:
    """Tell whether the paper stays in the house: a proposal to hold to account."""
    return paper.level is NoticeLevel.ACCOUNTABILITY


def issue_words(paper: NoticePaper) -> str:
    """Return the document number; a draft says that it has none."""
    return paper.doc_no or _("草稿（未编号，不得外发）")


def title_lines(paper: NoticePaper) -> list[str]:
    """Return the title, one line for each sense unit."""
    subject = _("关于{item}（{label}）").format(item=paper.task.item, label=paper.task.label)
    if is_proposal(paper):
        return [subject, _("是否启动问责程序的建议")]
    return [subject, _("{matter}的督办通知").format(matter=_matter_in_title(paper.matter))]


def title(paper: NoticePaper) -> str:
    """Return what the file is called: number and level."""
    return _("{doc_no} {level}").format(doc_no=issue_words(paper), level=level_name(paper.level))


def _matter_in_title(matter: Matter) -> str:
    return {
        Matter.OVERDUE: _("逾期未完成"),
        Matter.FIRST_RED: _("进展亮红灯"),
        Matter.LIMIT_MISSED: _("督办时限届满仍为红灯"),
        Matter.RED_TWO_PERIODS: _("连续两个季度亮红灯"),
    }[matter]


def addressee(paper: NoticePaper) -> str:
    """Return the line that says whom the paper is for."""
    return _("{unit}：").format(unit=paper.office or _("督查机构")) if is_proposal(paper) else _("{unit}：").format(unit=paper.unit)


def sections(paper: NoticePaper) -> list[Section]:
    """Return the body by headings."""
    if is_proposal(paper):
        return [
            (_("任务和责任"), [_basis(paper)]),
            (_("事实"), [_standing(paper), *_ladder(paper), *_record_lead(paper)]),
            (_("触发的规则"), [_why(paper)]),
            (_("单位说明"), _unit_words(paper)),
            (_("建议"), [paper.demand, _("本件只列台账记载的事实和触发的规则，不认定责任，也不提出处理意见。")]),
        ]
    return [
        (_("督办事项"), [_basis(paper), _why(paper)]),
        (_("进展情况"), [_standing(paper), *_ladder(paper), *_unit_words(paper)]),
        (_("督办要求"), [paper.demand]),
        (_("反馈方式"), [_how_to_answer(paper)]),
    ]


def _basis(paper: NoticePaper) -> str:
    task = paper.task
    plan = _("{title}（{doc_no}）").format(title=quoted(task.plan), doc_no=task.plan_doc_no) if task.plan_doc_no else quoted(task.plan)
    who = paper.unit if is_proposal(paper) else _("你单位")
    clause = _("第{number}项“{item}”（{label}）") if task.number else _("“{item}”（{label}）")
    text = _("{plan}{clause}由{who}牵头，任务为：{text}。办结时限为{due}{original}。")
    return text.format(
        plan=plan,
        clause=clause.format(number=(task.number or "").rstrip(".．、 "), item=task.item, label=task.label),
        who=who,
        text=_closed(task.text) or task.item,
        due=day_words(task.due_on),
        original=_("（原定{day}）").format(day=day_words(task.original_due_on)) if task.original_due_on != task.due_on else "",
    )


def _why(paper: NoticePaper) -> str:
    level, quarters = level_name(paper.level), _("、").join(period_words(code) for code in paper.quarters)
    if paper.matter is Matter.LIMIT_MISSED and paper.after is not None:
        text = _("此前以{doc_no}发出{before}，时限为{limit}；该时限届满时任务仍为红灯，现发出{level}。")
        limit = day_words(paper.after.limit_on) if paper.after.limit_on else _("未定")
        return text.format(doc_no=paper.after.doc_no, before=level_name(paper.after.level), limit=limit, level=level)
    sentences = {
        Matter.OVERDUE: _("该任务逾期{days}天仍未完成，现发出{level}。"),
        Matter.FIRST_RED: _("该任务办结时限未到，按规则已亮红灯，现发出{level}。"),
        Matter.RED_TWO_PERIODS: _("该任务在{quarters}末均为红灯，现发出{level}。"),
        Matter.RED_THREE_PERIODS: _("该任务在{quarters}末均为红灯，达到连续三个季度的规则，列为{level}。"),
        Matter.RED_AT_Q3: _("该任务在{quarters}末为红灯，达到第三季度末的规则，列为{level}。"),
        Matter.YEAR_MISSED: _("该任务应在{year}年内完成，跨年仍未完成，列为{level}。"),
        Matter.LIMIT_MISSED: _("上一件督办的时限届满时任务仍为红灯，现发出{level}。"),
    }
    return sentences[paper.matter].format(days=paper.progress.days_overdue, level=level, quarters=quarters, year=paper.year)


def _standing(paper: NoticePaper) -> str:
    progress = paper.progress
    first = _("截至{day}，任务为{light}：{reasons}。").format(
        day=day_words(paper.issued_on), light=light_word(progress.light), reasons=_("；").join(progress.reasons)
    )
    return _("{first}{second}").format(first=first, second=_("具体情况见下表。"))


def _ladder(paper: NoticePaper) -> Iterator[str]:
    if paper.earlier:
        told = _("；").join(_earlier_words(one) for one in paper.earlier)
        yield _("此前就本事项已发通知单：{told}。").format(told=told)


def _earlier_words(one: EarlierPaper) -> str:
    signed = _("{day}签收").format(day=day_words(one.received_on)) if one.received_on else _("未见签收")
    limit = _("时限{day}").format(day=day_words(one.limit_on)) if one.limit_on else _("未定时限")
    return _("{doc_no}（{level}，{issued}签发，{limit}，{signed}）").format(
        doc_no=one.doc_no, level=level_name(one.level), issued=day_words(one.issued_on), limit=limit, signed=signed
    )


def _record_lead(paper: NoticePaper) -> Iterator[str]:
    if paper.record:
        yield _("任务自交办以来的经过共{count}条，见附件。").format(count=len(paper.record))


def _unit_words(paper: NoticePaper) -> list[str]:
    who = paper.unit if is_proposal(paper) else _("你单位")
    cause, next_step = (_closed(words) for words in (paper.progress.cause, paper.progress.next_step))
    if cause and next_step:
        return [_("{who}最近一次填报的问题：{cause}。下一步安排：{next_step}。").format(who=who, cause=cause, next_step=next_step)]
    if cause:
        return [_("{who}最近一次填报的问题：{words}。").format(who=who, words=cause)]
    if next_step:
        return [_("{who}最近一次填报的下一步安排：{words}。").format(who=who, words=next_step)]
    return [_("{who}尚未填报原因。").format(who=who)]


def _closed(words: str | None) -> str:
    """Return what was reported without its last full stop, to be quoted within a sentence."""
    return (words or "").strip().rstrip("。；;. ")


def _how_to_answer(paper: NoticePaper) -> str:
    limit = day_words(paper.limit_on) if paper.limit_on else _("上述时限")
    text = _(
        "请收到后即在所附回执上签收并退回，于{limit}（含当日）前反馈办理情况；在督办系统中办理的，任务编号为{task}。"
        "认为不属于本单位职责，或者需要延期、暂缓的，请依程序提出申请，批准前时限照算。{contact}"
    )
    contact = _("联系人：{contact}。").format(contact=paper.contact) if paper.contact else ""
    return text.format(limit=limit, task=paper.task.id, contact=contact)


def facts(paper: NoticePaper) -> list[tuple[str, str]]:
    """Return the task's figures as pairs of label and words; what is not known is left out."""
    task, progress = paper.task, paper.progress
    pace = percent_words(progress.pace) if progress.pace is not None else ""
    gap = gap_words(progress.gap_pp) if progress.gap_pp is not None else ""
    rows = [
        (_("任务编号"), str(task.id)),
        (_("牵头单位"), paper.unit),
        (_("起止时间"), _("{start}至{end}").format(start=day_words(task.starts_on), end=day_words(task.due_on))),
        (_("指标"), progress.measure or ""),
        (_("目标"), progress.wanted or ""),
        (_("实际"), progress.reached or ""),
        (_("应达进度"), pace),
        (_("序时差距"), _("{gap}个百分点").format(gap=gap) if gap else ""),
        (_("逾期"), _("{days}天").format(days=progress.days_overdue) if progress.days_overdue else ""),
        (_("被退回"), _("{count}次").format(count=progress.return_count) if progress.return_count else ""),
        (_("缺报进展"), _("{count}次").format(count=progress.missing_reports) if progress.missing_reports else ""),
        (_("已发提醒"), _("{count}次").format(count=progress.reminded)),
    ]
    return [(label, words) for label, words in rows if words]


def slip_rows(paper: NoticePaper) -> list[tuple[str, str]]:
    """Return the fields of the return slip, those we know already filled in."""
    return [
        (_("通知单编号"), issue_words(paper)),
        (_("督办事项"), _("{item}（{label}）").format(item=paper.task.item, label=paper.task.label)),
        (_("反馈时限"), day_words(paper.limit_on) if paper.limit_on else ""),
        (_("签收单位"), paper.unit),
    ]


def proof(paper: NoticePaper) -> list[str]:
    """Return what the paper can be held against."""
    return [
        _("规则集：{version}，SHA-256：{sha256}").format(version=paper.rule_set, sha256=paper.rule_sha256),
        _("签发前台账末条 SHA-256：{ledger}").format(ledger=paper.ledger_head),
    ]
