"""A case file by hand: one late task with an extension, notices, a statement and an objection; and one of praise."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

from models.case import CaseKind, CaseState, ObjectionOutcome
from reports.case import SCHEMA, CaseDuty, CaseFact, CaseFile, CaseTarget, CaseWords, EntryRef

SERVED = date(2014, 1, 20)


def ref(seq: int, chain: str = "plan-1") -> EntryRef:
    return EntryRef(chain, seq, sha256(f"{chain} {seq}".encode()).hexdigest())


DUTY = CaseDuty(
    id=9,
    plan="县域科技行动方案",
    plan_doc_no="测政办发〔2012〕1号",
    number="3.",
    item="示范县建设行动",
    label="2013年",
    text="支持10个县开展示范；组织培训2次。",
    lead="省科技厅",
    since=date(2012, 11, 5),
    supports=("省财政厅", "省农业厅"),
    starts_on=date(2013, 1, 1),
    due_on=date(2013, 12, 31),
    original_due_on=date(2013, 11, 30),
    state="in_progress",
    light="red",
    reasons=("已超期 20 天", "落后序时进度 40.0 个百分点"),
    completed_on=None,
    days_overdue=20,
    days_early=0,
    targets=(CaseTarget("示范县", "≥10个", "6个", 100.0, 40.0), CaseTarget("培训", "2次", None, 100.0, None)),
    missing=("示范县 目标 ≥10个，已完成 6个",),
    follows=("2014年", "2015年"),
    handed_down=("北市科技局（示范县建设行动（2013年））",),
)
FACTS = (
    CaseFact(1, date(2012, 11, 5), 9, "交办", "计划管理部门", "办结时限2013年11月30日", (ref(2),), person="zhang"),
    CaseFact(2, date(2013, 9, 30), 9, "填报", "省科技厅", "示范县6个；资金到位较晚", (ref(5),), (("验收表.xlsx", "a" * 64),)),
    CaseFact(3, date(2013, 11, 20), 9, "批准申请", "督查部门", "同意；期限改为2013年12月31日", (ref(7),), person="li"),
    CaseFact(4, date(2014, 1, 2), 9, "提醒", "系统", "2条", (ref(8), ref(9))),
    CaseFact(5, date(2014, 1, 6), 9, "签发通知单", "督查部门", "督办〔2014〕1号；时限2014年1月13日", (ref(10),), person="li"),
    CaseFact(6, date(2014, 1, 6), 9, "列出问责建议", "系统", "", (ref(11),), is_inside=True),
    CaseFact(7, date(2014, 1, 8), None, "立案", "督查部门", "", (ref(21, "house"),), person="li", is_inside=True),
)
NOTHING = dict.fromkeys(CaseWords.__dataclass_fields__)
WORDS = CaseWords(
    **{
        **NOTHING,
        "effect": "后续资金不能按期下达。",
        "statement": "一处选址未获批准。",
        "statement_on": date(2014, 1, 9),
        "conclusion": "任务到期未完成，差4个示范县。",
        "drafted_on": date(2014, 1, 10),
        "drafter": "li",
        "approved_on": date(2014, 1, 13),
        "approver": "wang",
        "proposal": "研究是否启动问责程序",
        "competent_body": "省监察机关",
        "demand": "请补齐4个示范县。",
        "demand_by": date(2014, 3, 31),
    }
)
OPENED = CaseFile(
    schema=SCHEMA,
    id=4,
    number="督案〔2014〕1号",
    kind=CaseKind.ACCOUNTABILITY,
    state=CaseState.OPENED,
    as_of=date(2014, 1, 8),
    opened_on=date(2014, 1, 8),
    unit="省科技厅",
    basis="年度任务跨年仍未完成的，提出是否问责的建议；应在2013年内完成的任务跨年未完成，已超期6天",
    rule_code="year-missed",
    rule="年度任务跨年仍未完成的，提出是否问责的建议",
    fact="应在2013年内完成的任务跨年未完成，已超期6天",
    fired_on=(ref(10), ref(11)),
    tasks=(DUTY,),
    chronology=FACTS,
    words=CaseWords(**{**NOTHING, "effect": "", "proposal": "", "competent_body": "", "demand": ""}),
    objection_days=30,
    rule_set="2026-3",
    rule_sha256="b" * 64,
    ledger_heads=(ref(11),),
)
APPROVED = replace(OPENED, state=CaseState.APPROVED, as_of=SERVED, words=WORDS)
_SERVED_WORDS = replace(WORDS, served_on=SERVED, receiver="王五", objection_until=date(2014, 2, 19))
DECIDED = replace(
    APPROVED,
    state=CaseState.DECIDED,
    as_of=date(2014, 2, 25),
    words=replace(
        _SERVED_WORDS,
        objected_on=date(2014, 2, 10),
        objection="选址由另一部门批准",
        decided_on=date(2014, 2, 25),
        outcome=ObjectionOutcome.CHANGED,
        decision="时限顺延一个月",
        demand_by=date(2014, 4, 30),
    ),
)
DONE = replace(
    DUTY,
    due_on=date(2013, 12, 31),
    original_due_on=date(2013, 12, 31),
    state="completed",
    light="green",
    reasons=(),
    completed_on=date(2013, 10, 8),
    days_overdue=0,
    days_early=84,
    targets=(CaseTarget("示范县", "≥10个", "12个", 100.0, -20.0),),
    missing=(),
    follows=(),
    handed_down=(),
)
PRAISE = replace(
    OPENED,
    kind=CaseKind.PRAISE,
    state=CaseState.APPROVED,
    as_of=date(2013, 10, 14),
    rule_code="done-early",
    rule="任务较原定期限提前30天以上办结且指标全部达到的，提出表扬建议",
    fact="原定期限2013年12月31日，2013年10月8日办结，提前84天",
    tasks=(DONE,),
    chronology=FACTS[:2],
    fired_on=(ref(5),),
    words=replace(
        OPENED.words,
        conclusion="提前完成全年任务",
        drafted_on=date(2013, 10, 11),
        drafter="li",
        approved_on=date(2013, 10, 12),
        approver="wang",
        proposal="通报表扬省科技厅",
        competent_body="省政府办公厅",
    ),
)
SERVED_WORDS = _SERVED_WORDS
