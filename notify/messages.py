"""A digest as a message: one recipient, one day, by urgency, in the recipient's language; where it is for several units, by unit first.

What is said of each line is said of the digest's day, never of the moment of reading: a message that arrives late is still true.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from notify import office_wording, wording
from notify.letterhead import Rendered, render_many, task_page
from notify.line_words import Lines, LineWords
from rules.office_matters import OfficeMatter
from rules.reminders import Urgency
from rules.texts import _, current_language, use_language
from rules.words import day_words

if TYPE_CHECKING:
    from notify.blanks import Words

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
_Kind = Urgency | OfficeMatter
_Groups = Mapping[_Kind, Sequence[Any]]
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
        return render_many("reminder", _words_of(digest, office))


def words_of(digest: Digest, office: str | None) -> Mapping[str, Any]:
    """Return what the templates of a digest are given, in the current language."""
    words = _words_of(digest, office)
    return words.given(words.own, words.lines)


def _words_of(digest: Digest, office: str | None) -> "Words":
    from notify.blanks import Words

    language, day = current_language(), digest.day
    sections = [(section.unit, _grouped(section.lines)) for section in digest.sections]
    older = [office_wording.older_words(digest.older)] if digest.older else []
    own = [_subject(language, day, _counts(sections)), salutation(digest.addressee), office or _("督办机构"), *older, *digest.remarks]
    lines: list[Lines] = []
    for unit, groups in sections:
        own.append(unit)
        for kind, its in groups.items():
            own.append(_heading(language, kind, len(its)))
            lines.append(_matter_lines(its) if isinstance(kind, OfficeMatter) else _lines(its, day))
    kinds = tuple([tuple(groups) for _unit, groups in sections])
    frame = _Frame(digest.addressee.language, day, kinds, len(older), len(digest.remarks), bool(task_page(0)))
    return Words(frame, own, lines, frame.given)


class _Frame(NamedTuple):
    """What a digest has in common with many others: all that its words go by but for those that are its own."""

    language: str
    day: date
    kinds: tuple[tuple[_Kind, ...], ...]
    older_count: int
    remark_count: int
    has_pages: bool

    def given(self, own: Sequence[str], lines: Sequence[Sequence[LineWords]]) -> Mapping[str, Any]:
        """Return what the templates are given, with own words and lines in the order of `_words_of`."""
        words, rows = iter(own), iter(lines)
        kinds = _in_order(chain.from_iterable(self.kinds))
        is_office, has_units = all(isinstance(kind, OfficeMatter) for kind in kinds), len(self.kinds) > 1
        return {
            "language": self.language,
            "subject": next(words),
            "salutation": next(words),
            "office": next(words),
            "older": "".join(islice(words, self.older_count)),
            "remarks": list(islice(words, self.remark_count)),
            "sections": [{"unit": next(words), "groups": [_group(kind, next(words), next(rows)) for kind in its]} for its in self.kinds],
            "heading": _("督办事项") if is_office else _("督办提醒"),
            "opening": _opening(self.day, is_office, has_units),
            "has_units": has_units,
            "columns": [_("[编号] 任务"), _("等待办理的事") if is_office else _("时限与情况")],
            "answer_heading": _("办理与答复"),
            "answer": _("请在督办系统中办理，“编号”即方括号内的数字："),
            "commands": list(dict.fromkeys(_command(kind) for kind in kinds)),
            "otherwise": "" if is_office else _("没有系统账号的，请直接回复本邮件或与督办机构联系，写明任务编号和办理情况。"),
            "day": day_words(self.day),
            "footer": _("本邮件由督办系统自动发出。已经办理的，请以系统登记为准，不必重复报送。"),
        }


def _group(kind: _Kind, heading: str, lines: Sequence[LineWords]) -> Mapping[str, Any]:
    demand = office_wording.matter_demand(kind) if isinstance(kind, OfficeMatter) else wording.demand(kind)
    return {"urgency": kind.value, "heading": heading, "demand": demand, "lines": lines}


def _command(kind: _Kind) -> str:
    return office_wording.matter_command(kind) if isinstance(kind, OfficeMatter) else wording.answer_command(kind)


def _in_order(kinds: Iterable[_Kind]) -> list[_Kind]:
    """Return the kinds, the most pressing first, each once."""
    return sorted(set(kinds), key=_ORDER.__getitem__)


def _grouped(lines: Sequence[AnyLine]) -> _Groups:
    """Return the lines by what they are about, the most pressing first, each group by day and task."""
    found: dict[_Kind, list[AnyLine]] = defaultdict(list)
    for line in lines:
        found[line.urgency].append(line)
    return {kind: sorted(found[kind], key=_PLACE[type(kind)]) for kind in _in_order(found)}


def _counts(sections: Sequence[tuple[str, _Groups]]) -> tuple[tuple[_Kind, int], ...]:
    """Return how many lines there are of each kind."""
    counts: dict[_Kind, int] = defaultdict(int)
    for _unit, groups in sections:
        for kind, lines in groups.items():
            counts[kind] += len(lines)
    return tuple([(kind, counts[kind]) for kind in _in_order(counts)])


# What many messages and lines of a day have in common is worded once for each language.
@lru_cache(4096)
def _subject(_language: str, day: date, counts: tuple[tuple[_Kind, int], ...]) -> str:
    words = _("、").join(_count(kind, count) for kind, count in counts)
    is_office = all(isinstance(kind, OfficeMatter) for kind, _number in counts)
    text = _("【督办事项】{counts}（{day}）") if is_office else _("【督办提醒】{counts}（{day}）")
    return text.format(counts=words, day=day_words(day))


@lru_cache(4096)
def _heading(_language: str, kind: _Kind, count: int) -> str:
    heading = office_wording.matter_heading(kind) if isinstance(kind, OfficeMatter) else wording.urgency_heading(kind)
    return _("{heading}（{count} 项）").format(heading=heading, count=count)


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


def _lines(lines: Sequence[Line], day: date) -> Lines:
    rules, periods, _kinds, limits, task_ids, tasks, _plan_ids, titles, doc_nos = zip(*lines, strict=True)
    language = repeat(current_language())
    plans = list(map(_document_words, language, titles, doc_nos))
    standing = map(_standing_words, language, rules, periods, limits, repeat(day))
    return Lines(list(map(str, task_ids)), tasks, plans, _pages(task_ids), *zip(*standing, strict=True))


def _matter_lines(lines: Sequence[OfficeLine]) -> Lines:
    task_ids = [line.task_id for line in lines]
    plans = [_document_words(current_language(), line.plan, line.doc_no) for line in lines]
    situations = [_matter_situation(line) for line in lines]
    no_limits = [""] * len(lines)
    return Lines(
        [str(number) for number in task_ids], [line.task for line in lines], plans, _pages(task_ids), no_limits, situations, situations
    )


def _pages(task_ids: Sequence[int]) -> Sequence[str]:
    return [task_page(number) or "" for number in task_ids] if task_page(0) else [""] * len(task_ids)


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


def _count(kind: _Kind, count: int) -> str:
    return office_wording.matter_count(kind, count) if isinstance(kind, OfficeMatter) else wording.urgency_count(kind, count)
