"""How `duban case` prints: proposals with their reasons, cases in a list, one case with all that is known of it."""

from collections.abc import Sequence

from cli.output import note, print_table, say
from rules.case_transitions import case_state_name
from rules.case_words import kind_name
from rules.texts import _
from services.cases.case_list import CaseRow
from services.cases.proposals import ProposalRow


def print_proposals(rows: Sequence[ProposalRow]) -> None:
    """Print what the rules propose, each with its rule, its facts and the entries it fired on."""
    for row in rows:
        say(_("{key}　{kind}　{unit}").format(key=row.key, kind=kind_name(row.kind), unit=row.unit))
        say(_("  任务：{tasks}").format(tasks=_("、").join(f"{task_id} {title}" for task_id, title in row.tasks)))
        say(_("  规则：{rule}").format(rule=row.rule_words))
        say(_("  事实：{fact}").format(fact=row.fact_words))
        entries = [_("{chain} 第{seqs}条").format(chain=one.chain, seqs=one.seq) for one in row.traces]
        say(_("  台账依据：{entries}").format(entries=_("、").join(entries)))
    note(_("立案：duban case open --proposal 编号；是否立案由人决定"))


def print_cases(rows: Sequence[CaseRow]) -> None:
    """Print cases as a table."""
    heads = [_("序号"), _("案号"), _("类别"), _("状态"), _("单位"), _("任务"), _("立案"), _("送达"), _("异议截止"), _("整改时限")]
    cells = [
        (
            *(row.id, row.number, kind_name(row.kind), case_state_name(row.state), row.unit),
            *(_("、").join(title for _id, title in row.tasks), row.opened_on, row.served_on, row.objection_until, row.demand_by),
        )
        for row in rows
    ]
    print_table(heads, cells)


def print_case(row: CaseRow) -> None:
    """Print a case with what is known of it; what is not said yet is left out."""
    head = _("案卷 {id}　{number}　{kind}　{state}")
    say(head.format(id=row.id, number=row.number, kind=kind_name(row.kind), state=case_state_name(row.state)))
    lines = [
        (_("单位"), row.unit),
        (_("任务"), _("、").join(f"{task_id} {title}" for task_id, title in row.tasks)),
        (_("立案依据"), row.basis),
        (_("立案日期"), row.opened_on),
        (_("单位陈述"), row.statement),
        (_("结论"), row.conclusion),
        (_("拟写人"), row.drafter),
        (_("批准人"), row.approver),
        (_("整改要求"), row.demand),
        (_("整改时限"), row.demand_by),
        (_("送达日期"), row.served_on),
        (_("签收人"), row.receiver),
        (_("异议截止"), row.objection_until),
        (_("单位异议"), row.objection),
        (_("异议答复"), row.decision),
        (_("整改情况"), row.rectification),
        (_("核查情况"), row.verification),
        (_("撤销理由"), row.reason),
    ]
    for name, value in lines:
        if value:
            say(_("{name}：{place}").format(name=name, place=value))


def say_cautions(cautions: Sequence[str]) -> None:
    """Print what the author of a conclusion should look at again, beside the result."""
    for words in cautions:
        note(_("注意：{remark}").format(remark=words))
