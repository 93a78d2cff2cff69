"""Words of the draft's page: what a finding asks for, roles, rounds, comparisons and kinds of figures."""

from intake.draft import Finding, SourcePlace
from rules.texts import _


def every_choices() -> list[tuple[str, str]]:
    """Return how often a duty may come round."""
    return [
        ("", _("不重复")),
        ("week", _("每周")),
        ("month", _("每月")),
        ("quarter", _("每季度")),
        ("half-year", _("每半年")),
        ("year", _("每年")),
        ("two-years", _("每两年")),
    ]


def comparator_choices() -> list[tuple[str, str]]:
    """Return how a figure may be compared."""
    return [
        ("eq", _("等于")),
        ("ge", _("不少于")),
        ("gt", _("多于")),
        ("le", _("不多于")),
        ("lt", _("少于")),
        ("about", _("约")),
        ("range", _("区间")),
        ("all", _("全部")),
        ("exceeds-series", _("高于另一指标")),
    ]


def basis_choices() -> list[tuple[str, str]]:
    """Return what a figure may count."""
    return [("", _("未写明")), ("period", _("当期数")), ("cumulative", _("累计数")), ("level", _("期末水平"))]


def role_choices() -> list[tuple[str, str]]:
    """Return the roles of a unit in an item."""
    return [("lead", _("牵头")), ("responsible", _("责任（未分）")), ("support", _("配合"))]


def role_word(role: str) -> str:
    """Return a unit's role."""
    return {"lead": _("牵头"), "support": _("配合"), "responsible": _("责任")}[role]


def finding_text(finding: Finding) -> str:
    """Return a finding's sentence for a page; a few are worded for the review workbook, which a page has not."""
    if finding.item is None:
        worded = {
            "lead-not-marked": _("各责任单位均未标明牵头；拟以每项首列单位为牵头，请确认，或逐项改列"),
            "nothing-to-issue": _("没有一项要交办；请把要交办的事项勾选“要交办”，并填好责任单位"),
        }.get(finding.code)
        if worded:
            return worded
        if finding.code == "no-responsible-unit":
            return _("表中没有责任单位（没有“责任单位”“牵头单位”一类的栏，或栏内为空）；请逐项补上")
    return finding.message


def advice(code: str) -> str:
    """Return what a finding of this code asks a person to do; empty for a code without advice of its own."""
    return (_figure_advice() | _unit_advice() | _day_advice() | _reading_advice()).get(code, "")


def _figure_advice() -> dict[str, str]:
    return {
        "years-do-not-sum": _("分年数相加与合计不符。对照原文，改正有误的年度数或合计数；原文本身如此的，写明理由放行。"),
        "absurd-number": _("数值超出常理。请对照原文改正。"),
        "unit-of-measure-differs": _("同一指标用了两种计量单位。人与人次不能相加，请统一。"),
        "body-differs-from-table": _("正文与表格的数字对不上。请确定以哪个为准，再改正。"),
        "stated-count-differs": _("文件自称的项数与读出的不同。请看是否漏了行，或多读了行。"),
        "cannot-be-verified": _("没有基数或对比对象，到期无法判断是否完成。宜补填基期值或数值。"),
    }


def _unit_advice() -> dict[str, str]:
    return {
        "lead-not-marked": _("每项任务须有且只有一个牵头单位。"),
        "several-leads": _("每项任务只能有一个牵头单位，其余请改为配合。"),
        "no-responsible-unit": _("没有单位就无人承担。请补填单位，或者不交办这一项。"),
        "units-from-above": _("这类文件看不出合并单元格，单位取自上一行。原文确为空的，请删去。"),
        "open-unit-set": _("这是一类单位，下达之后再逐一确定。"),
        "unit-name-wording": _("同一个单位可能写成了两个名称，请统一。"),
        "unknown-unit": _("名册里没有这个名称。若是已登记单位的另一种写法，请改用登记的名称。"),
        "ambiguous-unit": _("简称对应几个单位，请改成全称。这一处不能放行。"),
    }


def _day_advice() -> dict[str, str]:
    return {
        "no-due-date": _("没有期限就无法督办。请填计划的结束日期，或逐项填截止日期。"),
        "date-not-fixed": _("文件没有写明从何时算起，请填写截止日期；系统不猜。"),
        "days-reversed": _("开始晚于结束，请改正其一。"),
        "outside-plan-period": _("日期超出计划起止时间，请核对两者。"),
        "year-skipped": _("各年之间缺了一年，请核对表头。"),
        "unknown-year": _("年份可疑，请改正或写成四位数。"),
        "plan-end-counted": _("文件只说了几年，起止日期是推算的，请核对。"),
    }


def _reading_advice() -> dict[str, str]:
    return {
        "column-guessed": _("表头没有说明各栏是什么，是按内容推断的，请逐项对照。"),
        "duplicate-item": _("与前面的事项相同，多半应删去一个。"),
        "place-holds-rule": _("实施地点写的是挑选办法，下达后另行确定名单。"),
        "nothing-to-issue": _("至少要有一个事项勾选“要交办”。"),
        "hidden-rows": _("工作簿里有隐藏的行、列或工作表，请看是否属于本计划。"),
        "pages-without-text": _("有的页只是图片，没有读；请打开原件查看。"),
        "paragraph-cut": _("这一段太长，后面的没有读；请分段后重新读入。"),
        "columns-cut": _("表太宽，后面的栏没有读；请拆分后重新读入。"),
    }


def place_label(source: SourcePlace, *, is_found: bool) -> str:
    """Return what a link to an item's place in the document says."""
    if source.sheet and source.row is not None:
        return _("原文：工作表“{sheet}”第{row}行").format(sheet=source.sheet, row=source.row)
    if source.table is not None and source.row is not None:
        return _("原文：表{table}第{row}行").format(table=source.table, row=source.row)
    if source.first_line is not None:
        return _("原文：第{line}行").format(line=source.first_line)
    return _("原文") if is_found else _("自行添加")
