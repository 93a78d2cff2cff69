"""The bulletin's sentences, composed from the view's facts alone: title, lead, one paragraph or two a section, proof.

Counts of rows are the only arithmetic here. A sentence whose fact is absent is left out; a section without anything to tell says so.
"""

from collections import Counter
from collections.abc import Sequence
from functools import reduce

from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask, PlanLine, UnitLine
from reports.words import listed, percent_words
from rules.texts import _
from rules.words import bucket_word, day_words, light_word, period_words, quoted

LIGHTS = ("red", "yellow", "green", "grey")


def masthead_name() -> str:
    """Return the name of the paper."""
    return _("政务督查")


def title_lines(bulletin: Bulletin) -> list[str]:
    """Return the title, one line for each sense unit; one plan is named, several are left to the lead."""
    period = period_words(bulletin.period)
    if len(bulletin.plans) == 1:
        title = _("关于{plan}\n{period}进展情况的督查通报").format(plan=quoted(bulletin.plans[0].title), period=period)
    else:
        title = _("{period}\n计划任务进展情况的督查通报").format(period=period)
    return title.split("\n")


def title(bulletin: Bulletin) -> str:
    """Return the title in one line."""
    return reduce(lambda first, second: _("{first}{second}").format(first=first, second=second), title_lines(bulletin))


def lead(bulletin: Bulletin) -> str:
    """Return the basis, period, day of the count, day of the facts and rule set in one paragraph."""
    if not bulletin.plans:
        basis = _("现将{starts}至{ends}计划任务进展情况通报如下。")
    else:
        basis = _("依据{plans}，现将{starts}至{ends}任务进展情况通报如下。")
    first = basis.format(plans=_plans_named(bulletin), starts=day_words(bulletin.starts_on), ends=day_words(bulletin.ends_on))
    second = _("任务状态以{as_of}为准，采用截至{written}收到的填报和办理记录，按规则集{version}判定。").format(
        as_of=day_words(bulletin.as_of), written=day_words(bulletin.written_on), version=bulletin.rule_set.version
    )
    return _("{first}{second}").format(first=first, second=second)


def overall(bulletin: Bulletin) -> list[str]:
    """Return the number of tasks with every bucket that is not empty, and the change against the period before."""
    counts = bulletin.totals
    if not counts.tasks:
        return [_("本期没有应办任务。")]
    first = _("截至{day}，本期应办任务共{tasks}项，涉及{items}个事项、{units}个责任单位。").format(
        day=day_words(bulletin.as_of), tasks=counts.tasks, items=len(bulletin.items), units=len(bulletin.units)
    )
    second = _("其中：{buckets}。").format(buckets=_("；").join(_bucket_share(bulletin, bucket) for bucket in _filled(counts)))
    return [_("{first}{second}").format(first=first, second=second), _change(bulletin.change)]


def good_progress(bulletin: Bulletin) -> list[str]:
    """Return the items and units with tasks done or ahead, none lagging and (units) no report missing."""
    paragraphs = []
    items = [item for item in bulletin.items if _goes_well(item.counts)]
    if items:
        paragraphs.append(
            _("有任务已完成或超序时进度、且没有滞后任务的事项{count}个：{names}。").format(
                count=len(items), names=listed(_item_standing(item) for item in items)
            )
        )
    units = [unit for unit in bulletin.units if _goes_well(unit.counts) and not unit.reports_missing]
    if units:
        paragraphs.append(
            _("牵头任务有完成或超前、没有滞后且没有漏报的单位{count}个：{names}。").format(
                count=len(units), names=listed(_unit_standing(unit) for unit in units)
            )
        )
    return paragraphs or [_("本期没有同时做到“有任务完成或超前”和“没有任务滞后”的事项或单位。")]


def lagging(bulletin: Bulletin) -> list[str]:
    """Return how many tasks lag, under which lights, how many had their due date moved and whose cause is not stated."""
    tasks = bulletin.lagging
    if not tasks:
        return [_("截至{day}，没有滞后、逾期或未启动的任务。").format(day=day_words(bulletin.as_of))]
    first = _("滞后、逾期和未启动的任务共{count}项，涉及{units}个牵头单位：{lights}。").format(
        count=len(tasks), units=len({task.unit for task in tasks}), lights=_lights_counted(tasks)
    )
    paragraphs = [first]
    if moved := [task for task in tasks if task.due_on != task.original_due_on]:
        paragraphs.append(_("其中{count}项的期限作过调整，表中列有原定期限。").format(count=len(moved)))
    if silent := {task.unit: None for task in tasks if not task.cause}:
        paragraphs.append(_("尚未说明滞后原因的牵头单位：{names}。").format(names=listed(silent)))
    return paragraphs


def units(bulletin: Bulletin) -> list[str]:
    """Return the reports due, on time and missing over all units, and the units whose reports are missing."""
    if not bulletin.units:
        return [_("本期没有承担任务的责任单位。")]
    paragraphs = [
        _("{units}个责任单位本期应报进展{due}份，按时报送{on_time}份，未报{missing}份。").format(
            units=len(bulletin.units),
            due=sum(unit.reports_due for unit in bulletin.units),
            on_time=sum(unit.reports_on_time for unit in bulletin.units),
            missing=sum(unit.reports_missing for unit in bulletin.units),
        )
    ]
    if missing := [unit for unit in bulletin.units if unit.reports_missing]:
        names = listed(_("{unit}（{count}份）").format(unit=unit.name, count=unit.reports_missing) for unit in missing)
        paragraphs.append(_("请下列单位补报：{names}。").format(names=names))
    return paragraphs


def next_tasks(bulletin: Bulletin) -> list[str]:
    """Return how many tasks fall due in the next period and when the first does."""
    if not bulletin.next:
        return [_("下期没有到期任务。")]
    units = len({task.unit for task in bulletin.next})
    return [
        _("下期到期任务共{count}项，涉及{units}个牵头单位，最早一项于{day}到期。").format(
            count=len(bulletin.next), units=units, day=day_words(min(task.due_on for task in bulletin.next))
        )
    ]


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


def _change(change: Counts) -> str:
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


def _lights_counted(tasks: tuple[LaggingTask, ...]) -> str:
    counted = Counter(task.light for task in tasks)
    ordered = sorted(counted, key=lambda light: LIGHTS.index(light) if light in LIGHTS else len(LIGHTS))
    return _("、").join(_("{light}{count}项").format(light=light_word(light), count=counted[light]) for light in ordered)
