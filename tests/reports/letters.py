"""Views of papers to units, made by hand: every field that a paper may tell is filled in somewhere."""

from datetime import date

from models.request import RequestKind
from reports.agreement import Agreement, EarlierAgreement
from reports.assignment import Assignment, Change, ChangeKind
from reports.duties import Duty, Goal, Step
from reports.imprint import Imprint
from reports.reply import Reply, ReplyTask
from reports.urging import UrgedTask, Urging

PLAN, DOC_NO = "关于建设示范县的实施方案", "测政办发〔2012〕1号"
SCIENCE, FINANCE = "省科技厅", "省财政厅"
DAY = date(2013, 1, 10)
PROOF = {"rule_set": "2013-1", "rule_sha256": "a" * 64, "ledger_head": "b" * 64}


def imprint(doc_no: str, **changes) -> Imprint:
    return Imprint(
        **{"office": "省政府督查室", "year": 2013, "number": 7, "doc_no": doc_no, "contact": "李明 0771-1", "signed_on": DAY, **changes}
    )


def duty(task: int = 1, **changes) -> Duty:
    facts = {
        "task": task,
        "plan_id": 1,
        "plan": PLAN,
        "doc_no": DOC_NO,
        "number": str(task),
        "item": f"示范行动{task}",
        "label": "2013年",
        "text": "支持10个县开展示范",
        "starts_on": date(2013, 1, 1),
        "due_on": date(2013, 12, 31),
        "original_due_on": date(2013, 12, 31),
        "lead": SCIENCE,
        "supports": (FINANCE,),
        "goals": (Goal("示范县", "个", 10.0, "10个"),),
        "steps": (),
        "criterion": None,
        "quarters": (24.7, 49.6, 74.8, 100.0),
    }
    return Duty(**{**facts, **changes})


MILESTONES = duty(
    2,
    text="示范行动2。建成三个中心，投入使用。",
    goals=(),
    steps=(Step("选址", date(2013, 3, 31)), Step("封顶", date(2013, 9, 30))),
    criterion="通过验收",
    supports=(),
    quarters=(50.0, 50.0, 100.0, 100.0),
)
CEILING = duty(3, goals=(Goal("事故", "起", 3.0, "≤3起", is_held=True), Goal("培训", "人次", 500.0, "500人次")))
LATE = duty(4, label="2012年", due_on=date(2012, 12, 31), original_due_on=date(2012, 10, 31), quarters=(None, None, None, None))
HELPED = duty(5, lead=FINANCE, supports=(SCIENCE,))


def agreement(**changes) -> Agreement:
    facts = {
        "year": 2013,
        "unit_id": 3,
        "unit": SCIENCE,
        "drawn_up_on": DAY,
        "led": (duty(), MILESTONES, CEILING),
        "carried": (LATE,),
        "supported": (HELPED,),
        "schemes": ("《年度考核办法》（2013）",),
        "acknowledge_days": 5,
        "report_limit_days": 3,
        "most_extensions": 2,
        "replaces": EarlierAgreement("责任书〔2013〕2号", date(2013, 1, 4), date(2013, 1, 7)),
        **PROOF,
    }
    return Agreement(**{**facts, **changes})


def assignment(**changes) -> Assignment:
    facts = {
        "plan_id": 1,
        "plan": PLAN,
        "doc_no": DOC_NO,
        "unit_id": 3,
        "unit": SCIENCE,
        "issued_on": DAY,
        "acknowledge_by": date(2013, 1, 17),
        "report_limit_days": 3,
        "led": (duty(), MILESTONES),
        "supported": (HELPED,),
        "replaces": None,
        "changes": (),
        **PROOF,
    }
    return Assignment(**{**facts, **changes})


def changed_assignment() -> Assignment:
    changes = (
        Change(
            1, "示范行动1（2013年）", ChangeKind.CHANGED, (("due_on", "2013-10-31", "2013-12-31"), ("goals", "示范县 12个", "示范县 10个"))
        ),
        Change(2, "示范行动2（2013年）", ChangeKind.ADDED),
        Change(9, "示范行动9（2013年）", ChangeKind.DROPPED),
    )
    return assignment(replaces=("交办〔2012〕1号", date(2012, 11, 6)), changes=changes)


def reply(kind: RequestKind = RequestKind.EXTENSION, **changes) -> Reply:
    facts = {
        "request": 12,
        "kind": kind,
        "unit_id": 3,
        "unit": SCIENCE,
        "task": ReplyTask(1, "示范行动1（2013年）", 1, PLAN, DOC_NO, date(2013, 10, 31)),
        "filed_on": date(2013, 1, 4),
        "asked": "期限至 2014-03-31",
        "reason": "汛期停工",
        "progress": "已完成5个",
        "is_approved": True,
        "decided_on": date(2013, 1, 8),
        "decision": "抓紧办理。",
        "granted": "期限至 2014-02-28",
        "due_before": date(2013, 12, 31),
        "due_on": date(2014, 2, 28),
        "targets": (),
        "new_lead": None,
        "paused_until": None,
        "issued_on": DAY,
        "ledger_head": "b" * 64,
    }
    return Reply(**{**facts, **changes})


def urged_task(task: int = 1, **changes) -> UrgedTask:
    facts = {
        "id": task,
        "plan_id": 1,
        "plan": PLAN,
        "doc_no": DOC_NO,
        "title": f"示范行动{task}（2012年）",
        "wanted": "示范县 10个",
        "reached": "7个",
        "due_on": date(2012, 12, 31),
        "original_due_on": date(2012, 10, 31),
        "days_overdue": 10,
        "days_left": 0,
        "is_soon": False,
        "missing_reports": 1,
        "urged": 2,
        "cause": "资金到位较晚。",
        "next_step": "月底验收",
    }
    return UrgedTask(**{**facts, **changes})


def urging(*tasks: UrgedTask) -> Urging:
    return Urging(3, SCIENCE, DAY, date(2013, 1, 17), tasks or (urged_task(),), **PROOF)


SOON = urged_task(2, days_overdue=0, due_on=date(2013, 1, 11), days_left=1, is_soon=True, missing_reports=0, reached=None)
TODAY = urged_task(3, days_overdue=0, due_on=DAY, days_left=0, is_soon=True, missing_reports=0)
