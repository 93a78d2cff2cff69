"""Views for the tests of unit pages, the ledger of tasks and comparisons: one of each that holds every kind of line, with hostile words among them."""

from dataclasses import replace
from datetime import date

from reports.bulletin import Counts, Shares
from reports.comparison import Comparison, FieldDifference, Figures, ItemSide, Pair, PlanFigures, Side, Standing
from reports.portfolio import Ask, AskKind, DueTask, OpenNotice, OwedTask, Portfolio, Reporting, SupportedTask, WaitingRequest
from reports.task_book import BookFacts, BookMeasure, BookTask

DAY = date(2013, 7, 20)
HASH = "ab" * 32


def measure(**changes) -> BookMeasure:
    return replace(BookMeasure("示范县", "个", 10.0, "≥10个", 4.0, 40.0, 15.1), **changes)


def book_task(number: int = 1, **changes) -> BookTask:
    made = BookTask(
        id=number,
        parent_id=None,
        plan_id=1,
        plan="关于建设示范县的实施方案",
        doc_no="测政办发〔2012〕1号",
        number=str(number),
        item=f"示范行动{number}",
        label="2013年",
        text="支持10个示范县",
        lead="省科技厅",
        supports=("省财政厅", "省教育厅"),
        place="有关县",
        starts_on=date(2013, 1, 1),
        due_on=date(2013, 12, 31),
        original_due_on=date(2013, 9, 30),
        state="承办中",
        light="yellow",
        why=("落后序时进度 15.1 个百分点",),
        bucket="behind",
        measures=(measure(), measure(measure="培训人次", unit_of_measure="人次", wanted=500.0, asked="500人次", actual=None)),
        pace=55.1,
        reached=40.0,
        gap_pp=15.1,
        reports_due=2,
        reports_on_time=1,
        reports_late=0,
        reports_missing=1,
        last_filed_on=date(2013, 3, 29),
        last_text="四县确定",
        problem="资金未到",
        next_step="六月验收",
        returns=0,
        reminders=3,
        notices=1,
        requests=1,
        requests_waiting=0,
        evidence=2,
        completed_on=None,
        days_late=0,
        entry=12,
        entry_hash=HASH[:12],
    )
    return made._replace(**changes)


def book_facts() -> BookFacts:
    return BookFacts(DAY, (1,), (), "2013-1", HASH, (("house", 3, HASH), ("plan-1", 12, HASH)))


def owed(number: int, **changes) -> OwedTask:
    made = OwedTask(
        id=number,
        number=str(number),
        task=f"示范行动{number}（2013年）",
        plan="关于建设示范县的实施方案",
        state="承办中",
        due_on=date(2013, 12, 31),
        original_due_on=date(2013, 12, 31),
        light="red",
        why=("落后序时进度 31.0 个百分点",),
        measure="示范县",
        wanted="≥10个",
        actual="2个",
        pace=55.1,
        reached=20.0,
        gap_pp=35.1,
    )
    return replace(made, **changes)


def portfolio(led: int = 3, supported: int = 1, **changes) -> Portfolio:
    tasks = [owed(number) for number in range(1, led + 1)]
    asks = [
        Ask(AskKind.RECEIVE_NOTICE, 1, "示范行动1（2013年）", "督办〔2013〕3号", None, None),
        *(Ask(AskKind.REPORT, task.id, task.task, "2013年第二季度", date(2013, 7, 3), -17) for task in tasks),
        Ask(AskKind.ANSWER_NOTICE, 1, "示范行动1（2013年）", "督办〔2013〕3号", DAY, 0),
        Ask(AskKind.ACKNOWLEDGE, 2, "示范行动2（2013年）", "", date(2013, 7, 22), 2),
    ]
    made = Portfolio(
        unit="省科技厅",
        as_of=DAY,
        lights={"red": led, "yellow": 0, "green": 0, "grey": 0},
        later=4,
        done=2,
        reports_due=6,
        reports_on_time=3,
        reports_missing=3,
        asks=tuple(asks),
        led=tuple(tasks),
        supported=tuple(
            SupportedTask(90 + number, "9", f"支持行动{number}（2013年）", "省财政厅", date(2013, 12, 31), "green")
            for number in range(supported)
        ),
        due_next=(DueTask(1, "示范行动1（2013年）", date(2013, 12, 31)), DueTask(2, "示范行动2（2013年）", date(2013, 12, 31))),
        requests=(WaitingRequest(5, "延期", "示范行动1（2013年）", "新的期限：2014年6月30日", date(2013, 7, 15)),),
        notices=(OpenNotice(7, "督办〔2013〕3号", "蓝色督办通知单", "示范行动1（2013年）", date(2013, 7, 12), DAY, None),),
        reporting=Reporting("2013Q3", date(2013, 10, 10), led),
        rule_version="2013-1",
        rule_sha256=HASH,
        ledger_head=HASH,
    )
    return replace(made, **changes)


def figures(count: int = 2) -> Figures:
    counts = Counts(tasks=7, done=3, ahead=0, on_pace=2, behind=1, overdue=0, not_started=1, suspended=0)
    shares = Shares(done=42.9, ahead=0.0, on_pace=28.6, behind=14.3, overdue=0.0, not_started=14.2, suspended=0.0)
    plans = tuple(PlanFigures("ABCDEF"[number], number + 1, f"方案{number + 1}", counts, shares, 4, 2, 9, 8, 1) for number in range(count))
    return Figures(DAY, plans, "2013-1", HASH, HASH)


def side(mark: str, **changes) -> Side:
    made = Side(
        mark, 1, f"方案{mark}", f"测政办发〔2012〕{ord(mark)}号", "测试省人民政府办公厅", date(2013, 1, 1), date(2015, 12, 31), 1, 3
    )
    return replace(made, **changes)


def comparison(**changes) -> Comparison:
    standing = Standing(3, 1, 1, ("示范县 4个／10个",))
    action = ItemSide("1", "示范行动", "支持10个县", ("省科技厅",), standing)
    made = Comparison(
        as_of=DAY,
        a=side("A"),
        b=side("B", id=2),
        plan_differences=(FieldDifference("title", "标题", "方案A", "方案B"),),
        pairs=(
            Pair(action, replace(action, number="2"), (FieldDifference("text", "内容", "支持10个县", "支持12个县|=1+1"),)),
            Pair(action, replace(action, standing=None), ()),
        ),
        only_a=(ItemSide(None, "只在前一方案", "培训干部", ("省科技厅", "省财政厅"), None),),
        only_b=(),
        figures=figures(),
    )
    return replace(made, **changes)
