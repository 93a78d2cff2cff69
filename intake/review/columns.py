"""The review workbook's words: sheets, columns and the words of its dropdowns.

They are Chinese whatever language duban speaks, because they are the file's format: what was written on one machine is read on another.
"""

from dataclasses import dataclass
from typing import Literal

from intake.severity import severity_words
from rules.texts import use_language

Kind = Literal["text", "long", "number", "count", "date", "choice", "names", "key", "shown"]

SCHEMA_MARK = "duban/review-workbook/1"
PLAN, ITEMS, TASKS, TARGETS, UNITS, FINDINGS = "计划", "事项", "年度任务", "指标", "单位", "检查意见"
ROSTER, GUIDE, MARKS = "单位名册", "说明", "标识"
LOW_CONFIDENCE = 0.8

YES_NO: dict[object, str] = {True: "是", False: "否"}
EVERY: dict[object, str] = {
    "year": "每年",
    "half-year": "每半年",
    "quarter": "每季度",
    "month": "每月",
    "week": "每周",
    "two-years": "每两年",
}
COMPARATORS: dict[object, str] = {
    "eq": "等于",
    "ge": "不少于",
    "gt": "多于",
    "le": "不多于",
    "lt": "少于",
    "about": "约",
    "range": "区间",
    "all": "全部",
    "exceeds-series": "高于另一指标",
}
BASES: dict[object, str] = {"period": "当期数", "cumulative": "累计数", "level": "期末水平"}
ROLES: dict[object, str] = {"lead": "牵头", "support": "配合", "responsible": "责任"}
with use_language("zh"):
    SEVERITIES: dict[object, str] = dict(severity_words().items())


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the draft's field, its head, width in characters, and what a cell holds. `key` and `shown` columns are grey: a key must not be
    changed, what is merely shown is never read. A column that `may_miss` is not asked for where somebody deleted it.
    """

    field: str
    head: str
    width: float
    kind: Kind = "text"
    choices: dict[object, str] | None = None
    required: bool = False
    note: str = ""
    grey: bool = False
    may_miss: bool = False

    @property
    def is_grey(self) -> bool:
        """Return whether people leave the column alone."""
        return self.grey or self.kind in ("key", "shown")


ITEM_COLUMNS: tuple[Column, ...] = (
    Column("id", "标识", 7, "key", note="程序用来认行，请勿改动；新增的行留空，或自拟一个不重复的标识"),
    Column("issue", "是否交办", 6, "choice", YES_NO, required=True),
    Column("number", "序号", 7),
    Column("title", "标题", 22, "long", required=True),
    Column("text", "内容", 40, "long", note="文件的原文，不含责任单位的括注"),
    Column("lead", "牵头单位", 18, "names", note="可从下拉名册中选，也可直接填写；选了责任单位栏里的单位，即由它牵头。每项只能有一个"),
    Column("support", "配合单位", 18, "names", note="每行写一个单位"),
    Column("added", "增列配合", 12, "names", note="从下拉名册中选一个单位，读回时并入配合单位；可留空", may_miss=True),
    Column("responsible", "责任单位", 24, "names", note="文件未分牵头、配合的单位；每行写一个"),
    Column("due_on", "截止日期", 11, "date"),
    Column("remarks", "检查意见", 36, "shown"),
    Column("origin", "原文出处", 14, "shown"),
    Column("confidence", "可信度", 7, "number", grey=True, note="低于 80% 的行底色为橙，请对照原文核对"),
    Column("place", "实施地点", 22, "long"),
    Column("starts_on", "开始日期", 12, "date"),
    Column("every", "周期", 9, "choice", EVERY),
    Column("at_least", "每期至少几次", 9, "number"),
    Column("path", "上级标题", 30, "long", note="每行一级，由外到内"),
    Column("first_line", "起始行", 7, "count", grey=True),
    Column("last_line", "结束行", 7, "count", grey=True),
    Column("sheet", "工作表", 9, grey=True),
    Column("table", "第几表", 7, "count", grey=True),
    Column("row", "表中行", 7, "count", grey=True),
    Column("written", "原文写法", 30, "long", grey=True, note="文件里用了部首等异形字时，内容在文件中的原样；其余为空", may_miss=True),
)
SOURCE_FIELDS = ("first_line", "last_line", "sheet", "table", "row", "written")
TASK_COLUMNS: tuple[Column, ...] = (
    Column("item", "事项标识", 9, "key", required=True),
    Column("title", "事项标题", 30, "shown"),
    Column("label", "年度或阶段", 14, required=True),
    Column("starts_on", "开始日期", 12, "date"),
    Column("due_on", "截止日期", 12, "date"),
    Column("text", "任务内容", 60, "long"),
    Column("remarks", "检查意见", 36, "shown", note="说到本年度或本阶段的意见；整个事项的意见在“事项”页"),
)
TARGET_COLUMNS: tuple[Column, ...] = (
    Column("item", "事项标识", 9, "key", required=True),
    Column("title", "事项标题", 24, "shown"),
    Column("label", "所属年度", 12, note="与“年度任务”页的“年度或阶段”一致；留空为整个事项的指标"),
    Column("measure", "指标名称", 34, "long", note="同一事项各年度的同一指标，名称须相同，才能核对合计"),
    Column("comparator", "比较", 12, "choice", COMPARATORS, required=True),
    Column("value", "目标值", 11, "number"),
    Column("low", "下限", 8, "number"),
    Column("high", "上限", 8, "number"),
    Column("unit_of_measure", "计量单位", 9),
    Column("year", "年份", 7, "count"),
    Column("basis", "口径", 10, "choice", BASES),
    Column("scope", "范围", 16, "long"),
    Column("baseline", "基期值", 8, "number"),
    Column("text", "原文", 44, "long"),
)
UNIT_COLUMNS: tuple[Column, ...] = (
    Column("item", "事项标识", 9, "key", required=True),
    Column("title", "事项标题", 30, "shown"),
    Column("name", "单位名称", 36, "key", required=True),
    Column("as_written", "文件中的写法", 36, "key"),
    Column("role", "原来的分工", 11, "choice", ROLES, required=True, grey=True, note="只供对照；要改分工，请在“事项”页把单位移到另一栏"),
    Column("open", "是否一类单位", 12, "choice", YES_NO, required=True, note="“是”表示一类单位（如各市），交办后再逐一确定"),
)
FINDING_COLUMNS: tuple[Column, ...] = (
    Column("severity", "级别", 8, "choice", SEVERITIES, required=True),
    Column("item", "事项标识", 9, "key"),
    Column("title", "事项标题", 30, "shown"),
    Column("message", "意见", 90, "long", required=True),
    Column("code", "代码", 24, "key", required=True),
)
PLAN_FIELDS: tuple[Column, ...] = (
    Column("title", "计划名称", 60, "long"),
    Column("doc_no", "发文字号", 60),
    Column("issuer", "发文机关", 60),
    Column("signed_on", "成文日期", 60, "date"),
    Column("issued_on", "印发日期", 60, "date"),
    Column("starts_on", "计划开始日期", 60, "date"),
    Column("ends_on", "计划结束日期", 60, "date"),
)
SOURCE_ROWS: tuple[Column, ...] = (
    Column("name", "来源文件", 60, "key", required=True),
    Column("kind", "文件类型", 60, "key", required=True),
    Column("sha256", "文件校验码", 60, "key", required=True),
)
FIRST_LEADS = "未标明牵头的，以首列单位为牵头"
SHEET_COLUMNS: dict[str, tuple[Column, ...]] = {
    ITEMS: ITEM_COLUMNS,
    TASKS: TASK_COLUMNS,
    TARGETS: TARGET_COLUMNS,
    UNITS: UNIT_COLUMNS,
    FINDINGS: FINDING_COLUMNS,
}


def task_names(labels: list[str]) -> list[str]:
    """Return the labels of an item's tasks told apart, as targets refer to them: a label used again gets its number."""
    used: dict[str, int] = {}
    names: list[str] = []
    for label in labels:
        used[label] = used.get(label, 0) + 1
        names.append(label if used[label] == 1 else f"{label}〔{used[label]}〕")
    return names
