"""A digest as a message: one recipient, one day, by urgency, in the recipient's language; where it is for several units, by unit first.

What is said of each line is said of the digest's day, never of the moment of reading: a message that arrives late is still true.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from notify import office_wording, wording
from notify.letterhead import Rendered, render, task_page
from notify.line_words import Lines
from rules.office_matters import OfficeMatter
from rules.reminders import Urgency
from rules.texts import _, current_language, use_language
from rules.words import day_words

_ORDER: Mapping[Urgency | OfficeMatter, int] = {urgency: place for place, urgency in enumerate((*Urgency, *OfficeMatter))}


class Line(NamedTuple):
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
_Groups = Mapping[Urgency | OfficeMatter, Sequence[AnyLine]]
_PLACE = {Urgency: attrgetter("limit_on", "task_id", "period"), OfficeMatter: attrgetter("since_on", "task_id", "period")}


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
    sections = [(section.unit, _grouped(section.lines)) for section in digest.sections]
    groups = sections[0][1] if len(sections) == 1 else _grouped(line for section in digest.sections for line in section.lines)
    is_office = all(isinstance(urgency, OfficeMatter) for urgency in groups)
    language = current_language()
    same = _same_words(language, digest.day, is_office, len(sections) > 1)
    return {
        **same,
        "language": digest.addressee.language,
        "subject": _subject(groups, same["day"], is_office),
        "salutation": salutation(digest.addressee),
        "sections": [{"unit": unit, "groups": [_group_words(*group, digest.day) for group in its.items()]} for unit, its in sections],
        "older": office_wording.older_words(digest.older) if digest.older else "",
        "remarks": list(digest.remarks),
        "commands": list(dict.fromkeys(_asked(language, urgency)[2] for urgency in groups)),
        "office": office or _("督办机构"),
    }


# What many messages and lines of a day have in common is worded once for each language.
@lru_cache(32)
def _same_words(_language: str, day: date, is_office: bool, has_units: bool) -> Mapping[str, Any]:
    return {
        "heading": _("督办事项") if is_office else _("督办提醒"),
        "opening": _opening(day, is_office, has_units),
        "has_units": has_units,
        "columns": [_("[编号] 任务"), _("等待办理的事") if is_office else _("时限与情况")],
        "answer_heading": _("办理与答复"),
        "answer": _("请在督办系统中办理，“编号”即方括号内的数字："),
        "otherwise": "" if is_office else _("没有系统账号的，请直接回复本邮件或与督办机构联系，写明任务编号和办理情况。"),
        "day": day_words(day),
        "footer": _("本邮件由督办系统自动发出。已经办理的，请以系统登记为准，不必重复报送。"),
    }


def _grouped(lines: Iterable[AnyLine]) -> _Groups:
    """Return the lines by what they are about, the most pressing first, each group by day and task."""
    found: dict[Urgency | OfficeMatter, list[AnyLine]] = defaultdict(list)
    for line in lines:
        found[line.urgency].append(line)
    return {urgency: sorted(found[urgency], key=_PLACE[type(urgency)]) for urgency in sorted(found, key=_ORDER.__getitem__)}


def _subject(groups: _Groups, day: str, is_office: bool) -> str:
    counts = _("、").join(_count(urgency, len(lines)) for urgency, lines in groups.items())
    text = _("【督办事项】{counts}（{day}）") if is_office else _("【督办提醒】{counts}（{day}）")
    return text.format(counts=counts, day=day)


def _opening(day: date, is_office: bool, has_units: bool) -> str:
    if is_office:
        return _("截至{day}，下列事项等待办理：").format(day=day_words(day))
    if has_units:
        return _("截至{day}，下列任务需要办理，按单位列出：").format(day=day_words(day))
    return _("截至{day}，贵单位牵头的下列任务需要办理：").format(day=day_words(day))


def salutation(addressee: Addressee) -> str:
    """Return how the addressee is spoken to, with whom he stands in for."""
    if addressee.person and addressee.deputy_for:
        text = _("{unit}（{person}，代{absent}）：")
        return text.format(unit=addressee.unit, person=addressee.person, absent=addressee.deputy_for)
    if addressee.person and addressee.person != addressee.unit:
        return _("{unit}（{person}）：").format(unit=addressee.unit, person=addressee.person)
    return _("{unit}：").format(unit=addressee.unit)


def _group_words(urgency: Urgency | OfficeMatter, lines: Sequence[Any], day: date) -> dict[str, Any]:
    heading, demand, _command = _asked(current_language(), urgency)
    return {
        "urgency": urgency.value,
        "heading": _("{heading}（{count} 项）").format(heading=heading, count=len(lines)),
        "demand": demand,
        "lines": _matter_lines(lines) if isinstance(urgency, OfficeMatter) else _lines(lines, day),
    }


@lru_cache(64)
def _asked(_language: str, urgency: Urgency | OfficeMatter) -> tuple[str, str, str]:
    """Return a group's heading, what it asks, and by which command that is done."""
    if isinstance(urgency, OfficeMatter):
        return office_wording.matter_heading(urgency), office_wording.matter_demand(urgency), office_wording.matter_command(urgency)
    return wording.urgency_heading(urgency), wording.demand(urgency), wording.answer_command(urgency)


def _lines(lines: Sequence[Line], day: date) -> Lines:
    language = current_language()
    standing = [_standing_words(language, line[0], line[1], line[3], day) for line in lines]
    return Lines(*_names(lines, language), *zip(*standing, strict=True))


def _matter_lines(lines: Sequence[OfficeLine]) -> Lines:
    situations = [_matter_situation(line) for line in lines]
    return Lines(*_names(lines, current_language()), [""] * len(lines), situations, situations)


def _names(lines: Sequence[AnyLine], language: str) -> Iterator[Sequence[int | str]]:
    """Give the numbers of the tasks, their names, their plans and their pages."""
    yield [line.task_id for line in lines]
    yield [line.task for line in lines]
    plans = {line.plan_id: line for line in lines}
    named = {plan_id: _document_words(language, line.plan, line.doc_no) for plan_id, line in plans.items()}
    yield [named[line.plan_id] for line in lines]
    yield [task_page(line.task_id) or "" for line in lines] if task_page(0) else [""] * len(lines)


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


def _count(urgency: Urgency | OfficeMatter, count: int) -> str:
    if isinstance(urgency, OfficeMatter):
        return office_wording.matter_count(urgency, count)
    return wording.urgency_count(urgency, count)
