"""A case file on paper: nine parts from basis to evidence. Facts are composed from the ledger; statement, finding and proposal are people's words, quoted."""

from collections.abc import Iterator, Mapping

from models.case import CaseKind, CaseState, ObjectionOutcome
from reports.case import CaseDuty, CaseFact, CaseFile, CaseWords, as_json
from reports.case_sentences import (
    basis_sentences,
    closed,
    duty_sentence,
    effect_sentences,
    entry_words,
    evidence_word,
    figures_table,
    kind_title,
    proof_lines,
    short_entry,
    standing_sentence,
    subject,
)
from reports.imprint import Imprint
from reports.paper import Annex, Block, Column, Heading, Masthead, Paper, Record, Row, Signature, Table, Text
from reports.words import Cell
from rules.case_transitions import case_state_name
from rules.case_words import kind_name
from rules.texts import _
from rules.words import day_words


def case_paper(file: CaseFile, imprint: Imprint) -> Paper:
    """Return the case file as a paper; it has its case's number and stays in the house."""
    return Paper(
        kind="case-file",
        name=_("{number} 案卷").format(number=file.number),
        written_on=file.as_of,
        title=(_("{subject}的").format(subject=subject(file.unit, file.tasks)), kind_title(file.kind)),
        blocks=tuple(_blocks(file)),
        data=as_json(file),
        masthead=Masthead(_("督查案卷"), file.number, imprint.office or "", day_words(file.as_of)),
        signature=Signature(file.as_of, imprint.office or ""),
        annexes=(Annex(_("证据目录"), (_catalogue(file),), is_landscape=True),),
        record=Record(office=imprint.office or "", printed_on=file.as_of) if imprint.office else None,
        proof=proof_lines(file.rule_set, file.rule_sha256, file.ledger_heads),
    )


def _blocks(file: CaseFile) -> Iterator[Block]:
    state = _("本案卷为{kind}建议，截至{day}的状态：{state}。只列事实和各方的意见，责任的认定和处理由有权机关依照规定作出。")
    yield Text(state.format(kind=kind_name(file.kind), day=day_words(file.as_of), state=case_state_name(file.state)))
    yield from _part(_("依据和来源"), basis_sentences(file))
    yield from _part(_("任务和责任"), map(duty_sentence, file.tasks))
    yield from _course(file)
    yield from _part(_("影响"), _effect(file), _("没有可以列出的影响。"))
    yield from _part(_("单位陈述和异议"), _said_by_unit(file.words), _("单位尚未陈述。"))
    yield from _part(_("结论"), _conclusion(file), _("尚未拟出。"))
    yield from _part(_("建议和有权机关"), _proposal(file), _("尚未提出。"))
    if file.kind is CaseKind.ACCOUNTABILITY:
        yield from _part(_("整改和核查"), _rectification(file.words), _("没有整改要求。"))


def _part(title: str, sentences: Iterator[str], nothing: str = "") -> Iterator[Block]:
    found = [text for text in sentences if text]
    yield Heading(title)
    yield from (Text(text) for text in found or [nothing])


def _course(file: CaseFile) -> Iterator[Block]:
    yield Heading(_("事实经过"))
    for one in file.tasks:
        yield Text(standing_sentence(one, file), label=_("{item}（{label}）。").format(item=one.item, label=one.label))
    figures = figures_table(file.tasks)
    if figures:
        yield figures
    count = _("台账记载的经过共{count}条，按日期排列，编号即证据编号。")
    yield Text(count.format(count=len(file.chronology)))
    yield course_table(file.chronology, file.tasks, is_numbered=True)


def course_table(lines: tuple[CaseFact, ...], tasks: tuple[CaseDuty, ...], *, is_numbered: bool) -> Table:
    """Return the chronology as a table; numbered, each line says where it stands in the ledger. Of several tasks each line names its own."""
    names = {one.id: _("{item}（{label}）").format(item=one.item, label=one.label) for one in tasks} if len(tasks) > 1 else {}
    columns = (
        Column(_("编号"), "text", 14),
        Column(_("日期"), "date", 24),
        Column(_("事项"), "text", 22),
        Column(_("办理"), "text", 26),
        Column(_("内容"), "text", 42),
        Column(_("台账"), "text", 28),
    )
    plain = (columns[1], columns[2], columns[3], Column(_("内容"), "text", 84))
    if is_numbered:
        return Table(_("台账记载的经过"), columns, tuple(Row(_cells(line, names)) for line in lines))
    return Table(_("事实经过"), plain, tuple(Row((line.day, line.what, line.who, _told(line, names))) for line in lines))


def _cells(line: CaseFact, names: Mapping[int, str]) -> tuple[Cell, ...]:
    return (evidence_word(line.number), line.day, line.what, who_words(line), _told(line, names), short_entry(line))


def _told(line: CaseFact, names: Mapping[int, str]) -> str:
    name = names.get(line.task_id or 0)
    return _("【{name}】{words}").format(name=name, words=line.words) if name else line.words


def who_words(line: CaseFact) -> str:
    """Return who acted, with the account where it was an office's."""
    return _("{who}（{person}）").format(who=line.who, person=line.person) if line.person else line.who


def _effect(file: CaseFile) -> Iterator[str]:
    yield from effect_sentences(file)
    if file.words.effect:
        yield _("督查机构说明：{words}。").format(words=closed(file.words.effect))


def _said_by_unit(words: CaseWords) -> Iterator[str]:
    if words.statement and words.statement_on:
        yield _("{day}，单位陈述：{words}。").format(day=day_words(words.statement_on), words=closed(words.statement))
    if words.objected_on and words.objection:
        yield _("{day}，单位提出异议：{words}。").format(day=day_words(words.objected_on), words=closed(words.objection))
    if words.outcome and words.decided_on:
        yield decided_sentence(words)


def decided_sentence(words: CaseWords) -> str:
    """Return what became of the objection."""
    assert words.decided_on is not None
    outcome = _("维持原结论") if words.outcome is ObjectionOutcome.UPHELD else _("变更结论")
    text = _("{day}，经复核，{outcome}：{words}。")
    return text.format(day=day_words(words.decided_on), outcome=outcome, words=closed(words.decision or ""))


def _conclusion(file: CaseFile) -> Iterator[str]:
    words = file.words
    if not words.conclusion or words.drafted_on is None:
        return
    if file.state is CaseState.OPENED:
        yield _("{day}的初稿因单位另有陈述而失效，须重新拟写。").format(day=day_words(words.drafted_on))
        return
    yield _("{words}。").format(words=closed(words.conclusion))
    drafted = _("{drafter}于{day}拟写").format(drafter=words.drafter, day=day_words(words.drafted_on))
    approved = _("，{approver}于{day}批准").format(approver=words.approver, day=day_words(words.approved_on)) if words.approved_on else ""
    yield _("{drafted}{approved}{served}。").format(drafted=drafted, approved=approved, served=_served(words))


def _served(words: CaseWords) -> str:
    if words.served_on is None:
        return ""
    if not words.receiver:
        return _("，{day}印发").format(day=day_words(words.served_on))
    return _("，{day}送达，{receiver}签收").format(day=day_words(words.served_on), receiver=words.receiver)


def _proposal(file: CaseFile) -> Iterator[str]:
    if file.words.proposal and file.state is not CaseState.OPENED:
        yield _("建议：{words}。").format(words=closed(file.words.proposal))
        yield _("有权机关：{body}。").format(body=closed(file.words.competent_body))


def _rectification(words: CaseWords) -> Iterator[str]:
    if words.demand and words.demand_by:
        yield _("整改要求：{words}，于{day}（含当日）前完成。").format(words=closed(words.demand), day=day_words(words.demand_by))
    if words.rectified_on and words.rectification:
        yield _("{day}，单位报送整改情况：{words}。").format(day=day_words(words.rectified_on), words=closed(words.rectification))
    if words.verified_on and words.verification:
        yield _("{day}，经核查：{words}。").format(day=day_words(words.verified_on), words=closed(words.verification))
    elif words.verification:
        yield _("退回继续整改：{words}。").format(words=closed(words.verification))


def _catalogue(file: CaseFile) -> Table:
    columns = (
        Column(_("编号"), "text", 14),
        Column(_("日期"), "date", 24),
        Column(_("事项"), "text", 26),
        Column(_("办理"), "text", 30),
        Column(_("台账"), "text", 28),
        Column(_("台账记录 SHA-256"), "text", 52),
        Column(_("证据文件及 SHA-256"), "text", 51),
    )
    return Table(_("证据目录"), columns, tuple(Row(_evidence(line)) for line in file.chronology))


def _evidence(line: CaseFact) -> tuple[Cell, ...]:
    hashes = "\n".join(one.hash for one in line.entries)
    files = "\n".join(_("{name}：{sha256}").format(name=name, sha256=sha256) for name, sha256 in line.files)
    return (evidence_word(line.number), line.day, line.what, who_words(line), entry_words(line), hashes, files)
