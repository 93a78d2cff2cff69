"""Bulletins for the faces' tests: a realistic one, an empty one, one with a single task and a very large one."""

from dataclasses import replace
from datetime import date

from reports.bulletin import (
    Bulletin,
    Counts,
    ItemLine,
    LaggingTask,
    NextTask,
    PlanLine,
    RuleSetMark,
    Shares,
    TargetLine,
    UnitLine,
)
from reports.bulletin_details import CurvePoint, Details, Method, NoticeLine, Problems, TaskLine, Trend, UnitCount, UnitLights

NO_COUNTS = Counts(0, 0, 0, 0, 0, 0, 0, 0)
NO_SHARES = Shares(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
BLUE = NoticeLine("督办〔2013〕4号", "blue", "自治区科协", "印发创建工作安排", date(2013, 9, 30), date(2013, 10, 21))
RED = NoticeLine("督办〔2013〕3号", "red", "自治区知识产权局", "确定试点名单", date(2013, 9, 12), date(2013, 9, 19))
DETAILS = Details(
    method=Method(31, 24, 9, 57, 3, "lihua"),
    problems=Problems(
        (UnitCount("南宁市人民政府", 1),), (UnitCount("百色市人民政府", 1),), (UnitCount("自治区科技厅", 2),), (RED,), (RED,)
    ),
    open_notices=(BLUE,),
    trend=Trend(
        ("2012Q4", "2013Q1", "2013Q2", "2013Q3"),
        (UnitLights("自治区知识产权局", (None, 1, 2, 3)), UnitLights("自治区科技厅", (None, 0, 1, 2))),
        (CurvePoint("2013Q2", 6, 5), CurvePoint("2013Q3", 12, 8), CurvePoint("2013Q4", 36, None)),
    ),
    tasks=(TaskLine(1, "完善条件", "完善条件（2013年）", "自治区科技厅", date(2013, 12, 31), "behind", "yellow"),),
)
NAUGHTY_UNIT = '<b>&"=1+1'


def counts(done=0, ahead=0, on_pace=0, behind=0, overdue=0, not_started=0, suspended=0) -> Counts:
    return Counts(
        done + ahead + on_pace + behind + overdue + not_started + suspended, done, ahead, on_pace, behind, overdue, not_started, suspended
    )


def whole(**changes) -> Bulletin:
    """The same quarter with what is told beside the contract: notices, problems, lights and completion over the quarters."""
    return bulletin(details=DETAILS, **changes)


def lagging_task(**changes) -> LaggingTask:
    task = LaggingTask(
        task="2013年支持33个县（市、区）完善科技管理服务条件",
        item="基层科技管理服务条件完善建设行动",
        unit="自治区科技厅",
        light="yellow",
        due_on=date(2013, 12, 31),
        original_due_on=date(2013, 12, 31),
        days_overdue=0,
        measure="支持县数",
        unit_of_measure="个",
        target=33.0,
        actual=18.0,
        pace=74.8,
        gap_pp=20.3,
        rules=("进度落后序时20.3个百分点，在10至30个百分点之间",),
        cause="设备采购两次流标，15个县的设备尚未到位。",
        next_step="10月底前完成第三次招标，11月中旬分批交付。",
        notices=2,
    )
    return replace(task, **changes)


def bulletin(**changes) -> Bulletin:
    """The third quarter of 2013: seven actions, 36 tasks, twelve units, nine tasks lagging."""
    sample = Bulletin(
        period="2013Q3",
        starts_on=date(2013, 7, 1),
        ends_on=date(2013, 9, 30),
        as_of=date(2013, 9, 30),
        written_on=date(2013, 10, 14),
        plans=(PlanLine(1, "关于加强基层科技能力建设的实施方案", "桂政办发〔2012〕269号"),),
        totals=Counts(36, 8, 3, 15, 4, 3, 2, 1),
        shares=Shares(22.2, 8.3, 41.7, 11.1, 8.3, 5.6, 2.8),
        change=Counts(2, 3, 1, -2, 1, 1, -2, 0),
        items=_items(),
        units=_units(),
        lagging=_lagging(),
        next=_next(),
        rule_set=RuleSetMark("2013.1", "4f8a1c0e6b2d93a75d0c8e1f24b6937a0d5e8c1b72f496a3e0d7c5b8a1924f6e"),
        ledger_head="b07e5d9c3a1f8624e7c0d2b59f136a84c8e3f7051d9b2a6470e5c1f8d3b9a726",
    )
    return replace(sample, **changes)


def empty_bulletin() -> Bulletin:
    """A period without any task."""
    return bulletin(plans=(), totals=NO_COUNTS, shares=NO_SHARES, change=NO_COUNTS, items=(), units=(), lagging=(), next=(), ledger_head="")


def single_bulletin() -> Bulletin:
    """One task, done on time, in a plan with a very long title and an item without targets."""
    one = counts(done=1)
    return bulletin(
        plans=(PlanLine(1, "关于进一步加强和改进全区县域科技创新服务体系建设与乡镇科技信息服务能力提升工作若干措施的实施意见", None),),
        totals=one,
        shares=Shares(100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        change=NO_COUNTS,
        items=(ItemLine(1, None, "完善市、县（市、区）科技管理机构职责配置并建立年度自查制度", one, ()),),
        units=(UnitLine("自治区科技厅", 1, 0, one, 1, 1, 0),),
        lagging=(),
        next=(),
    )


def large_bulletin(tasks: int = 400, units: int = 60) -> Bulletin:
    """Many tasks, units and items, with very long titles, missing causes and targets that are not counted."""
    long_title = "乡镇科技信息服务机构与村级服务点建设及其设备配置、人员培训、运行维护经费保障等事项的分年度推进任务"
    unit_names = [f"第{number}号市人民政府" for number in range(1, units + 1)]
    lag = tuple(
        lagging_task(
            task=f"{long_title}（第{number}批）",
            item=f"{long_title}行动",
            unit=unit_names[number % units],
            light=("red", "yellow", "grey")[number % 3],
            cause=None if number % 4 == 0 else "因地方配套资金尚未落实，" * 6,
            target=None if number % 5 == 0 else 1234567.5,
            days_overdue=number % 40,
        )
        for number in range(1, tasks // 4 + 1)
    )
    return bulletin(
        totals=Counts(tasks, tasks // 2, 0, tasks // 4, tasks // 4, 0, 0, 0),
        shares=Shares(50.0, 0.0, 25.0, 25.0, 0.0, 0.0, 0.0),
        items=tuple(
            ItemLine(number, str(number), f"{long_title}{number}", counts(done=5, on_pace=3, behind=2), _long_targets())
            for number in range(1, tasks // 10 + 1)
        ),
        units=tuple(
            UnitLine(name, tasks // units, number % 9, counts(done=3, on_pace=2, behind=1), 6, 4, number % 3)
            for number, name in enumerate(unit_names)
        ),
        lagging=lag,
        next=tuple(
            NextTask(f"{long_title}{number}", long_title, unit_names[number % units], date(2013, 12, 31))
            for number in range(1, tasks // 4 + 1)
        ),
    )


def _long_targets() -> tuple[TargetLine, ...]:
    return (
        TargetLine("财政科技支出占一般预算支出的比重（含转移支付资金）", "%", 1.45, 1.2, 75.0, -7.8),
        TargetLine("培训人次", "人次", 12500.0, None, 75.0, 75.0),
    )


def _items() -> tuple[ItemLine, ...]:
    return (
        ItemLine(
            1,
            "1",
            "基层科技管理服务条件完善建设行动",
            counts(done=1, on_pace=3, behind=1, not_started=1),
            (TargetLine("支持县数", "个", 33.0, 18.0, 74.8, 20.3),),
        ),
        ItemLine(
            2,
            "2",
            "科技富民强县专项行动",
            counts(done=2, ahead=1, on_pace=3),
            (
                TargetLine("新增支持县数", "个", 10.0, 9.0, 74.8, -15.2),
                TargetLine("滚动支持县数", "个", 5.0, 5.0, 74.8, -25.2),
            ),
        ),
        ItemLine(
            3,
            "3",
            "科技进步示范县建设行动",
            counts(done=1, on_pace=2, behind=1, overdue=1),
            (TargetLine("示范县数", "个", 10.0, 6.0, 74.8, 14.8),),
        ),
        ItemLine(
            4,
            "4",
            "科技特派员基层创新创业服务行动",
            counts(done=1, ahead=2, on_pace=2),
            (TargetLine("选派科技特派员", "名", 500.0, 462.0, 74.8, -17.6),),
        ),
        ItemLine(
            5,
            "5",
            "知识产权试点示范行动",
            counts(on_pace=2, behind=1, overdue=1, not_started=1),
            (TargetLine("试点市、县、园区数", "个", 10.0, None, 74.8, 74.8),),
        ),
        ItemLine(
            6,
            "6",
            "科技管理服务能力提升行动",
            counts(done=2, on_pace=2, behind=1),
            (
                TargetLine("培训科技管理干部", "人次", 500.0, 374.0, 74.8, 0.0),
                TargetLine("培训分管科技工作副镇长", "人次", 400.0, 210.0, 74.8, 22.3),
                TargetLine("培训农村星火科技带头人", "人次", 1000.0, 803.0, 74.8, -5.5),
            ),
        ),
        ItemLine(7, "7", "科普示范县（市、区）创建行动", counts(done=1, on_pace=1, overdue=1, suspended=1), ()),
    )


def _units() -> tuple[UnitLine, ...]:
    return (
        UnitLine("自治区科技厅", 9, 6, counts(done=1, on_pace=5, behind=2, overdue=1), 9, 8, 0),
        UnitLine("自治区知识产权局", 5, 0, counts(on_pace=2, behind=1, overdue=1, not_started=1), 5, 2, 3),
        UnitLine("自治区科协", 4, 1, counts(done=1, on_pace=1, overdue=1, suspended=1), 3, 3, 0),
        UnitLine("自治区人力资源社会保障厅", 4, 3, counts(done=1, on_pace=2, behind=1), 4, 3, 0),
        UnitLine("自治区农业厅", 3, 4, counts(done=1, ahead=1, on_pace=1), 3, 3, 0),
        UnitLine("自治区林业厅", 2, 4, counts(ahead=1, on_pace=1), 2, 2, 0),
        UnitLine("南宁市人民政府", 3, 2, counts(done=2, ahead=1), 3, 3, 0),
        UnitLine("柳州市人民政府", 3, 2, counts(done=1, on_pace=2), 3, 3, 0),
        UnitLine("百色市人民政府", 2, 3, counts(on_pace=1, not_started=1), 2, 0, 2),
        UnitLine("自治区教育厅", 1, 5, counts(done=1), 1, 1, 0),
        UnitLine("自治区财政厅", 0, 21, counts(), 0, 0, 0),
        UnitLine("自治区发展改革委", 0, 6, counts(), 0, 0, 0),
    )


def _lagging() -> tuple[LaggingTask, ...]:
    """Four behind, three overdue, two not started; some without target, cause or next step, one with its due date moved."""
    pilot, model, popular = "知识产权试点示范行动", "科技进步示范县建设行动", "科普示范县（市、区）创建行动"
    return (
        lagging_task(
            task="遴选2013年自治区科技进步示范县",
            item=model,
            light="red",
            due_on=date(2013, 9, 10),
            original_due_on=date(2013, 7, 31),
            days_overdue=20,
            measure="示范县数",
            target=10.0,
            actual=6.0,
            pace=100.0,
            gap_pp=40.0,
            rules=("已过期限20天", "进度落后序时40.0个百分点，超过30个百分点"),
            cause="4个县的申报材料退回补正后未再报送。",
            next_step="10月20日前完成补评，名单报专项工作领导小组审定。",
            notices=5,
        ),
        lagging_task(
            task="确定2013年知识产权试点市、县和园区名单",
            item=pilot,
            unit="自治区知识产权局",
            light="red",
            due_on=date(2013, 8, 31),
            original_due_on=date(2013, 8, 31),
            days_overdue=30,
            measure="试点市、县、园区数",
            target=10.0,
            actual=None,
            pace=100.0,
            gap_pp=100.0,
            rules=("已过期限30天", "进度落后序时100.0个百分点，超过30个百分点", "本期未报进展"),
            cause=None,
            next_step=None,
            notices=6,
        ),
        lagging_task(
            task="印发全国科普示范县创建工作安排",
            item=popular,
            unit="自治区科协",
            light="red",
            due_on=date(2013, 9, 27),
            original_due_on=date(2013, 9, 27),
            days_overdue=3,
            measure=None,
            unit_of_measure=None,
            target=None,
            actual=None,
            pace=None,
            gap_pp=None,
            rules=("已过期限3天",),
            cause="会签单位意见不一致。",
            next_step="10月18日前完成会签并印发。",
            notices=3,
        ),
        lagging_task(),
        lagging_task(
            task="评审示范县建设项目并下达经费",
            item=model,
            measure="下达项目数",
            target=10.0,
            actual=6.0,
            gap_pp=14.8,
            rules=("进度落后序时14.8个百分点，在10至30个百分点之间",),
            cause="项目评审专家调整，评审会推迟到9月下旬。",
            next_step="10月15日前下达其余4个项目的经费。",
            notices=1,
        ),
        lagging_task(
            task="培训乡镇分管科技工作副镇长（科技助理）400人次",
            item="科技管理服务能力提升行动",
            unit="自治区人力资源社会保障厅",
            measure="培训分管科技工作副镇长",
            unit_of_measure="人次",
            target=400.0,
            actual=210.0,
            gap_pp=22.3,
            rules=("进度落后序时22.3个百分点，在10至30个百分点之间",),
            cause="第三期培训班与防汛工作时间冲突，延期开班。",
            next_step="11月上旬补办第三、四期培训班。",
        ),
        lagging_task(
            task="建立试点园区专利联络员制度",
            item=pilot,
            unit="自治区知识产权局",
            measure="建立制度的园区数",
            target=12.0,
            actual=7.0,
            gap_pp=16.5,
            rules=("进度落后序时16.5个百分点，在10至30个百分点之间", "本期未报进展"),
            cause=None,
            next_step="与各园区逐一签订工作约定。",
            notices=4,
        ),
        lagging_task(
            task="开展专利服务机构人员轮训",
            item=pilot,
            unit="自治区知识产权局",
            measure="轮训人次",
            unit_of_measure="人次",
            target=240.0,
            actual=None,
            pace=33.3,
            gap_pp=33.3,
            light="red",
            rules=("计划7月启动，连续3个月未启动", "进度落后序时33.3个百分点，超过30个百分点"),
            cause=None,
            next_step=None,
            notices=4,
        ),
        lagging_task(
            task="配备乡镇科技信息服务设备（百色片区）",
            unit="百色市人民政府",
            measure="配备乡镇数",
            target=45.0,
            actual=None,
            pace=11.1,
            gap_pp=11.1,
            rules=("计划9月启动，当月未启动", "进度落后序时11.1个百分点，在10至30个百分点之间"),
            cause="市级配套资金未到位。",
            next_step=None,
            notices=2,
        ),
    )


def _next() -> tuple[NextTask, ...]:
    year_end = date(2013, 12, 31)
    return (
        NextTask("召开市、县科技管理机构建设现场推进会", "基层科技管理服务条件完善建设行动", "自治区科技厅", date(2013, 10, 31)),
        NextTask("完成富民强县项目中期检查", "科技富民强县专项行动", "南宁市人民政府", date(2013, 11, 15)),
        NextTask("2013年支持33个县（市、区）完善科技管理服务条件", "基层科技管理服务条件完善建设行动", "自治区科技厅", year_end),
        NextTask("选派（聘任）农村科技特派员500名", "科技特派员基层创新创业服务行动", "自治区农业厅", year_end),
        NextTask("培训乡镇分管科技工作副镇长（科技助理）400人次", "科技管理服务能力提升行动", "自治区人力资源社会保障厅", year_end),
        NextTask("支持5个县（市、区）创建全国科普示范县", "科普示范县（市、区）创建行动", "自治区科协", year_end),
    )
