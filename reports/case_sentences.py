"""The sentences of a case, composed from its view alone: basis, duty, standing, effect. None of them judges; what judges is quoted from people."""

from collections.abc import Iterator, Sequence

from models.case import CaseKind
from reports.case import CaseDuty, CaseFact, CaseFile, EntryRef
from reports.paper import Column, Row, Table
from reports.words import Figure, gap_words
from rules.texts import _
from rules.words import day_words, light_word, quoted

SHORT_HASH = 8


def subject(unit: str, tasks: Sequence[CaseDuty]) -> str:
    """Return what a case's papers are about: the one task, else the unit and how many tasks."""
    if len(tasks) == 1:
        return _("关于{item}（{label}）").format(item=tasks[0].item, label=tasks[0].label)
    return _("关于{unit}{count}项任务").format(unit=unit, count=len(tasks))


def basis_sentences(file: CaseFile) -> Iterator[str]:
    """Give where the case comes from: the rule that fired and on which evidence, or a person's basis."""
    yield _("{number}于{day}立案。").format(number=file.number, day=day_words(file.opened_on))
    if file.rule:
        yield _("触发的规则：{rule}。").format(rule=file.rule)
        yield _("触发规则的事实：{fact}。").format(fact=file.fact)
        numbers = file.evidence_of(file.fired_on)
        if numbers:
            yield _("台账依据：{evidence}。").format(evidence=evidence_list(numbers))
    if file.basis != _("{rule}；{fact}").format(rule=file.rule, fact=file.fact):
        yield _("立案依据：{basis}。").format(basis=closed(file.basis))


def duty_sentence(one: CaseDuty) -> str:
    """Return who was to do what, from when, until when, by which document and clause."""
    plan = _("{title}（{doc_no}）").format(title=quoted(one.plan), doc_no=one.plan_doc_no) if one.plan_doc_no else quoted(one.plan)
    clause = _("第{number}项“{item}”（{label}）") if one.number else _("“{item}”（{label}）")
    text = _("依据{plan}{clause}，{lead}{since}牵头承办，{supports}任务为：{text}。办结时限为{due}{original}。")
    return text.format(
        plan=plan,
        clause=clause.format(number=(one.number or "").rstrip(".．、 "), item=one.item, label=one.label),
        lead=one.lead,
        since=_("自{day}起").format(day=day_words(one.since)) if one.since else "",
        supports=_("{units}配合，").format(units=_("、").join(one.supports)) if one.supports else "",
        text=closed(one.text) or one.item,
        due=day_words(one.due_on),
        original=_("（原定{day}）").format(day=day_words(one.original_due_on)) if one.original_due_on != one.due_on else "",
    )


def standing_sentence(one: CaseDuty, file: CaseFile) -> str:
    """Return how the task stands on the file's day."""
    if one.completed_on is None:
        reasons = _("：{reasons}").format(reasons=_("；").join(one.reasons)) if one.reasons else ""
        text = _("截至{day}，任务尚未办结，为{light}{reasons}。")
        return text.format(day=day_words(file.as_of), light=light_word(one.light), reasons=reasons)
    when = _("任务于{day}办结{how}。")
    if one.days_overdue:
        return when.format(day=day_words(one.completed_on), how=_("，超期{days}天").format(days=one.days_overdue))
    early = _("，较期限提前{days}天").format(days=one.days_early) if one.days_early else ""
    return when.format(day=day_words(one.completed_on), how=early)


def effect_sentences(file: CaseFile) -> Iterator[str]:
    """Give what came of it, in facts: days late, what is missing, what depends on it."""
    for one in file.tasks:
        found = list(_effects(one))
        if found:
            yield _("{item}（{label}）：{effects}。").format(item=one.item, label=one.label, effects=_("；").join(found))


def _effects(one: CaseDuty) -> Iterator[str]:
    if one.days_overdue:
        yield _("超期{days}天").format(days=one.days_overdue)
    if one.days_early:
        yield _("提前{days}天办结").format(days=one.days_early)
    yield from one.missing
    if one.follows:
        yield _("同一事项的后续任务有{labels}").format(labels=_("、").join(one.follows))
    if one.handed_down:
        yield _("分解给下级、尚未办结的有{tasks}").format(tasks=_("、").join(one.handed_down))


def figures_table(tasks: Sequence[CaseDuty]) -> Table | None:
    """Return the figures of the tasks as a table, None where there are none."""
    rows = tuple(
        Row((_("{item}（{label}）").format(item=one.item, label=one.label), of.measure, of.wanted, of.reached, of.pace, gap(of.gap_pp)))
        for one in tasks
        for of in one.targets
        if of.measure
    )
    columns = (
        Column(_("任务"), "text", 50),
        Column(_("指标"), "text", 30),
        Column(_("目标"), "text", 20),
        Column(_("实际"), "text", 20),
        Column(_("应达进度"), "percent", 18),
        Column(_("序时差距"), "gap", 18),
    )
    return Table(_("指标完成情况"), columns, rows) if rows else None


def gap(value: float | None) -> Figure | None:
    """Return a gap with its words, None where it cannot be told."""
    return None if value is None else Figure(value, gap_words(value))


def evidence_word(number: int) -> str:
    """Return how a line of the chronology is cited."""
    return _("证{number}").format(number=number)


def evidence_list(numbers: Sequence[int]) -> str:
    """Return several evidence numbers in a row."""
    return _("、").join(map(evidence_word, numbers))


def entry_words(line: CaseFact) -> str:
    """Return where a line stands in the ledger: chain and numbers."""
    chains = dict.fromkeys(one.chain for one in line.entries)
    numbers = [(chain, [str(one.seq) for one in line.entries if one.chain == chain]) for chain in chains]
    return _("、").join(_("{chain} 第{seqs}条").format(chain=chain, seqs=_("、").join(seqs)) for chain, seqs in numbers)


def short_entry(line: CaseFact) -> str:
    """Return the ledger's place and the first characters of the last entry's hash."""
    return _("{place} {hash}").format(place=entry_words(line), hash=line.entries[-1].hash[:SHORT_HASH])


def kind_title(kind: CaseKind) -> str:
    """Return what a case file is called."""
    return {CaseKind.ACCOUNTABILITY: _("问责建议案卷"), CaseKind.PRAISE: _("表扬建议案卷")}[kind]


def proof_lines(version: str, sha256: str, heads: Sequence[EntryRef]) -> tuple[str, ...]:
    """Return what a paper can be held against."""
    rules = _("规则集：{version}，SHA-256：{sha256}").format(version=version, sha256=sha256)
    return (rules, *(_("台账 {chain} 第{seq}条 SHA-256：{hash}").format(chain=one.chain, seq=one.seq, hash=one.hash) for one in heads))


def closed(words: str) -> str:
    """Return words without their last full stop, to be quoted within a sentence."""
    return words.strip().rstrip("。；;. ")
