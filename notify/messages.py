"""A digest as a message: one recipient, one day, by urgency, in the recipient's language; where it is for several units, by unit first.

What is said of each line is said of the digest's day, never of the moment of reading: a message that arrives late is still true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from notify import office_wording, wording
from notify.letterhead import Rendered, render, task_page
from rules.office_matters import OfficeMatter
from rules.reminders import Urgency
from rules.texts import _, current_language, use_language
from rules.words import day_words

_ORDER: Mapping[Urgency | OfficeMatter, int] = {urgency: place for place, urgency in enumerate((*Urgency, *OfficeMatter))}


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
class OfficeLine:
    """One thing that waits for the house's own people, on a task. `since_on` is the day from which it waits, `number` that of the request, notice or message.

    `kind` says which sort of it (a request's kind, a notice's level, a message's state, why a unit is not reached), `person` whom a message was for, `error` why
    it did not arrive.
    """

    matter: OfficeMatter
    period: str
    task_id: int
    task: str
    plan_id: int
    plan: str
    doc_no: str | None
    unit: str
    since_on: date
    number: int = 0
    kind: str = ""
    person: str = ""
    error: str = ""

    @property
    def rule(self) -> str:
        """Return the rule the line is stored under."""
        return self.matter.value

    @property
    def urgency(self) -> OfficeMatter:
        """Return the group the line stands in."""
        return self.matter


AnyLine = Line | OfficeLine


@dataclass(frozen=True)
class Addressee:
    """Whom a message is for: the unit, the contact's name (None: the unit has none), the language it is written in, and whom he stands in for."""

    unit: str
    person: str | None
    language: str
    deputy_for: str | None = None


@dataclass(frozen=True)
class Section:
    """What a digest says to the addressee as one unit's contact, or as one of the house's own people."""

    unit: str
    lines: tuple[AnyLine, ...]


@dataclass(frozen=True)
class Digest:
    """Everything one person is told on a day, at least one line. `older` counts what an office was told before and still waits; `remarks` are sentences for it."""

    addressee: Addressee
    day: date
    sections: tuple[Section, ...]
    older: Mapping[OfficeMatter, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def render_reminder(addressee: Addressee, lines: Sequence[AnyLine], day: date, office: str | None) -> Rendered:
    """Return the message that carries `lines` (at least one) of one unit; `office` signs it."""
    return render_digest(Digest(addressee, day, (Section(addressee.unit, tuple(lines)),)), office)


def render_digest(digest: Digest, office: str | None) -> Rendered:
    """Return the digest's texts; `office` signs it."""
    with use_language(digest.addressee.language):
        return render("reminder", words_of(digest, office))


def words_of(digest: Digest, office: str | None) -> dict[str, Any]:
    """Return what the templates of a digest are given, in the current language."""
    sections = [Section(section.unit, tuple(sorted(section.lines, key=_place))) for section in digest.sections]
    lines = sections[0].lines if len(sections) == 1 else sorted((line for section in sections for line in section.lines), key=_place)
    groups = [(urgency, list(group)) for urgency, group in groupby(lines, key=lambda line: line.urgency)]
    is_office = all(isinstance(line, OfficeLine) for line in lines)
    commands = dict.fromkeys(_command(urgency) for urgency, _group in groups)
    return {
        "language": digest.addressee.language,
        "subject": _subject(groups, digest.day, is_office),
        "heading": _("督办事项") if is_office else _("督办提醒"),
        "salutation": salutation(digest.addressee),
        "opening": _opening(digest, is_office),
        "sections": [_section_words(section, digest.day) for section in sections],
        "has_units": len(digest.sections) > 1,
        "columns": [_("[编号] 任务"), _("等待办理的事") if is_office else _("时限与情况")],
        "older": office_wording.older_words(digest.older),
        "remarks": list(digest.remarks),
        "answer_heading": _("办理与答复"),
        "answer": _("请在督办系统中办理，“编号”即方括号内的数字："),
        "commands": list(commands),
        "otherwise": "" if is_office else _("没有系统账号的，请直接回复本邮件或与督办机构联系，写明任务编号和办理情况。"),
        "office": office or _("督办机构"),
        "day": day_words(digest.day),
        "footer": _("本邮件由督办系统自动发出。已经办理的，请以系统登记为准，不必重复报送。"),
    }


def _subject(groups: Sequence[tuple[Urgency | OfficeMatter, Sequence[AnyLine]]], day: date, is_office: bool) -> str:
    counts = _("、").join(_count(urgency, len(group)) for urgency, group in groups)
    text = _("【督办事项】{counts}（{day}）") if is_office else _("【督办提醒】{counts}（{day}）")
    return text.format(counts=counts, day=day_words(day))


def _opening(digest: Digest, is_office: bool) -> str:
    if is_office:
        return _("截至{day}，下列事项等待办理：").format(day=day_words(digest.day))
    if len(digest.sections) > 1:
        return _("截至{day}，下列任务需要办理，按单位列出：").format(day=day_words(digest.day))
    return _("截至{day}，贵单位牵头的下列任务需要办理：").format(day=day_words(digest.day))


def _place(line: AnyLine) -> tuple[int, date, int, str]:
    return _ORDER[line.urgency], _day_of(line), line.task_id, line.period


def _day_of(line: AnyLine) -> date:
    return line.limit_on if isinstance(line, Line) else line.since_on


def salutation(addressee: Addressee) -> str:
    """Return how the addressee is spoken to, with whom he stands in for."""
    if addressee.person and addressee.deputy_for:
        text = _("{unit}（{person}，代{absent}）：")
        return text.format(unit=addressee.unit, person=addressee.person, absent=addressee.deputy_for)
    if addressee.person and addressee.person != addressee.unit:
        return _("{unit}（{person}）：").format(unit=addressee.unit, person=addressee.person)
    return _("{unit}：").format(unit=addressee.unit)


def _section_words(section: Section, day: date) -> dict[str, Any]:
    groups = groupby(section.lines, key=lambda line: line.urgency)
    return {"unit": section.unit, "groups": [_group_words(urgency, list(group), day) for urgency, group in groups]}


def _group_words(urgency: Urgency | OfficeMatter, lines: Sequence[AnyLine], day: date) -> dict[str, Any]:
    if isinstance(urgency, OfficeMatter):
        heading, demand = office_wording.matter_heading(urgency), office_wording.matter_demand(urgency)
    else:
        heading, demand = wording.urgency_heading(urgency), wording.demand(urgency)
    return {
        "urgency": urgency.value,
        "heading": _("{heading}（{count} 项）").format(heading=heading, count=len(lines)),
        "demand": demand,
        "lines": [_line_words(line, day) for line in lines],
    }


@dataclass(frozen=True, slots=True)
class LineWords:
    """What the templates are given for a line; `page` and `limit` are empty where there is none."""

    number: int
    task: str
    plan: str
    page: str
    limit: str
    limit_line: str
    situation: str


def _line_words(line: AnyLine, day: date) -> LineWords:
    if isinstance(line, Line):
        stands = _standing_words(current_language(), line.rule, line.period, line.limit_on, day)
    else:
        situation = _matter_situation(line)
        stands = ("", situation, situation)
    plan = _document_words(current_language(), line.plan, line.doc_no)
    return LineWords(line.task_id, line.task, plan, task_page(line.task_id) or "", *stands)


# What many lines of a day have in common is worded once for each language.
@lru_cache(4096)
def _standing_words(_language: str, rule: str, period: str, limit_on: date, day: date) -> tuple[str, str, str]:
    limit, situation = day_words(limit_on), wording.situation(rule, period, limit_on, day)
    return limit, _("时限：{day}；{situation}").format(day=limit, situation=situation), situation


@lru_cache(4096)
def _document_words(_language: str, title: str, doc_no: str | None) -> str:
    return wording.document_words(title, doc_no)


def _matter_situation(line: OfficeLine) -> str:
    facts = office_wording.MatterFacts(line.matter, line.unit, line.since_on, line.number, line.kind, line.person, line.error)
    return office_wording.matter_situation(facts)


def _command(urgency: Urgency | OfficeMatter) -> str:
    return office_wording.matter_command(urgency) if isinstance(urgency, OfficeMatter) else wording.answer_command(urgency)


def _count(urgency: Urgency | OfficeMatter, count: int) -> str:
    if isinstance(urgency, OfficeMatter):
        return office_wording.matter_count(urgency, count)
    return wording.urgency_count(urgency, count)
