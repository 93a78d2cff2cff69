"""The bulletin's sentences, composed from the view's facts alone: title, lead, one paragraph or two a section, proof.

Counts of rows are the only arithmetic here. A sentence whose fact is absent is left out; a section without anything to tell says so. Each has a key, under
which an office may word it anew.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask, PlanLine, UnitLine
from reports.bulletin_details import Method
from reports.problem_sentences import correction_words
from reports.words import listed, listed_units, percent_words
from rules.texts import _
from rules.words import bucket_word, day_words, light_word, period_words, quoted

LIGHTS = ("red", "yellow", "green", "grey")


def masthead_name() -> str:
    """Return the name of the paper."""
    return _("政务督查")


@dataclass(frozen=True)
class Sentence:
    """A paragraph of the bulletin under its key."""

    key: str
    text: str


def title_lines(bulletin: Bulletin) -> list[str]:
    """Return the title, one line for each sense unit; one plan is named, several are left to the lead. A correction names the issue it puts right."""
    period = period_words(bulletin.period)
    correction = bulletin.details.correction if bulletin.details else None
    if correction:
        title = _("关于更正{period}督查通报\n（{doc_no}）的通报").format(doc_no=correction.doc_no, period=period)
    elif len(bulletin.plans) == 1:
        title = _("关于{plan}\n{period}进展情况的督查通报").format(plan=quoted(bulletin.plans[0].title), period=period)
    else:
        title = _("{period}\n计划任务进展情况的督查通报").format(period=period)
    return title.split("\n")


def lead(bulletin: Bulletin) -> list[Sentence]:
    """Return the basis, period, day of the count, day of the facts and rule set in one paragraph, what was looked at in another, before them what is put right."""
    basis = (
        _("依据{plans}，现将{starts}至{ends}任务进展情况通报如下。")
        if bulletin.plans
        else _("现将{starts}至{ends}计划任务进展情况通报如下。")
    )
    first = basis.format(plans=_plans_named(bulletin), starts=day_words(bulletin.starts_on), ends=day_words(bulletin.ends_on))
    second = _("任务状态以{as_of}为准，采用截至{written}收到的填报和办理记录，按规则集{version}判定。").format(
        as_of=day_words(bulletin.as_of), written=day_words(bulletin.written_on), version=bulletin.rule_set.version
    )
    found = [Sentence("lead", _("{first}{second}").format(first=first, second=second))]
    details = bulletin.details
    if details and details.correction:
        found.insert(0, Sentence("correction", correction_words(details.correction)))
    if details and (looked_at := _looked_at(details.method)):
        found.append(Sentence("method", looked_at))
    return found


def _looked_at(method: Method) -> str:
    parts = (
        (method.reports, _("收到进展报告{count}份")),
        (method.evidence_files, _("佐证材料{count}份")),
        (method.reviews, _("审核{count}件次")),
        (method.reminders, _("发出提醒{count}件次")),
        (method.notices, _("签发督办通知单{count}件")),
    )
    done = _("、").join(text.format(count=count) for count, text in parts if count)
    if not done:
        return ""
    # A log-in in Latin letters is no name on a signed paper.
    if not method.drafter or method.drafter.isascii():
        return _("本期{done}。").format(done=done)
    return _("本期{done}，由{drafter}汇总。").format(done=done, drafter=method.drafter)


def overall(bulletin: Bulletin) -> list[Sentence]:
    """Return the number of tasks with every bucket that is not empty, and the change against the period before."""
    counts = bulletin.totals
    if not counts.tasks:
        return [Sentence("overall.none", _("本期没有应办任务。"))]
    targets = sum(len(item.targets) for item in bulletin.items)
    text = (
        _("截至{day}，本期应办任务共{tasks}项，涉及{items}个事项、{targets}项指标、{units}个责任单位。")
        if targets
        else _("截至{day}，本期应办任务共{tasks}项，涉及{items}个事项、{units}个责任单位。")
    )
    first = text.format(
        day=day_words(bulletin.as_of), tasks=counts.tasks, items=len(bulletin.items), units=len(bulletin.units), targets=targets
    )
    second = _("其中：{buckets}。").format(buckets=_("；").join(_bucket_share(bulletin, bucket) for bucket in _filled(counts)))
    return [
        Sentence("overall.counts", _("{first}{second}").format(first=first, second=second)),
        Sentence("overall.change", _change(bulletin)),
    ]


def good_items(bulletin: Bulletin) -> dict[str, str]:
    """Return the items that go well, by the keys under which they are picked: some task done or ahead, none lagging."""
    return {f"item-{item.id}": _item_standing(item) for item in bulletin.items if _goes_well(item.counts)}


def good_units(bulletin: Bulletin) -> dict[str, str]:
    """Return the units that do well, by the keys under which they are picked: some task done or ahead, none lagging, no report missing."""
    units = (unit for unit in bulletin.units if _goes_well(unit.counts) and not unit.reports_missing)
    return {f"unit-{unit.id or unit.name}": _unit_standing(unit) for unit in units}


def good_progress(bulletin: Bulletin, picks: Sequence[str] | None = None) -> list[Sentence]:
    """Return the items and units that go well: how many, and those picked by name, where nobody picked the first ones."""
    paragraphs = []
    items, units = good_items(bulletin), good_units(bulletin)
    if items:
        counted = _("有任务已完成或超序时进度、且没有滞后任务的事项{count}个").format(count=len(items))
        paragraphs.append(Sentence("good.items", _naming(counted, items, picks)))
    if units:
        counted = _("牵头任务有完成或超序时进度、没有滞后且没有漏报的单位{count}个").format(count=len(units))
        paragraphs.append(Sentence("good.units", _naming(counted, units, picks)))
    return paragraphs or [Sentence("good.none", _("本期没有既有任务完成或超序时进度、又没有任务滞后的事项和单位。"))]


def _naming(counted: str, found: Mapping[str, str], picks: Sequence[str] | None) -> str:
    names = [words for key, words in found.items() if picks is None or key in picks]
    if not names:
        return _("{counted}。").format(counted=counted)
    text = _("{counted}：{names}。") if picks is None or len(names) == len(found) else _("{counted}，其中：{names}。")
    return text.format(counted=counted, names=listed(names) if picks is None else _("、").join(names))


def lagging(bulletin: Bulletin) -> list[Sentence]:
    """Return how many tasks lag, under which lights, and how many had their due date moved."""
    tasks = bulletin.lagging
    if not tasks:
        return [Sentence("lagging.none", _("截至{day}，没有滞后、逾期或未启动的任务。").format(day=day_words(bulletin.as_of)))]
    first = _("滞后、逾期和未启动的任务共{count}项，涉及{units}个牵头单位，其中{lights}。").format(
        count=len(tasks), units=len({task.unit for task in tasks}), lights=_lights_counted(tasks)
    )
    paragraphs = [Sentence("lagging.counts", first)]
    if moved := [task for task in tasks if task.due_on != task.original_due_on]:
        paragraphs.append(Sentence("lagging.moved", _("其中{count}项的期限作过调整，表中列有原定期限。").format(count=len(moved))))
    return paragraphs


def next_tasks(bulletin: Bulletin) -> list[Sentence]:
    """Return what is demanded: what falls due and when, reports to be made up for, causes to be told, limits of notices that run."""
    paragraphs = [Sentence("next.counts", _due_next(bulletin))]
    if missing := [unit for unit in bulletin.units if unit.reports_missing]:
        names = _counted_units((unit.name, unit.reports_missing) for unit in missing)
        paragraphs.append(Sentence("next.reports", _("请下列单位补报进展：{names}。").format(names=names)))
    if late := Counter(task.unit for task in bulletin.lagging if task.days_overdue > 0):
        text = _("逾期任务共{count}项，请下列牵头单位报送办结时间：{names}。")
        names = listed_units(_("{unit}（{count}项）").format(unit=unit, count=count) for unit, count in late.items())
        paragraphs.append(Sentence("next.overdue", text.format(count=sum(late.values()), names=names)))
    limits = [one for one in bulletin.details.open_notices if one.limit_on] if bulletin.details else []
    if limits:
        text = _("已签发的督办通知单有{count}件在办，最早一件的时限为{day}。")
        first = min(one.limit_on for one in limits if one.limit_on)
        paragraphs.append(Sentence("next.notices", text.format(count=len(limits), day=day_words(first))))
    return paragraphs


def _due_next(bulletin: Bulletin) -> str:
    if not bulletin.next:
        return _("下期没有到期任务。")
    return _("下期到期任务共{count}项，涉及{units}个牵头单位，最早一项于{day}到期。").format(
        count=len(bulletin.next),
        units=len({task.unit for task in bulletin.next}),
        day=day_words(min(task.due_on for task in bulletin.next)),
    )


def proof(bulletin: Bulletin) -> list[str]:
    """Return what the bulletin can be made again from and held against."""
    return [
        _("规则集：{version}，SHA-256：{sha256}").format(version=bulletin.rule_set.version, sha256=bulletin.rule_set.sha256),
        _("台账末条 SHA-256：{ledger}").format(ledger=bulletin.ledger_head or _("（台账为空）")),
        _("按上述规则集和台账可重新生成本通报，逐项核对。"),
    ]


def standing(counts: Counts) -> str:
    """Return the buckets that are not empty in one phrase, or that there are no tasks."""
    if not counts.tasks:
        return _("本期无任务")
    return _("任务{tasks}项：{buckets}").format(tasks=counts.tasks, buckets=_buckets_counted(counts, BUCKETS))


def _plans_named(bulletin: Bulletin) -> str:
    return listed(_plan_named(plan) for plan in bulletin.plans)


def _plan_named(plan: PlanLine) -> str:
    return _("{plan}（{doc_no}）").format(plan=quoted(plan.title), doc_no=plan.doc_no) if plan.doc_no else quoted(plan.title)


def _filled(counts: Counts) -> list[str]:
    return [bucket for bucket in BUCKETS if getattr(counts, bucket)]


def _buckets_counted(counts: Counts, buckets: Sequence[str]) -> str:
    filled = (bucket for bucket in buckets if getattr(counts, bucket))
    return _("、").join(_("{bucket}{count}项").format(bucket=bucket_word(bucket), count=getattr(counts, bucket)) for bucket in filled)


def _bucket_share(bulletin: Bulletin, bucket: str) -> str:
    return _("{bucket}{count}项，占{share}").format(
        bucket=bucket_word(bucket), count=getattr(bulletin.totals, bucket), share=percent_words(getattr(bulletin.shares, bucket))
    )


def _change(bulletin: Bulletin) -> str:
    change = bulletin.change
    if change.tasks == bulletin.totals.tasks:
        return _("上期没有应办任务，不作比较。")
    if not any(getattr(change, bucket) for bucket in BUCKETS):
        return _("与上期相比，各类任务数量没有变化。")
    moved = _("、").join(_bucket_change(bucket, getattr(change, bucket)) for bucket in _filled(change))
    return _("与上期相比：{changes}。").format(changes=moved)


def _bucket_change(bucket: str, change: int) -> str:
    text = _("{bucket}增加{count}项") if change > 0 else _("{bucket}减少{count}项")
    return text.format(bucket=bucket_word(bucket), count=abs(change))


def _goes_well(counts: Counts) -> bool:
    return bool(counts.done + counts.ahead) and not counts.behind + counts.overdue + counts.not_started


def _item_standing(item: ItemLine) -> str:
    return _("{title}（{standing}）").format(title=item.title, standing=standing(item.counts))


def _unit_standing(unit: UnitLine) -> str:
    return _("{title}（{standing}）").format(title=unit.name, standing=_buckets_counted(unit.counts, ("done", "ahead")))


def _counted_units(units: Iterable[tuple[str, int]]) -> str:
    return listed_units(_("{unit}（{count}份）").format(unit=unit, count=count) for unit, count in units)


def _lights_counted(tasks: tuple[LaggingTask, ...]) -> str:
    counted = Counter(task.light for task in tasks)
    ordered = sorted(counted, key=lambda light: LIGHTS.index(light) if light in LIGHTS else len(LIGHTS))
    return _("、").join(_("{light}{count}项").format(light=light_word(light), count=counted[light]) for light in ordered)
