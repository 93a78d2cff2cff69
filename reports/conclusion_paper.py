"""A conclusion as it is served, with the right to object and a return slip; the decision on an objection; the proposal of praise."""

from collections.abc import Iterator

from models.case import ObjectionOutcome
from reports.case import CaseDuty, as_json
from reports.case_paper import course_table
from reports.case_sentences import closed, duty_sentence, figures_table, proof_lines, subject
from reports.conclusion import ConclusionForm, ConclusionView
from reports.imprint import Imprint
from reports.paper import Annex, Blank, Block, Heading, Masthead, Paper, Record, Signature, Slip, Text
from rules.texts import _
from rules.words import day_words, light_word


def conclusion_paper(view: ConclusionView, imprint: Imprint) -> Paper:
    """Return the paper that leaves the house; without a number it says that it is a preview."""
    return Paper(
        kind=view.form.value,
        name=_("{issue} {title}").format(issue=imprint.issue, title=_title(view)),
        written_on=view.on,
        title=(_("{subject}的").format(subject=subject(view.unit, view.tasks)), _title(view)),
        blocks=tuple(_blocks(view, imprint)),
        data=as_json(view),
        masthead=Masthead(_masthead(view), imprint.issue, imprint.office or "", day_words(view.on)),
        addressee=_("{unit}：").format(
            unit=view.competent_body if view.form is ConclusionForm.PRAISE and view.competent_body else view.unit
        ),
        signature=Signature(imprint.signed_on or view.on, imprint.office or ""),
        annexes=tuple(_annexes(view, imprint)),
        record=Record(imprint.copies_to, imprint.office or "", view.on) if imprint.office else None,
        proof=proof_lines(view.rule_set, view.rule_sha256, view.ledger_heads),
    )


def _annexes(view: ConclusionView, imprint: Imprint) -> Iterator[Annex]:
    if view.form is not ConclusionForm.DECISION:
        yield Annex(_("事实经过"), (course_table(view.facts, view.tasks, is_numbered=False),))
    if view.form is not ConclusionForm.PRAISE:
        yield Annex(_("送达回证"), (_slip(view, imprint),))


def _title(view: ConclusionView) -> str:
    return {
        ConclusionForm.CONCLUSION: _("督查结论"),
        ConclusionForm.DECISION: _("督查结论复核决定"),
        ConclusionForm.PRAISE: _("通报表扬建议"),
    }[view.form]


def _masthead(view: ConclusionView) -> str:
    return _("督查建议") if view.form is ConclusionForm.PRAISE else _("督查结论")


def _blocks(view: ConclusionView, imprint: Imprint) -> Iterator[Block]:
    parts = {
        ConclusionForm.CONCLUSION: _conclusion_parts,
        ConclusionForm.DECISION: _decision_parts,
        ConclusionForm.PRAISE: _praise_parts,
    }[view.form](view, imprint)
    for title, sentences in parts:
        found = [text for text in sentences if text]
        if found:
            yield Heading(title)
            yield from (Text(text) for text in found)
            if title == _("查明的事实"):
                figures = figures_table(view.tasks)
                yield from (figures,) if figures else ()


Parts = Iterator[tuple[str, list[str]]]


def _conclusion_parts(view: ConclusionView, imprint: Imprint) -> Parts:
    yield _("督查事项"), [duty_sentence(one) for one in view.tasks]
    yield _("查明的事实"), _facts(view)
    yield _("单位陈述"), [_statement(view)]
    yield _("结论"), [_("{words}。").format(words=closed(view.words))]
    yield _("整改要求"), [_demand(view)]
    yield _("异议和复核"), [_objection_right(view, imprint)]


def _decision_parts(view: ConclusionView, imprint: Imprint) -> Parts:
    del imprint
    yield _("复核事项"), [_objected(view)]
    yield _("复核决定"), [_outcome(view), _("{words}。").format(words=closed(view.words))]
    yield _("整改要求"), [_demand(view)]


def _praise_parts(view: ConclusionView, imprint: Imprint) -> Parts:
    del imprint
    yield _("任务和责任"), [duty_sentence(one) for one in view.tasks]
    yield _("查明的事实"), [*_facts(view), _rule(view)]
    yield _("成效"), [_("{words}。").format(words=closed(view.effect)) if view.effect else ""]
    yield _("结论"), [_("{words}。").format(words=closed(view.words))]
    yield _("建议"), [_("建议：{words}。").format(words=closed(view.proposal)) if view.proposal else ""]


def _facts(view: ConclusionView) -> list[str]:
    standing = [_standing(one, view) for one in view.tasks]
    return [*standing, _("台账记载的经过共{count}条，见附件。").format(count=len(view.facts))]


def _standing(one: CaseDuty, view: ConclusionView) -> str:
    name = _("{item}（{label}）").format(item=one.item, label=one.label)
    if one.completed_on is None:
        reasons = _("：{reasons}").format(reasons=_("；").join(one.reasons)) if one.reasons else ""
        text = _("{name}截至{day}尚未办结，为{light}{reasons}。")
        return text.format(name=name, day=day_words(view.on), light=light_word(one.light), reasons=reasons)
    late = _("，超期{days}天").format(days=one.days_overdue) if one.days_overdue else ""
    early = _("，较期限提前{days}天").format(days=one.days_early) if one.days_early else ""
    return _("{name}于{day}办结{late}{early}。").format(name=name, day=day_words(one.completed_on), late=late, early=early)


def _rule(view: ConclusionView) -> str:
    return _("符合的规则：{rule}。事实：{fact}。").format(rule=view.rule, fact=view.fact) if view.rule else ""


def _statement(view: ConclusionView) -> str:
    if not view.statement or view.statement_on is None:
        return ""
    return _("你单位于{day}陈述：{words}。").format(day=day_words(view.statement_on), words=closed(view.statement))


def _demand(view: ConclusionView) -> str:
    if not view.demand or view.demand_by is None:
        return ""
    text = _("请你单位{words}，于{day}（含当日）前完成并书面报送整改情况。")
    return text.format(words=closed(view.demand).removeprefix(_("请")), day=day_words(view.demand_by))


def _objection_right(view: ConclusionView, imprint: Imprint) -> str:
    if view.objection_until is None:
        text = _("你单位对本结论有异议的，可以自收到之日起{days}日内书面申请复核。{contact}")
        return text.format(days=view.objection_days, contact=_contact(imprint))
    text = _("你单位对本结论有异议的，可以自收到之日起{days}日内，即{day}（含当日）前，书面申请复核。{contact}")
    return text.format(days=view.objection_days, day=day_words(view.objection_until), contact=_contact(imprint))


def _contact(imprint: Imprint) -> str:
    return _("联系人：{contact}。").format(contact=imprint.contact) if imprint.contact else ""


def _objected(view: ConclusionView) -> str:
    if view.objected_on is None:
        return ""
    text = _("你单位于{day}对{doc_no}提出异议：{words}。")
    return text.format(day=day_words(view.objected_on), doc_no=view.corrects, words=closed(view.objection or ""))


def _outcome(view: ConclusionView) -> str:
    if view.outcome is ObjectionOutcome.UPHELD:
        return _("经复核，维持{doc_no}的结论。").format(doc_no=view.corrects)
    return _("经复核，变更{doc_no}的结论。").format(doc_no=view.corrects)


def _slip(view: ConclusionView, imprint: Imprint) -> Slip:
    rows = (
        (Blank(_("文书编号"), imprint.issue if imprint.number is not None else ""), Blank(_("案卷编号"), view.case)),
        (Blank(_("受送达单位"), view.unit),),
        (Blank(_("签收人"), view.receiver or ""), Blank(_("签收日期"), day_words(view.on) if view.receiver else "")),
        (Blank(_("单位意见"), lines=4),),
    )
    return Slip(_("送达回证"), rows, _("签收不表示同意；对结论有异议的，请在期限内书面提出。") if view.objection_until else "")
