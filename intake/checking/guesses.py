"""Columns whose heads do not say what they hold, so that their cells told it: the reader compares them with the original.

One finding a table; a table whose rows between the items name the units is told too.
"""

from collections.abc import Iterator

from intake.draft import Finding
from intake.headings import Role
from intake.phrases import squeeze
from intake.tables import HeadedTable
from rules.texts import _


def columns_guessed(headed: list[HeadedTable]) -> Iterator[Finding]:
    """Tell each table that was read by what its cells hold."""
    named = _("第{table}张表的表头没有写明各栏是什么，按栏内所填把{columns}；请对照原文核对")
    headless = _("第{table}张表没有表头，按各栏所填分出任务、单位和时限；请对照原文核对")
    sections = _("第{table}张表没有责任单位一栏，按分段行的单位名称（如“{name}”）作为其下各项的责任单位；请核对")
    for table in headed:
        text = None
        guesses = [column for column in table.columns if column.is_guess and column.role in _role_names()]
        if guesses and not any(column.head for column in table.columns):
            text = headless.format(table=table.number)
        elif guesses:
            text = named.format(table=table.number, columns=_("、").join(_read_as(column.head, column.role) for column in guesses))
        elif table.has_units_in_sections:
            name = next(row.sections[-1] for row in table.rows if row.sections)
            text = sections.format(table=table.number, name=squeeze(name))
        if text:
            yield Finding(code="column-guessed", severity="warning", message=text)


def _read_as(head: str, role: Role | None) -> str:
    return _("“{head}”读作{role}").format(head=squeeze(head), role=_role_names()[role])


def _role_names() -> dict[Role | None, str]:
    return {
        "lead": _("牵头单位"),
        "support": _("配合单位"),
        "responsible": _("责任单位"),
        "due": _("完成时限"),
        "content": _("工作内容"),
    }
