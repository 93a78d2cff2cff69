"""Notices for tests: one of each level."""

from dataclasses import replace
from datetime import date

from models.notice import NoticeLevel
from reports.notice import EarlierPaper, Happening, NoticePaper, NoticeTask, Progress
from rules.escalation import RUNGS, Matter
from rules.notice_words import usual_demand

TASK = NoticeTask(
    id=9,
    number="3",
    item="示范县建设行动",
    label="2013年",
    text="支持10个县开展示范；组织培训2次。",
    plan="县域科技行动方案",
    plan_doc_no="测政办发〔2012〕1号",
    starts_on=date(2013, 1, 1),
    due_on=date(2013, 12, 31),
    original_due_on=date(2013, 11, 30),
)
PROGRESS = Progress(
    light="red",
    reasons=("已超期 16 天", "落后序时进度 40.0 个百分点"),
    days_overdue=16,
    measure="示范县",
    wanted="10个",
    reached="6个",
    pace=100.0,
    gap_pp=40.0,
    return_count=1,
    missing_reports=0,
    reminded=5,
    cause="资金到位较晚。",
    next_step="一季度内补齐",
)
BLUE_ONE = EarlierPaper("督办〔2014〕1号", NoticeLevel.BLUE, date(2014, 1, 6), date(2014, 1, 13), date(2014, 1, 7))
RECORD = (
    Happening(date(2012, 11, 5), "交办", "office", ""),
    Happening(date(2013, 9, 30), "填报", "省科技厅", "2013年第三季度；资金到位较晚"),
    Happening(date(2014, 1, 2), "提醒", "系统", "2条"),
)


def paper(level, matter, **changes):
    limit_on = date(2014, 1, 23) if level in RUNGS else None
    made = NoticePaper(
        level=level,
        matter=matter,
        doc_no="督办〔2014〕2号",
        issued_on=date(2014, 1, 16),
        limit_on=limit_on,
        office="省政府督查室",
        contact="李明，0000-1234567",
        unit="省科技厅",
        demand=usual_demand(level, limit_on, is_overdue=True),
        task=TASK,
        progress=PROGRESS,
        earlier=(),
        after=None,
        quarters=(),
        year=None,
        record=(),
        rule_set="2026-3",
        rule_sha256="ab" * 32,
        ledger_head="cd" * 32,
    )
    return replace(made, **changes)


PAPERS = {
    "blue": paper(NoticeLevel.BLUE, Matter.OVERDUE),
    "orange": paper(NoticeLevel.ORANGE, Matter.LIMIT_MISSED, earlier=(BLUE_ONE,), after=BLUE_ONE),
    "red": paper(NoticeLevel.RED, Matter.RED_TWO_PERIODS, quarters=("2013Q3", "2013Q4")),
    "accountability": paper(NoticeLevel.ACCOUNTABILITY, Matter.YEAR_MISSED, year=2013, record=RECORD, earlier=(BLUE_ONE,)),
}
