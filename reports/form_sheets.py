"""The sheets of a form: which columns they have, which of them the unit fills in, and what a row may hold. Writing and reading both go by these.

A column's `name` never changes and never shows; its head and hints are words in the language of the house.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.texts import _

SCHEMA = "duban-form/1"
MARKS = "duban"
"""The hidden sheet that says which form it is and which rows it has."""

HEAD_ROW = 3
"""The row of a sheet that its heads stand in, counted from 1; the rows to fill in follow it."""

Cell = str | int | float | date | None


class Role(StrEnum):
    """What a sheet is for."""

    GUIDE = "guide"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    REQUEST = "request"
    CHANGES = "changes"


class Kind(StrEnum):
    """What a cell holds. `LONG` are words of several lines, `CHOICE` one of a few words."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True)
class FormColumn:
    """A column. `is_open` cells are filled in by the unit, `is_label` ones say what the row is about; a cell `of_task` stands once for all rows of a task."""

    name: str
    head: str
    width: float
    kind: Kind = Kind.TEXT
    is_open: bool = False
    is_label: bool = False
    of_task: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormLine:
    """A row: its key, its cells by column name, and, for a drop-down of its own, the words to choose from. `begins_task` is the first of a task's rows."""

    key: str
    cells: dict[str, Cell]
    choices: tuple[str, ...] = ()
    begins_task: bool = True


@dataclass(frozen=True)
class FormSheet:
    """One sheet with its rows."""

    role: Role
    lines: tuple[FormLine, ...]


@dataclass(frozen=True)
class FormView:
    """A form as it is laid out: which one it is (number, unit, period), what it asks, and, for the hidden sheet, the marks it is known by when it returns."""

    number: int
    edition: int
    unit: str
    period: str
    made_on: date
    limit_on: date
    field_count: int
    sheets: tuple[FormSheet, ...]
    marks: tuple[tuple[str, ...], ...]


def yes() -> str:
    """Return the word that an offered yes is answered with."""
    return _("是")


def sheet_title(role: Role) -> str:
    """Return the sheet's name."""
    return {
        Role.GUIDE: _("填表说明"),
        Role.ACKNOWLEDGE: _("任务签收"),
        Role.REPORT: _("进展填报"),
        Role.REQUEST: _("事项申请"),
        Role.CHANGES: _("近期变动"),
    }[role]


def columns_of(role: Role) -> tuple[FormColumn, ...]:
    """Return the columns of a sheet, the key's left out; the guide has none."""
    return {Role.ACKNOWLEDGE: _acknowledging, Role.REPORT: _reporting, Role.REQUEST: _requesting, Role.CHANGES: _changes}[role]()


def _acknowledging() -> tuple[FormColumn, ...]:
    hint = _("已收到这项任务的，请选“是”。")
    return (
        FormColumn("plan", _("计划"), 30),
        FormColumn("task", _("任务"), 36, is_label=True),
        FormColumn("text", _("内容"), 44),
        FormColumn("due_on", _("到期日"), 12, Kind.DATE),
        FormColumn("acknowledged", _("是否签收"), 11, Kind.CHOICE, is_open=True, hint=hint, choices=(yes(),)),
    )


def _reporting() -> tuple[FormColumn, ...]:
    value = _("填自任务开始到本期末的累计数，不是本期新增数；比率填期末的数。只填数字，不带单位。没有进展的填与上次相同的数。")
    unchanged = _("与上次相比没有变化的，选“是”即可，不必再填别的。")
    return (
        FormColumn("plan", _("计划"), 15, of_task=True),
        FormColumn("task", _("任务"), 20, is_label=True, of_task=True),
        FormColumn("due_on", _("到期日"), 11, Kind.DATE, of_task=True),
        FormColumn("pace", _("应达进度"), 7, Kind.TEXT, of_task=True),
        FormColumn("measure", _("指标"), 15, is_label=True),
        FormColumn("wanted", _("目标"), 10),
        FormColumn("last", _("上次累计数"), 9, Kind.NUMBER),
        FormColumn("value", _("本期末累计数"), 10, Kind.NUMBER, is_open=True, hint=value),
        FormColumn("unchanged", _("没有变化"), 6, Kind.CHOICE, is_open=True, of_task=True, hint=unchanged, choices=(yes(),)),
        FormColumn("text", _("进展情况"), 26, Kind.LONG, is_open=True, of_task=True, hint=_("用一两句话写明做了什么、做到哪一步。")),
        FormColumn("problem", _("存在问题"), 15, Kind.LONG, is_open=True, of_task=True, hint=_("没有问题的不用填。")),
        FormColumn("next_step", _("下步打算"), 15, Kind.LONG, is_open=True, of_task=True, hint=_("写明下一步做什么、何时做完。")),
        FormColumn(
            "evidence",
            _("佐证材料"),
            16,
            Kind.LONG,
            is_open=True,
            of_task=True,
            hint=_("有佐证材料的写明名称和文号，材料另送；没有的不用填。"),
        ),
    )


def _requesting() -> tuple[FormColumn, ...]:
    return (
        FormColumn("plan", _("计划"), 24),
        FormColumn("task", _("任务"), 32, is_label=True),
        FormColumn("due_on", _("到期日"), 12, Kind.DATE),
        FormColumn("kind", _("申请事项"), 11, Kind.CHOICE, is_open=True, hint=_("需要申请的才选；不申请的整行留空。")),
        FormColumn("new_due_on", _("延期到"), 12, Kind.DATE, is_open=True, hint=_("申请延期的填新的期限，如 2013-12-31。")),
        FormColumn("new_unit", _("改由单位"), 20, is_open=True, hint=_("申请退办的写明应由哪个单位牵头，用单位全称。")),
        FormColumn("days", _("暂缓天数"), 9, Kind.COUNT, is_open=True, hint=_("申请暂缓的填天数，如 90。")),
        FormColumn("reason", _("理由"), 40, Kind.LONG, is_open=True, hint=_("申请都要写明理由。")),
    )


def _changes() -> tuple[FormColumn, ...]:
    return (
        FormColumn("day", _("日期"), 12, Kind.DATE),
        FormColumn("plan", _("计划"), 34),
        FormColumn("task", _("任务"), 40),
        FormColumn("what", _("变动"), 44),
    )
