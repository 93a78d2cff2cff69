"""An assignment sheet as a paper, whole at issue, and with nothing but the changes after an amendment."""

from reports.assignment import Assignment, Change, ChangeKind, as_json
from reports.duties import Duty
from reports.imprint import Imprint
from reports.letter_words import contact_text, document, due_words, file_stem, masthead, proof, steps_words, unit_names
from reports.paper import Annex, Block, Column, Heading, Paper, Record, Row, Signature, Table, Text
from reports.return_slip import return_slip
from reports.words import NOTHING
from rules.texts import _
from rules.words import day_words, quoted


def assignment_paper(view: Assignment, imprint: Imprint) -> Paper:
    """Return the sheet; without a number it is a preview."""
    is_change = view.replaces is not None
    name = _("更改交办单") if is_change else _("交办单")
    return Paper(
        kind="assignment",
        name=file_stem(imprint, _("{unit}{name}").format(unit=view.unit, name=name)),
        written_on=view.issued_on,
        title=(_("关于{plan}").format(plan=quoted(view.plan)), _("任务更改的通知") if is_change else _("任务交办的通知")),
        blocks=tuple(_body(view, imprint)),
        data=as_json(view),
        masthead=masthead(name, imprint),
        addressee=_("{unit}：").format(unit=view.unit),
        signature=Signature(view.issued_on, imprint.office or ""),
        annexes=(*_tables(view), _slip(view, imprint)),
        record=Record(imprint.copies_to, imprint.office or "", view.issued_on),
        proof=proof(view.rule_set, view.rule_sha256, view.ledger_head),
    )


def _body(view: Assignment, imprint: Imprint) -> list[Block]:
    blocks: list[Block] = [Heading(_("交办事项")), Text(_what(view))]
    if view.replaces:
        blocks.append(_change_table(view))
    blocks.append(Heading(_("办理要求")))
    blocks += [
        Text(_("{number}. {sentence}").format(number=number, sentence=sentence)) for number, sentence in enumerate(_asked(view), start=1)
    ]
    contact = contact_text(imprint)
    if contact:
        blocks += [Heading(_("联系方式")), *contact]
    return blocks


def _what(view: Assignment) -> str:
    plan = document(view.plan, view.doc_no)
    if view.replaces is None:
        counts = [
            *([_("牵头{count}项").format(count=len(view.led))] if view.led else []),
            *([_("配合{count}项").format(count=len(view.supported))] if view.supported else []),
        ]
        text = _("依据{plan}，现将任务{total}项交办你单位，其中{counts}，内容、目标和时限见附件。")
        return text.format(plan=plan, total=len(view.led) + len(view.supported), counts=_("、").join(counts))
    doc_no, day = view.replaces
    text = _("{day}以{doc_no}交办的{plan}任务，现更改{count}项，见下表；其余任务不变。")
    return text.format(day=day_words(day), doc_no=doc_no, plan=plan, count=len(view.changes))


def _asked(view: Assignment) -> list[str]:
    told = [_("请于{day}（含当日）前签收；认为不属于本单位职责的，在此以前申请退办并说明理由。").format(day=day_words(view.acknowledge_by))]
    if view.replaces:
        return [*told, _("更改以前的填报和记录保留在台账；其他要求按原交办单办理。")]
    if view.led:
        told.append(_("牵头任务每季度结束后{days}个工作日内填报进展，没有变化的注明无变化。").format(days=view.report_limit_days))
        told.append(_("任务完成后申请办结，并附佐证材料；不能按期完成的，在期限届满以前申请延期，批准以前期限照算。"))
    if any(duty.supports for duty in view.led):
        told.append(_("牵头任务有配合单位的，由你单位商定分工，汇总填报。"))
    if view.supported:
        told.append(_("配合任务由牵头单位汇总填报，请按其商定的内容和时间提供本单位负责的部分。"))
    return told


def _change_table(view: Assignment) -> Table:
    columns = (
        Column(_("编号"), "count", 14),
        Column(_("任务"), "text", 44),
        Column(_("更改"), "text", 22),
        Column(_("原为"), "text", 38),
        Column(_("改为"), "text", 38),
    )
    return Table(_("任务更改表"), columns, tuple(row for change in view.changes for row in _change_rows(change)))


def _change_rows(change: Change) -> list[Row]:
    if change.kind is ChangeKind.DROPPED:
        return [Row((change.task, change.title, _("不再承担"), NOTHING, NOTHING))]
    if change.kind is ChangeKind.ADDED:
        return [Row((change.task, change.title, _("新增"), NOTHING, _("见附件")))]
    return [Row((change.task, change.title, _part_name(part), before, after)) for part, before, after in change.parts]


def _part_name(part: str) -> str:
    return {
        "role": _("职责"),
        "goals": _("目标"),
        "due_on": _("办结时限"),
        "criterion": _("完成标准"),
        "lead": _("牵头单位"),
        "text": _("任务内容"),
        "supports": _("配合单位"),
        "title": _("任务名称"),
        "label": _("阶段"),
    }[part]


def _tables(view: Assignment) -> list[Annex]:
    shown = {change.task for change in view.changes if change.kind is ChangeKind.ADDED}
    led = view.led if view.replaces is None else tuple(duty for duty in view.led if duty.task in shown)
    supported = view.supported if view.replaces is None else tuple(duty for duty in view.supported if duty.task in shown)
    found = [(_("牵头任务"), led, False), (_("配合任务"), supported, True)]
    return [Annex(title, (_table(title, duties, has_lead=has_lead),), is_landscape=True) for title, duties, has_lead in found if duties]


def _table(title: str, duties: tuple[Duty, ...], *, has_lead: bool) -> Table:
    columns = (
        Column(_("编号"), "count", 13),
        Column(_("任务"), "text", 58),
        Column(_("目标"), "text", 62),
        Column(_("开始"), "date", 24),
        Column(_("办结时限"), "text", 28),
        Column(_("牵头单位") if has_lead else _("配合单位"), "text", 40),
    )
    return Table(title, columns, tuple(row for duty in duties for row in _rows(duty, has_lead=has_lead)))


def _rows(duty: Duty, *, has_lead: bool) -> list[Row]:
    units = duty.lead if has_lead else unit_names(duty.supports)
    rows = [Row((duty.task, duty.title, duty.aim, duty.starts_on, due_words(duty), units))]
    told = [] if has_lead else [duty.content, steps_words(duty.steps)]
    return [*rows, *(Row((words,), "detail") for words in told if words)]


def _slip(view: Assignment, imprint: Imprint) -> Annex:
    known = (
        (_("文号"), imprint.issue),
        (_("交办事项"), document(view.plan, view.doc_no)),
        (_("签收单位"), view.unit),
        (_("签收时限"), day_words(view.acknowledge_by)),
    )
    return return_slip(known, answer_lines=5)
