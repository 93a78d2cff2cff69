"""Papers for the faces' tests: one that holds every kind of block, a bare one, and one with hostile words everywhere."""

from dataclasses import replace
from datetime import date

from reports.paper import (
    Annex,
    Blank,
    Chart,
    Column,
    Heading,
    Masthead,
    Pairs,
    Paper,
    Parties,
    Record,
    Row,
    Signature,
    Slip,
    Table,
    Text,
)
from reports.words import Figure

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "http://example.org",
    "123",
    '<b>&"x',
    "a|b",
    "*重点*",
    "</script><script>",
    "# 一",
    "1. 二",
)
QUARTERS = ("2013Q1", "2013Q2", "2013Q3", "2013Q4")


def lagging_table() -> Table:
    columns = (
        Column("序号", "count", 12),
        Column("任务", "text", 50),
        Column("目标", "quantity", 20),
        Column("实际", "quantity", 20),
        Column("应达进度", "percent", 20),
        Column("与序时差距（百分点）", "gap", 26),
        Column("期限", "date", 24),
        Column("灯色", "light", 16),
    )
    return Table(
        "滞后任务",
        columns,
        (
            Row(("科技进步示范县建设行动",), "group"),
            Row((1, "遴选示范县", Figure(10.0, "10个"), Figure(6.0, "6个"), 100.0, 40.0, date(2013, 9, 10), "red")),
            Row(("原因：4个县的申报材料退回补正。",), "detail"),
            Row((2, "下达经费", Figure(1.45, "≥1.45%"), None, 74.8, 14.8, date(2013, 10, 15), "yellow")),
            Row((3, "建立\n联络员制度", 12.0, 7.0, 33.3, -0.5, None, "green")),
            Row(("合计", "", 23.45, 13.0, None, None, None, None), "total"),
        ),
        over=(("", 2), ("数量", 2), ("进度", 2), ("", 2)),
    )


def shares_chart() -> Chart:
    columns = (Column("类别", "text", 40), Column("占比", "percent", 22), Column("任务数", "count", 22), Column("较上期", "change", 22))
    parts = (
        ("已完成", 22.2, 8, 2),
        ("达序时进度", 50.0, 18, 4),
        ("滞后序时进度", 11.1, 4, -2),
        ("逾期未完成", 8.4, 3, 1),
        ("未启动", 8.3, 3, 0),
    )
    return Chart("各类任务占比", "shares", Table("各类任务", columns, tuple(Row(part) for part in parts)))


def bars_chart(count: int = 4) -> Chart:
    columns = (Column("行动", "text", 60), Column("实际进度", "percent", 24), Column("应达进度", "percent", 24))
    names = ("基层科技管理服务条件完善建设行动", "科技富民强县专项行动", "示范县建设", "科技特派员基层创新创业服务行动（含聘任）")
    rows = tuple(Row((names[number % 4], (54.5 + 13 * number) % 120, 74.8)) for number in range(count))
    return Chart("各行动进度与序时对照", "bars", Table("各行动进度", columns, rows))


def grid_chart() -> Chart:
    columns = (Column("单位", "text", 40), *(Column(period, "count", 20) for period in QUARTERS))
    units = (("自治区科技厅", 0, 1, 3, 2), ("自治区知识产权局", 2, 4, 6, 12), ("自治区科协", 0, 0, 0, 1))
    return Chart("各单位红灯数（近四季度）", "grid", Table("各单位红灯", columns, tuple(Row(unit) for unit in units)))


def curve_chart() -> Chart:
    columns = (Column("期次", "text", 30), Column("计划完成", "percent", 24), Column("实际完成", "percent", 24))
    values = ((5.0, 2.8), (25.0, 16.7), (52.0, 44.4), (100.0, None))
    rows = tuple(Row((period, *value)) for period, value in zip(QUARTERS, values, strict=True))
    return Chart("完成率曲线", "curve", Table("完成率", columns, rows))


def charts() -> tuple[Chart, ...]:
    return (shares_chart(), bars_chart(), grid_chart(), curve_chart())


def sample_paper(**changes: object) -> Paper:
    """A paper with every kind of block, in the body and in two annexes."""
    slip = Slip(
        "回执",
        ((Blank("通知单编号", "督办〔2013〕2号"),), (Blank("签收人"), Blank("签收时间")), (Blank("办理意见", lines=6),)),
        "收到当日退回。",
    )
    parties = Parties(
        (("甲方（盖章）", (Blank("代表人"), Blank("日期", lines=2))), ("乙方（盖章）", (Blank("代表人", "李明"), Blank("日期", lines=2))))
    )
    paper = Paper(
        kind="sample",
        name="督查通报2013年第3期",
        written_on=date(2013, 10, 14),
        title=("关于县域科技行动方案", "2013年第三季度落实情况的通报"),
        masthead=Masthead("政务督查", "2013年第3期", "自治区人民政府督查室", "2013年10月14日"),
        level=("【蓝色督办】", "1F4E9E"),
        addressee="各责任单位：",
        blocks=(
            Text("截至2013年9月30日，共36项任务。", key="lead"),
            Heading("总体情况"),
            Text("已完成8项，占22.2%。", label="完成。"),
            *charts(),
            Heading("分单位", 2),
            Text("自治区科技厅牵头9项。"),
            Heading("按期报送", 3),
            Text("应报9次，按时8次。"),
            Heading("滞后任务"),
            lagging_table(),
            Pairs("任务情况", (("任务编号", "9"), ("起止时间", "2013年1月1日至2013年12月31日"), ("逾期", "16天"))),
            parties,
        ),
        data={"schema": "duban/sample/1", "totals": {"tasks": 36}, "note": "</script><!--"},
        signature=Signature(date(2013, 10, 14), "自治区人民政府督查室"),
        annexes=(
            Annex(
                "滞后任务一览表",
                (Heading("说明"), Text("按期限排列。"), replace(lagging_table(), title="滞后任务一览表")),
                is_landscape=True,
            ),
            Annex("回执", (slip,)),
        ),
        record=Record(("自治区党委办公厅", "自治区审计厅"), "自治区人民政府督查室", date(2013, 10, 15), 40),
        proof=("规则集：2013.1，SHA-256：" + "ab" * 32, "台账末条 SHA-256：" + "cd" * 32),
    )
    return replace(paper, **changes)  # type: ignore[arg-type]


def undrawn_paper(**changes: object) -> Paper:
    """The same without its charts, for tests that look at none: to draw them takes longer than all the rest."""
    paper = sample_paper(**changes)
    return replace(paper, blocks=tuple(block for block in paper.blocks if not isinstance(block, Chart)))


def bare_paper() -> Paper:
    """A paper of a title and nothing else."""
    return Paper("bare", "空白", date(2026, 1, 5), ("情况说明",), (), {})


def hostile_paper(words: str) -> Paper:
    """The same words wherever a paper holds words."""
    columns = (Column(words, "text", 40), Column("数", "count", 20))
    table = Table(words, columns, (Row((words,), "group"), Row((words, 1)), Row((words,), "detail"), Row((words, 2), "total")))
    return sample_paper(
        title=(words,),
        addressee=words,
        blocks=(Heading(words), Text(words, words), table, Pairs(words, ((words, words),)), Chart(words, "bars", replace(table, rows=()))),
        annexes=(Annex(words, (table, Slip(words, ((Blank(words, words),),), words))),),
        masthead=Masthead(words, words, words, words),
        level=(words, "B00000"),
        signature=Signature(None, words),
        record=Record((words,), words),
        proof=(words,),
        data={"words": words},
    )


def long_table(rows: int) -> Table:
    """Many rows of words, numbers and days."""
    columns = (
        Column("编号", "count", 16),
        Column("任务", "text", 60),
        Column("单位", "text", 40),
        Column("目标", "quantity", 20),
        Column("进度", "percent", 20),
        Column("期限", "date", 24),
        Column("灯色", "light", 16),
    )
    lights = ("green", "yellow", "red", "grey")
    return Table(
        "任务台账",
        columns,
        tuple(
            Row(
                (
                    number,
                    f"支持第{number}批县完善条件",
                    f"第{number % 60}市人民政府",
                    number * 1.5,
                    number % 101 * 1.0,
                    date(2013, 12, 31),
                    lights[number % 4],
                )
            )
            for number in range(rows)
        ),
    )
