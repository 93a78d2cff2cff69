"""A digest of reminders as a message: one recipient, one day, grouped by urgency, in the recipient's language.

What is said of each line is said of the digest's day, never of the moment of reading: a message that arrives late is still true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from notify import wording
from rules.reminders import Urgency
from rules.texts import _, use_language
from rules.words import day_words

_ORDER = list(Urgency)


@dataclass(frozen=True)
class Line:
    """One reminder about one task. `plan` is the plan's title, `limit_on` the last day for what is asked."""

    rule: str
    period: str
    urgency: Urgency
    limit_on: date
    task_id: int
    task: str
    plan_id: int
    plan: str
    doc_no: str | None


@dataclass(frozen=True)
class Addressee:
    """Whom a message is for: the unit, the contact's name (None: the unit has none), and the language it is written in."""

    unit: str
    person: str | None
    language: str


@dataclass(frozen=True)
class Rendered:
    """A message's three texts."""

    subject: str
    text: str
    html: str


def render_reminder(addressee: Addressee, lines: Sequence[Line], day: date, office: str | None) -> Rendered:
    """Return the message that carries `lines` (at least one); `office` signs it."""
    with use_language(addressee.language):
        words = _words(addressee, sorted(lines, key=_place), day, office)
    subject, text, html = (
        _templates().get_template(f"reminder/{name}.j2").render(words) for name in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(subject.strip(), text.strip() + "\n", html.strip() + "\n")


def _place(line: Line) -> tuple[int, date, int]:
    return _ORDER.index(line.urgency), line.limit_on, line.task_id


def _words(addressee: Addressee, lines: Sequence[Line], day: date, office: str | None) -> dict[str, Any]:
    groups = [(urgency, list(group)) for urgency, group in groupby(lines, key=lambda line: line.urgency)]
    counts = _("、").join(wording.urgency_count(urgency, len(group)) for urgency, group in groups)
    commands = dict.fromkeys(wording.answer_command(urgency) for urgency, _group in groups)
    return {
        "language": addressee.language,
        "subject": _("【督办提醒】{counts}（{day}）").format(counts=counts, day=day_words(day)),
        "heading": _("督办提醒"),
        "salutation": _salutation(addressee),
        "opening": _("截至{day}，贵单位牵头的下列任务需要办理：").format(day=day_words(day)),
        "groups": [_group_words(urgency, group, day) for urgency, group in groups],
        "columns": [_("[编号] 任务"), _("时限与情况")],
        "answer_heading": _("办理与答复"),
        "answer": _("请在督办系统中办理，“编号”即方括号内的数字："),
        "commands": list(commands),
        "otherwise": _("没有系统账号的，请直接回复本邮件或与督办机构联系，写明任务编号和办理情况。"),
        "office": office or _("督办机构"),
        "day": day_words(day),
        "footer": _("本邮件由督办系统自动发出。已经办理的，请以系统登记为准，不必重复报送。"),
    }


def _salutation(addressee: Addressee) -> str:
    if addressee.person and addressee.person != addressee.unit:
        return _("{unit}（{person}）：").format(unit=addressee.unit, person=addressee.person)
    return _("{unit}：").format(unit=addressee.unit)


def _group_words(urgency: Urgency, lines: Sequence[Line], day: date) -> dict[str, Any]:
    return {
        "urgency": urgency.value,
        "heading": _("{heading}（{count} 项）").format(heading=wording.urgency_heading(urgency), count=len(lines)),
        "demand": wording.demand(urgency),
        "lines": [_line_words(line, day) for line in lines],
    }


def _line_words(line: Line, day: date) -> dict[str, Any]:
    limit = day_words(line.limit_on)
    situation = wording.situation(line.rule, line.period, line.limit_on, day)
    return {
        "number": line.task_id,
        "task": line.task,
        "plan": wording.document_words(line.plan, line.doc_no),
        "limit": limit,
        "limit_line": _("时限：{day}；{situation}").format(day=limit, situation=situation),
        "situation": situation,
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("notify"),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
