"""What the report form shows: each figure beside its last value and the planned one, words of the last report as hints only, and supporting units' parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.rounding import round_half_up
from rules.target_words import figure
from rules.texts import _
from rules.words import day_words, period_words
from services.parts import PartRow
from services.report_sheet import AskedFigure, ReportSheet
from web.rendering import url
from web.task_head import TaskHead
from web.uploads import EvidenceField


@dataclass(frozen=True)
class PartField:
    """One part's field; without a name that is to be typed, too."""

    key: str
    name: str
    last: str


@dataclass(frozen=True)
class FigureField:
    """A figure's field, with those of its parts where it is asked of each of many."""

    key: str
    label: str
    hint: str
    wanted: str
    last: str
    planned: str
    percent: str
    offered: str
    parts_label: str
    parts: tuple[PartField, ...]


@dataclass(frozen=True)
class PartLine:
    """What a supporting unit handed in."""

    unit: str
    note: str
    text: str


@dataclass(frozen=True)
class ReportPage:
    """The report form. `shut` (why nothing can be filed now), `closed`, `filed` and `silent` are sentences, empty where there is nothing to say."""

    task: TaskHead
    shut: str
    period: str
    limit: str
    closed: str
    filed: str
    choices: tuple[tuple[str, str], ...]
    may_be_unchanged: bool
    figures: tuple[FigureField, ...]
    last_text: str
    last_problem: str
    last_next_step: str
    parts: tuple[PartLine, ...]
    silent: str
    evidence: EvidenceField


def report_page(task: TaskHead, sheet: ReportSheet, evidence: EvidenceField, shut: str = "") -> ReportPage:
    """Return the form in the current language."""
    closed = ""
    if sheet.closed_on is not None:
        closed = _("{period}的通报已于 {day} 印发。补报或更正请写明原因，通报不会改动。").format(
            period=period_words(sheet.period.code), day=day_words(sheet.closed_on)
        )
    others = tuple(
        (url(f"/tasks/{task.id}/report", period=one.code), period_words(one.code)) for one in sheet.choices if one != sheet.period
    )
    parts = sheet.parts
    silent = _("还没有交来的：{units}").format(units=_("、").join(parts.silent)) if parts and parts.silent else ""
    return ReportPage(
        task=task,
        shut=shut,
        period=sheet.period.code,
        limit=_("{period}，最迟 {day}").format(period=period_words(sheet.period.code), day=day_words(sheet.limit_on)),
        closed=closed,
        filed=_("这个季度已经填报过，再次填报将作为新的一次，以后一次为准；只补材料的，不用再填别的。") if sheet.is_filed else "",
        choices=others,
        may_be_unchanged=not closed and not sheet.is_filed,
        figures=tuple(_fields(sheet.figures)),
        last_text=sheet.text or "",
        last_problem=sheet.problem or "",
        last_next_step=sheet.next_step or "",
        parts=tuple(part_line(row) for row in parts.rows) if parts else (),
        silent=silent,
        evidence=evidence,
    )


def _fields(figures: Sequence[AskedFigure]) -> Iterator[FigureField]:
    for one in figures:
        if not one.is_part:
            yield _field(one, [part for part in figures if part.is_part and part.key.startswith(f"{one.key}-")])


def _field(one: AskedFigure, parts: list[AskedFigure]) -> FigureField:
    label = _("{measure}（{unit}）").format(measure=one.measure, unit=one.unit_of_measure) if one.unit_of_measure else one.measure
    hint = _("填合计的累计数；各单位的填在下面。") if parts else _("填自任务开始以来的累计数；没有变化可以不填。")
    return FigureField(
        key=one.key,
        label=label,
        hint=hint,
        wanted=one.wanted,
        last=one.last or _("还没有报过"),
        planned="" if parts else one.planned or "",
        percent="" if one.percent is None else _("{percent}%").format(percent=f"{round_half_up(one.percent, 1):g}"),
        offered=one.offered or "",
        parts_label=_("{measure}：逐个填报").format(measure=one.measure),
        parts=tuple(PartField(part.key, part.part, _("上次报 {last}").format(last=part.last) if part.last else "") for part in parts),
    )


def part_line(row: PartRow) -> PartLine:
    """Return what a supporting unit handed in, in words."""
    values = [f"{measure} {figure(value, None)}" for measure, value in row.values.items()]
    note = _("；").join([day_words(row.handed_in_on), *values, *row.files])
    return PartLine(row.unit, note, _("；").join(part for part in (row.text, row.problem or "") if part))
