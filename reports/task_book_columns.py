"""The columns of the ledger of tasks: heading, kind, width, what it means, and its cell. The legend of the workbook is made from the same list.

Columns of a task are repeated on every row of its measures, so that filters keep a task whole; 首行 is 1 on the first of them and 0 on the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reports.bulletin import BUCKETS
from reports.task_book import CANCELLED, LIGHTS, NOT_BEGUN, BookMeasure, BookTask
from reports.words import Cell, Kind
from rules.texts import _
from rules.words import bucket_word, light_word


@dataclass(frozen=True)
class TaskColumn:
    """A column about a task; `width` is in Excel's characters."""

    heading: str
    kind: Kind
    width: float
    meaning: str
    cell: Callable[[BookTask], Cell]


@dataclass(frozen=True)
class MeasureColumn:
    """A column about one measure of a task; empty where the task has none."""

    heading: str
    kind: Kind
    width: float
    meaning: str
    cell: Callable[[BookMeasure], Cell]


BookColumn = TaskColumn | MeasureColumn


def name_columns() -> tuple[TaskColumn, ...]:
    """Return the columns that say which task it is, who is responsible and until when."""
    # Words that every row has, looked up once.
    lights = {light: light_word(light) for light in LIGHTS}
    kinds = {kind: count_word(kind) for kind in (*BUCKETS, NOT_BEGUN, CANCELLED)}
    between_units, between_reasons = _("、"), _("；")
    return (
        TaskColumn(_("任务编号"), "count", 9, _("本程序给任务的编号，命令和网页都用它"), lambda task: task.id),
        TaskColumn(_("序号"), "text", 7, _("事项在计划中的序号，照原文"), lambda task: task.number),
        TaskColumn(_("事项"), "text", 24, _("计划中的一行或一条"), lambda task: task.item),
        TaskColumn(_("任务"), "text", 14, _("事项按年度或阶段分成的任务"), lambda task: task.label),
        TaskColumn(_("计划"), "text", 24, _("任务所属计划的名称"), lambda task: task.plan),
        TaskColumn(_("文号"), "text", 16, _("计划的发文字号"), lambda task: task.doc_no),
        TaskColumn(_("上级任务"), "count", 9, _("由哪项任务分解下达而来；空白表示直接交办"), lambda task: task.parent_id),
        TaskColumn(_("任务内容"), "text", 36, _("计划对这项任务的要求"), lambda task: task.text),
        TaskColumn(_("牵头单位"), "text", 18, _("当天的牵头单位"), lambda task: task.lead),
        TaskColumn(_("配合单位"), "text", 22, _("当天的其他责任单位"), lambda task: between_units.join(task.supports)),
        TaskColumn(_("实施地点"), "text", 14, _("计划写明的实施地点"), lambda task: task.place),
        TaskColumn(_("开始"), "date", 11, _("任务开始的日期"), lambda task: task.starts_on),
        TaskColumn(_("期限"), "date", 11, _("现行的办结期限，到这一天结束为止"), lambda task: task.due_on),
        TaskColumn(_("原定期限"), "date", 11, _("下达时的期限，延期后不变"), lambda task: task.original_due_on),
        TaskColumn(_("状态"), "text", 9, _("任务所处的环节"), lambda task: task.state),
        TaskColumn(_("灯号"), "text", 7, _("按评定规则得出的灯号"), lambda task: lights[task.light]),
        TaskColumn(_("理由"), "text", 28, _("亮灯的各条理由"), lambda task: between_reasons.join(task.why)),
        TaskColumn(_("类别"), "text", 12, _("通报所用的七类之一；未到启动日的、已终止的单列"), lambda task: kinds[task.bucket]),
        TaskColumn(_("应达进度"), "percent", 9, _("当天按计划应当完成的百分比"), lambda task: task.pace),
        TaskColumn(_("任务进度"), "percent", 9, _("任务已完成的百分比，取最差的指标；没有指标的按节点"), lambda task: task.reached),
        TaskColumn(_("任务差距（百分点）"), "gap", 11, _("应达进度减任务进度"), lambda task: task.gap_pp),
    )


def measure_columns() -> tuple[MeasureColumn, ...]:
    """Return the columns of a task's measures."""
    return (
        MeasureColumn(_("指标"), "text", 18, _("任务的一个指标；一个指标一行"), lambda one: one.measure),
        MeasureColumn(_("计量单位"), "text", 9, _("指标的计量单位"), lambda one: one.unit_of_measure),
        MeasureColumn(_("目标"), "quantity", 10, _("算作全部完成的数值"), lambda one: one.wanted),
        MeasureColumn(_("目标要求"), "text", 14, _("目标的原意：不少于、不超过、幅度、每个县等"), lambda one: one.asked),
        MeasureColumn(_("实际"), "quantity", 10, _("已达到的数值；空白表示没有填报"), lambda one: one.actual),
        MeasureColumn(_("指标进度"), "percent", 9, _("指标已完成的百分比；空白表示不能比较"), lambda one: one.reached),
        MeasureColumn(_("指标差距（百分点）"), "gap", 11, _("应达进度减指标进度"), lambda one: one.gap_pp),
    )


def record_columns() -> tuple[TaskColumn, ...]:
    """Return the columns that say what was reported, what was asked, and how it ended."""
    return (
        TaskColumn(_("应报"), "count", 7, _("到当天应报的季度进展次数，还在填报期内的不算"), lambda task: task.reports_due),
        TaskColumn(_("按时"), "count", 7, _("其中按时报送的次数"), lambda task: task.reports_on_time),
        TaskColumn(_("迟报"), "count", 7, _("其中迟报的次数"), lambda task: task.reports_late),
        TaskColumn(_("缺报"), "count", 7, _("其中没有报送的次数"), lambda task: task.reports_missing),
        TaskColumn(_("最近填报"), "date", 11, _("现行有效的最后一次填报的日期"), lambda task: task.last_filed_on),
        TaskColumn(_("进展情况"), "text", 36, _("最后一次填报的进展"), lambda task: task.last_text),
        TaskColumn(_("存在问题"), "text", 28, _("最后一次填报的问题"), lambda task: task.problem),
        TaskColumn(_("下步打算"), "text", 28, _("最后一次填报的下步打算"), lambda task: task.next_step),
        TaskColumn(_("退回次数"), "count", 7, _("办结申请被退回的次数"), lambda task: task.returns),
        TaskColumn(_("提醒条数"), "count", 7, _("已发出的提醒，每人每条规则算一条"), lambda task: task.reminders),
        TaskColumn(_("通知单"), "count", 7, _("已签发的督办通知单件数"), lambda task: task.notices),
        TaskColumn(_("申请"), "count", 7, _("提出过的申请件数"), lambda task: task.requests),
        TaskColumn(_("待批申请"), "count", 7, _("其中还没有答复的件数"), lambda task: task.requests_waiting),
        TaskColumn(_("佐证材料"), "count", 7, _("随填报和由配合单位交来的文件个数"), lambda task: task.evidence),
        TaskColumn(_("办结日期"), "date", 11, _("经审核认可的申请办结之日"), lambda task: task.completed_on),
        TaskColumn(_("逾期天数"), "count", 7, _("超过期限的自然日；办结的算到办结之日"), lambda task: task.days_late),
        TaskColumn(_("台账序号"), "count", 8, _("这项任务最后一条记录在计划台账中的序号"), lambda task: task.entry),
        TaskColumn(_("记录哈希"), "text", 14, _("该条记录哈希值的前12位"), lambda task: task.entry_hash),
    )


def count_word(name: str) -> str:
    """Return the heading of a count: a bucket, a light, or what the reports came to."""
    if name in LIGHTS:
        return light_word(name)
    words = {
        "tasks": _("任务数"),
        NOT_BEGUN: _("未到启动日"),
        CANCELLED: _("已终止"),
        "reports_due": _("应报进展"),
        "reports_on_time": _("按时报送"),
        "reports_late": _("迟报"),
        "reports_missing": _("未报"),
    }
    return words.get(name) or bucket_word(name)
