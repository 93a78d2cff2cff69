"""The bulletin's problems as sentences, from facts alone: each a candidate with a stable key that an office takes up or leaves out. And what a correction puts right.

Causes are told in the units' own words; who said the same is named together.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.notice import NoticeLevel
from reports.bulletin import Bulletin
from reports.bulletin_details import Change, Correction, NoticeLine, UnitCount
from reports.words import listed, listed_units, number_words
from rules.notice_words import level_name
from rules.texts import _
from rules.words import bucket_word, day_words

PROPOSED = 10


def problems(bulletin: Bulletin) -> dict[str, str]:
    """Return every problem that facts speak of, by its key, in the order of their weight."""
    return {f"problem.{key}": text for key, text in (*_of_notices(bulletin), *_of_units(bulletin), *_causes(bulletin))}


def picked_problems(bulletin: Bulletin, picks: Sequence[str] | None = None) -> dict[str, str]:
    """Return the problems that were picked, where nobody picked the first ones proposed."""
    found = problems(bulletin)
    chosen = list(found)[:PROPOSED] if picks is None else picks
    return {key: text for key, text in found.items() if key in chosen}


def _of_notices(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    if bulletin.details is None:
        return
    found = bulletin.details.problems
    if found.red:
        names = listed(_("{unit}（{doc_no}，“{task}”）").format(unit=one.unit, doc_no=one.doc_no, task=one.task) for one in found.red)
        yield "red-notices", _("本期签发红色督办通知单{count}件，予以通报：{names}。").format(count=len(found.red), names=names)
    if found.missed:
        text = _("督办时限已过、任务仍未办结的通知单{count}件：{names}。")
        yield "missed-limits", text.format(count=len(found.missed), names=listed(map(_missed_words, found.missed)))


def _missed_words(one: NoticeLine) -> str:
    assert one.limit_on is not None
    text = _("{unit}“{task}”（{level}{doc_no}，时限{day}）")
    return text.format(
        unit=one.unit, task=one.task, level=level_name(NoticeLevel(one.level)), doc_no=one.doc_no, day=day_words(one.limit_on)
    )


def _of_units(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    missing = [UnitCount(unit.name, unit.reports_missing) for unit in bulletin.units if unit.reports_missing]
    if missing:
        yield "missing-reports", _counted(_("未按要求报送进展{count}份：{names}。"), missing, _("{unit}（{count}份）"))
    if bulletin.details is not None:
        found = bulletin.details.problems
        if found.not_taken:
            yield "not-taken", _counted(_("签收期限已过、仍未签收的任务{count}项：{names}。"), found.not_taken, _("{unit}（{count}项）"))
        if found.late_taken:
            yield "late-taken", _counted(_("超过期限才签收的任务{count}项：{names}。"), found.late_taken, _("{unit}（{count}项）"))
        if found.returned:
            yield "returned", _counted(_("报送材料被退回{count}件次：{names}。"), found.returned, _("{unit}（{count}件次）"))
    if silent := {task.unit: None for task in bulletin.lagging if not task.cause}:
        yield "silent", _("任务滞后而没有说明原因的牵头单位：{names}。").format(names=listed_units(silent))


def _counted(text: str, units: Sequence[UnitCount], each: str) -> str:
    names = listed_units(each.format(unit=one.unit, count=one.count) for one in units)
    return text.format(count=sum(one.count for one in units), names=names)


def _causes(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    told: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for number, task in enumerate(bulletin.lagging, start=1):
        if task.cause:
            told.setdefault(task.cause, []).append(task.unit)
            keys.setdefault(task.cause, f"cause-{task.task_id or number}")
    for cause, units in told.items():
        text = _("{units}反映：{cause}（涉及滞后任务{count}项）") if len(units) > 1 else _("{units}反映：{cause}")
        yield keys[cause], _ended(text.format(units=listed_units(dict.fromkeys(units)), cause=_bare(cause), count=len(units)))


def _bare(words: str) -> str:
    return words.strip().rstrip("。；，、.;, ")


def _ended(words: str) -> str:
    bare = words.strip()
    return bare if bare.endswith(("。", "！", "？", ".", "!", "?")) else _("{words}。").format(words=bare)


def correction_words(correction: Correction) -> str:
    """Return which issue is put right, why, and the figures that change."""
    first = _("{day}印发的{doc_no}通报有误，现予更正。更正原因：{reason}").format(
        day=day_words(correction.published_on), doc_no=correction.doc_no, reason=_ended(correction.reason)
    )
    changes = listed(map(_change_words, correction.changes))
    second = _("更正的数据：{changes}。").format(changes=changes) if changes else _("各项数据没有变化。")
    return _("{first}{second}").format(first=first, second=second)


def _change_words(change: Change) -> str:
    was, now = (_("未填报") if value is None else number_words(value) for value in (change.was, change.now))
    if not change.about:
        name = bucket_word(change.name) if change.name != "tasks" else _("任务总数")
        return _("{name}由{was}项改为{now}项").format(name=name, was=was, now=now)
    return _("{about}的{name}由{was}改为{now}").format(about=change.about, name=change.name, was=was, now=now)


def changes_between(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Change]:
    """Give the figures that differ between two bulletins in the form of their contract: of all tasks by bucket, what targets reached, reports missing."""
    for name, now in second["totals"].items():
        if first["totals"][name] != now:
            yield Change(name, "", first["totals"][name], now)
    reached = {(item["title"], target["measure"]): target["actual"] for item in first["items"] for target in item["targets"]}
    for item in second["items"]:
        for target in item["targets"]:
            was = reached.get((item["title"], target["measure"]), target["actual"])
            if was != target["actual"]:
                yield Change(target["measure"], quoted_name(item["title"]), was, target["actual"])
    missing = {unit["name"]: unit["reports_missing"] for unit in first["units"]}
    for unit in second["units"]:
        was = missing.get(unit["name"], unit["reports_missing"])
        if was != unit["reports_missing"]:
            yield Change(_("未报进展份数"), unit["name"], was, unit["reports_missing"])


def quoted_name(name: str) -> str:
    """Return a name in quotation marks."""
    return _("“{name}”").format(name=name)
