"""What the form of a supporting unit's part shows: what it alone has reached, its words, and what it handed in before."""

from dataclasses import dataclass

from rules.texts import _
from rules.words import day_words, period_words
from services.report_sheet import ReportSheet
from web.report_view import PartLine, part_line
from web.task_head import TaskHead
from web.uploads import EvidenceField


@dataclass(frozen=True)
class PartFigure:
    """A figure a supporting unit may hand in."""

    key: str
    label: str
    wanted: str


@dataclass(frozen=True)
class PartPage:
    """The form. `before` is what the unit handed in for this quarter, None where nothing yet."""

    task: TaskHead
    period: str
    limit: str
    figures: tuple[PartFigure, ...]
    before: PartLine | None
    evidence: EvidenceField


def part_page(task: TaskHead, sheet: ReportSheet, evidence: EvidenceField, unit: str) -> PartPage:
    """Return the form in the current language."""
    rows = sheet.parts.rows if sheet.parts else ()
    before = next((part_line(row) for row in rows if row.unit == unit), None)
    limit = _("{period}，牵头单位最迟 {day} 填报").format(period=period_words(sheet.period.code), day=day_words(sheet.limit_on))
    figures = tuple(PartFigure(one.key, _label(one.measure, one.unit_of_measure), one.wanted) for one in sheet.figures if not one.is_part)
    return PartPage(task, sheet.period.code, limit, figures, before, evidence)


def _label(measure: str, unit_of_measure: str | None) -> str:
    return _("{measure}（{unit}）").format(measure=measure, unit=unit_of_measure) if unit_of_measure else measure
