"""A responsibility agreement as a paper: the two parties, what is to be reached, what each side does, and where they sign."""

from reports.agreement import Agreement, as_json
from reports.duties import Duty
from reports.imprint import Imprint
from reports.letter_words import contact_text, documents, due_words, file_stem, masthead, proof, steps_words, unit_names
from reports.paper import Annex, Blank, Block, Column, Heading, Paper, Parties, Record, Row, Table, Text
from reports.words import Cell, Figure
from rules.texts import _
from rules.words import day_words

COPIES = 2


def agreement_paper(view: Agreement, imprint: Imprint) -> Paper:
    """Return the agreement; without a number it is a preview."""
    name = _("{unit}{year}年度目标管理责任书").format(unit=view.unit, year=view.year)
    office = imprint.office or _("督办机构")
    return Paper(
        kind="agreement",
        name=file_stem(imprint, name),
        written_on=view.drawn_up_on,
        title=(view.unit, _("{year}年度目标管理责任书").format(year=view.year)),
        blocks=tuple(_body(view, imprint, office)),
        data=as_json(view),
        masthead=masthead(_("目标管理责任书"), imprint),
        annexes=tuple(_annexes(view)),
        record=Record(imprint.copies_to, office, view.drawn_up_on, COPIES),
        proof=proof(view.rule_set, view.rule_sha256, view.ledger_head),
    )


def _body(view: Agreement, imprint: Imprint, office: str) -> list[Block]:
    sections: list[tuple[str, list[str]]] = [
        (_("责任期限"), [_term(view)]),
        (_("目标任务"), _tasks(view)),
        (_("甲方责任"), _office_duties()),
        (_("乙方责任"), _unit_duties(view)),
        (_("考核"), _appraisal(view)),
        (_("变更"), _changes()),
    ]
    blocks: list[Block] = [Text(office, label=_("甲方：")), Text(view.unit, label=_("乙方：")), Text(_preamble(view))]
    for heading, paragraphs in sections:
        blocks += [Heading(heading), *(Text(paragraph) for paragraph in paragraphs)]
    blocks += [Heading(_("其他")), Text(_("本责任书一式两份，甲乙双方各执一份，自双方签字之日起生效。")), *contact_text(imprint)]
    return [*blocks, _signatures(view, office)]


def _preamble(view: Agreement) -> str:
    basis = documents(view.duties)
    text = _("依据{basis}，甲乙双方就{year}年度的目标任务签订本责任书。").format(basis=basis, year=view.year)
    if view.replaces is None:
        return text
    signed = _("{day}签订").format(day=day_words(view.replaces.signed_on)) if view.replaces.signed_on else _("未签订")
    told = _("本责任书替代{issued}印发的{doc_no}（{signed}），该责任书同时废止。")
    return text + told.format(issued=day_words(view.replaces.issued_on), doc_no=view.replaces.doc_no, signed=signed)


def _term(view: Agreement) -> str:
    first = _("{year}年1月1日至{year}年12月31日。").format(year=view.year)
    runs_on = any(duty.due_on.year > view.year for duty in (*view.led, *view.supported))
    return first + _("任务期限跨年度的，本责任书只约定本年度应达到的进度。") if runs_on else first


def _tasks(view: Agreement) -> list[str]:
    goals = sum(len(duty.goals) for duty in view.led)
    due = sum(1 for duty in view.led if duty.due_on.year == view.year)
    told = []
    if view.led:
        text = _("乙方牵头任务{count}项，其中年内到期{due}项；量化目标{goals}个。各项任务的目标、季度末应达进度和办结时限见附件。")
        told.append(text.format(count=len(view.led), due=due, goals=goals))
    if view.carried:
        told.append(_("以前年度到期尚未办结、结转本年度继续办理的任务{count}项，原定期限不变。").format(count=len(view.carried)))
    if view.supported:
        told.append(_("乙方配合其他单位牵头的任务{count}项。").format(count=len(view.supported)))
    return told


def _office_duties() -> list[str]:
    return [
        _("1. 对乙方提出的延期、退办、暂缓、终止、调整目标申请作出书面答复，不批准的说明理由。"),
        _("2. 退回乙方填报或者办结申请时，一次写明需要补正的内容和时限。"),
        _("3. 需要其他单位配合的事项，乙方协商不成的，由甲方协调。"),
        _("4. 只要求乙方填报到期和有变化的内容，乙方已经报送的材料不重复索取。"),
    ]


def _unit_duties(view: Agreement) -> list[str]:
    told = [
        _("收到交办任务后{days}个工作日内签收。").format(days=view.acknowledge_days),
        _("每季度结束后{days}个工作日内填报进展，没有变化的注明无变化；数据与台账、佐证材料一致。").format(days=view.report_limit_days),
        _("任务完成后申请办结，并附要求的佐证材料；未达到目标的，写明原因。"),
        _("不能按期完成的，在期限届满以前提出申请；同一任务延期不超过{count}次。").format(count=view.most_extensions),
    ]
    if any(duty.supports for duty in view.led):
        told.append(_("牵头任务由乙方汇总配合单位的情况并统一填报。"))
    if view.supported:
        told.append(_("配合任务按牵头单位商定的内容和时间提供本单位负责的部分。"))
    return [_("{number}. {sentence}").format(number=number, sentence=sentence) for number, sentence in enumerate(told, start=1)]


def _appraisal(view: Agreement) -> list[str]:
    by_result = _("以附件所列目标、期限的完成情况为依据，数据以督办台账为准。")
    first = _("按{schemes}考核。").format(schemes=_("、").join(view.schemes)) + by_result if view.schemes else by_result
    return [first, _("考核结果的运用按现行规定和管理权限办理，本责任书不另设奖惩。")]


def _changes() -> list[str]:
    return [
        _("目标、期限和责任单位的变更，由乙方提出申请，经批准后生效；批准以前按原目标、原期限执行。批准延期的，原定期限在统计中保留。"),
        _("任务因文件修订或者申请获准而变化的，双方重新签订责任书，前一份同时废止。"),
        _("本责任书与印发的文件不一致的，以印发的文件为准。"),
    ]


def _signatures(view: Agreement, office: str) -> Parties:
    lines = (Blank(_("负责人（签字）"), lines=2), Blank(_("单位（盖章）"), lines=2), Blank(_("签订日期")))
    first, second = _("甲方：{name}").format(name=office), _("乙方：{name}").format(name=view.unit)
    return Parties(((first, lines), (second, lines)))


def _annexes(view: Agreement) -> list[Annex]:
    found = []
    if view.led:
        found.append(Annex(_("牵头任务目标表"), (_goal_table(view.led, _("牵头任务目标表")),), is_landscape=True))
    if view.carried:
        found.append(Annex(_("结转任务表"), (_plain_table(view.carried, _("结转任务表"), has_lead=False),), is_landscape=True))
    if view.supported:
        found.append(Annex(_("配合任务表"), (_plain_table(view.supported, _("配合任务表"), has_lead=True),), is_landscape=True))
    return found


def _goal_table(duties: tuple[Duty, ...], title: str) -> Table:
    columns = (
        Column(_("编号"), "count", 12),
        Column(_("任务"), "text", 58),
        Column(_("指标"), "text", 46),
        Column(_("目标"), "text", 23),
        *(Column(heading, "percent", 15) for heading in (_("一季度"), _("二季度"), _("三季度"), _("四季度"))),
        Column(_("办结时限"), "text", 26),
    )
    over = (("", 4), (_("季度末应达进度"), 4), ("", 1))
    return Table(title, columns, tuple(row for duty in duties for row in _goal_rows(duty)), over)


def _goal_rows(duty: Duty) -> list[Row]:
    first, last = (duty.task, duty.title), due_words(duty)
    none: tuple[Cell, ...] = (None, None, None, None)
    rows = [
        Row((*first, goal.measure, Figure(goal.wanted, goal.words), *(none if goal.is_held else duty.quarters), last))
        for goal in duty.goals
    ]
    supports = _("配合单位：{units}").format(units=unit_names(duty.supports)) if duty.supports else ""
    details = (duty.content, steps_words(duty.steps), supports)
    return [*(rows or [Row((*first, None, duty.aim, *duty.quarters, last))]), *(Row((words,), "detail") for words in details if words)]


def _plain_table(duties: tuple[Duty, ...], title: str, *, has_lead: bool) -> Table:
    columns = (
        Column(_("编号"), "count", 14),
        Column(_("任务"), "text", 60),
        Column(_("目标"), "text", 66),
        Column(_("办结时限"), "text", 30),
        Column(_("牵头单位") if has_lead else _("配合单位"), "text", 55),
    )
    rows = (
        Row((duty.task, duty.title, duty.aim, due_words(duty), duty.lead if has_lead else unit_names(duty.supports))) for duty in duties
    )
    return Table(title, columns, tuple(rows))
