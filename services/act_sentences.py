"""What an entry says of its act, in sentences that people read: the command line's history and the task's page say the same.

Every field an act may write has its words here; a field without words (row numbers, hashes, the frozen view of a paper) says nothing to a reader.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from models.notice import NoticeLevel
from models.request import RequestKind
from notify.wording import rule_words
from rules.escalation import Matter
from rules.notice_words import level_name, matter_name
from rules.requests import kind_name, terms_from, terms_words
from rules.target_words import figure
from rules.texts import _
from rules.transitions import TaskEvent
from rules.words import day_words, period_words
from services.act_changes import Names, Said, Told, change_sentences
from services.act_names import act_name, names_of_acts

_REMINDING = ("remind", "withdraw-reminder")


def sentences(told: Told, names: Names) -> tuple[str, ...]:
    """Return what the entry says, in the order a reader asks: what it is about, what was said, what changed, and why."""
    said = told.after
    lines = [*_about(told), *_figures(said, names), *_labelled(said), *change_sentences(told, names), *_limits(told), *_why(told)]
    if told.act not in names_of_acts():
        lines += [_("{name}：{text}").format(name=name, text=value) for name, value in said.items() if isinstance(value, str | int | float)]
    return tuple(dict.fromkeys(line for line in lines if line))


def _about(told: Told) -> Iterator[str]:
    said = told.after
    if told.act in _REMINDING:
        about = {**told.before, **said}
        yield rule_words(about["rule"])
        yield period_words(about["period"]) if "Q" in about["period"] else ""
        return
    if said.get("period"):
        period = period_words(str(said["period"]))
        yield _("{period}（第{number}次填报）").format(period=period, number=said["revision"]) if said.get("revision", 1) > 1 else period
    if said.get("level"):
        yield level_name(NoticeLevel(said["level"]))
    if said.get("matter"):
        yield matter_name(Matter(said["matter"]))
    if said.get("doc_no"):
        yield str(said["doc_no"])
    yield from _request(said)
    yield from (str(said[name]) for name in ("measure", "title") if said.get(name))
    if said.get("members"):
        yield _("、").join(said["members"])
    if said.get("replaces"):
        yield _("接替{name}").format(name=said["replaces"])


def _request(said: Said) -> Iterator[str]:
    if "kind" in said and "request" in said:
        yield _("第{id}号{kind}申请").format(id=said["request"], kind=kind_name(RequestKind(said["kind"])))
        if said.get("wanted"):
            yield _("请求：{terms}").format(terms=terms_words(terms_from(said["wanted"])))
        if said.get("granted"):
            yield _("批准：{terms}").format(terms=terms_words(terms_from(said["granted"])))
        if said.get("by") in {event.value for event in TaskEvent}:
            yield _("因“{event}”自动撤回").format(event=act_name(said["by"]))
    elif said.get("request"):
        yield _("据第{id}号申请").format(id=said["request"])


def _figures(said: Said, names: Names) -> Iterator[str]:
    for key, value in (said.get("values") or {}).items():
        number, _at, part = str(key).partition("@")
        measure, unit = names.targets.get(int(number), (_("已删去的目标"), None)) if number.isdecimal() else (number, None)
        text = _("{part}：{measure} {value}") if part else _("{measure} {value}")
        yield text.format(part=part, measure=measure, value=figure(value, unit))
    if said.get("no_change"):
        yield _("本期没有变化")
    if said.get("confirmed"):
        yield _("数量远超目标，填报时已核对")


def _labelled(said: Said) -> Iterator[str]:
    for name, words in _LABELLED.items():
        if said.get(name):
            yield words(str(said[name]))


_LABELLED: dict[str, Callable[[str], str]] = {
    "text": lambda text: text,
    "problem": lambda text: _("存在问题：{text}").format(text=text),
    "next_step": lambda text: _("下步打算：{text}").format(text=text),
    "reply": lambda text: text,
    "progress": lambda text: _("目前进展：{text}").format(text=text),
    "receiver": lambda text: _("签收人：{text}").format(text=text),
    "person": lambda text: _("接电话的人：{text}").format(text=text),
    "answer": lambda text: _("对方答复：{text}").format(text=text),
}


def _limits(told: Told) -> Iterator[str]:
    said = told.after
    for name, text in (
        ("limit_on", _("时限：{day}")),
        ("until", _("暂缓至{day}")),
        ("completed_on", _("完成日期按{day}计算")),
        ("done_on", _("完成日期：{day}")),
    ):
        if said.get(name):
            yield text.format(day=_day(said[name]))
    if told.act == "add-milestone":
        yield _("应于{day}前完成，权重{weight}").format(day=_day(said["due_on"]), weight=figure(said.get("weight", 1), None))
    if told.act in (TaskEvent.ISSUE.value, "prepare-notice") and said.get("due_on"):
        yield _("办结期限：{day}").format(day=_day(said["due_on"]))


def _why(told: Told) -> Iterator[str]:
    said: dict[str, Any] = dict(told.after)
    for name, text in (
        ("reason", _("理由：{text}")),
        ("decision", _("答复：{text}")),
        ("basis", _("依据：{text}")),
        ("correction", _("更正理由：{text}")),
    ):
        if said.get(name):
            yield text.format(text=said[name])
    if said.get("criterion") and not told.before.get("criterion"):
        yield _("完成标准：{text}").format(text=said["criterion"])
    if said.get("form"):
        yield _("据第{form}号报表录入").format(form=said["form"])


def _day(written: str) -> str:
    return day_words(date.fromisoformat(written))
