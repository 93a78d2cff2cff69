"""A reply to a request as a paper: the decision with definite values, and what it leaves as it was."""

from models.request import RequestKind as K
from reports.imprint import Imprint
from reports.letter_words import contact_text, document, file_stem, masthead
from reports.paper import Block, Heading, Pairs, Paper, Record, Signature, Text
from reports.reply import Reply, as_json
from rules.requests import kind_name
from rules.texts import _
from rules.words import day_words


def reply_paper(view: Reply, imprint: Imprint) -> Paper:
    """Return the reply; without a number it is a preview."""
    kind = kind_name(view.kind)
    return Paper(
        kind="reply",
        name=file_stem(imprint, _("{unit}{kind}申请批复").format(unit=view.unit, kind=kind)),
        written_on=view.issued_on,
        title=(_("关于{task}").format(task=view.task.title), _("{kind}申请的批复").format(kind=kind)),
        blocks=tuple(_body(view, imprint)),
        data=as_json(view),
        masthead=masthead(_("督办申请批复"), imprint),
        addressee=_("{unit}：").format(unit=view.unit),
        signature=Signature(view.issued_on, imprint.office or ""),
        record=Record(imprint.copies_to, imprint.office or "", view.issued_on),
        proof=(_("签发前台账末条 SHA-256：{ledger}").format(ledger=view.ledger_head),),
    )


def _body(view: Reply, imprint: Imprint) -> list[Block]:
    lead = _("你单位{day}就{plan}任务“{task}”（编号{id}）提出的{kind}申请收到，现批复如下：")
    plan = document(view.task.plan, view.task.doc_no)
    said = lead.format(day=day_words(view.filed_on), plan=plan, task=view.task.title, id=view.task.id, kind=kind_name(view.kind))
    return [
        Text(said),
        Pairs(_("申请内容"), _asked(view)),
        Heading(_("批复意见")),
        *(Text(sentence) for sentence in (_granted(view) if view.is_approved else _refused(view))),
        Heading(_("此后如何计算")),
        *(Text(sentence) for sentence in (_counting(view) if view.is_approved else _as_before(view))),
        *contact_text(imprint),
    ]


def _asked(view: Reply) -> tuple[tuple[str, str], ...]:
    rows = (
        (_("申请编号"), str(view.request)),
        (_("申请种类"), kind_name(view.kind)),
        (_("申请事项"), view.asked),
        (_("申请理由"), view.reason),
        (_("目前进展"), view.progress),
        (_("申请时的时限"), day_words(view.due_before)),
        (_("原定时限"), day_words(view.task.original_due_on) if view.task.original_due_on != view.due_before else ""),
    )
    return tuple((label, words) for label, words in rows if words)


def _granted(view: Reply) -> list[str]:
    return [_decision(view), *([_("{words}。").format(words=view.decision.strip().rstrip("。"))] if view.decision else [])]


def _decision(view: Reply) -> str:
    if view.kind is K.EXTENSION:
        text = _("同意延期。办结时限由{before}延至{after}（含当日）。")
        return text.format(before=day_words(view.due_before), after=day_words(view.due_on))
    if view.kind is K.REASSIGNMENT:
        return _("同意退办。自{day}起，本任务改由{unit}牵头。").format(day=day_words(view.decided_on), unit=view.new_lead or "")
    if view.kind is K.SUSPENSION and view.paused_until is not None:
        text = _("同意暂缓。自{day}起暂缓办理，至{until}止。")
        return text.format(day=day_words(view.decided_on), until=day_words(view.paused_until))
    if view.kind is K.TARGET_CHANGE:
        moves = _("；").join(
            _("{measure}由{before}调整为{after}").format(measure=one.measure, before=one.before, after=one.after) for one in view.targets
        )
        return _("同意调整目标：{moves}。").format(moves=moves)
    return _("同意终止。本任务自{day}起不再办理。").format(day=day_words(view.decided_on))


def _counting(view: Reply) -> list[str]:
    kept = _("批复以前的填报、提醒、催办和督办记录保留在台账。")
    due, original = day_words(view.due_on), day_words(view.task.original_due_on)
    told = {
        K.EXTENSION: [_("自{day}起按新时限计算序时进度；原定时限{original}在各项统计中保留。"), kept],
        K.REASSIGNMENT: [_("办结时限仍为{due}，目标不变。"), kept],
        K.SUSPENSION: [_("暂缓期间不评进度灯，不发催办和督办；办结时限仍为{due}，暂缓期满恢复办理。需要顺延时限的，另行申请延期。"), kept],
        K.TARGET_CHANGE: [_("自{day}起按新目标评定，此前各期仍按原目标评定；办结时限仍为{due}。"), kept],
        K.CANCELLATION: [_("自{day}起不再要求填报，不计入以后各期的任务总数。"), kept],
    }[view.kind]
    return [sentence.format(day=day_words(view.decided_on), original=original, due=due) for sentence in told]


def _refused(view: Reply) -> list[str]:
    return [_("不同意{kind}。理由：{reason}。").format(kind=kind_name(view.kind), reason=view.decision.strip().rstrip("。"))]


def _as_before(view: Reply) -> list[str]:
    text = _("任务仍由你单位牵头，目标不变，办结时限仍为{due}；申请期间时限照算。")
    return [text.format(due=day_words(view.due_on))]
