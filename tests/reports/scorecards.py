"""Scorecards for the papers' tests, scored from plain facts: three units by a scheme with groups, marks, events and a cap; one of them with nothing that counts."""

from dataclasses import replace
from datetime import date

from models.task import Comparator
from reports.bulletin import RuleSetMark
from reports.scorecard import SchemeMark, Scorecard
from rules.scheme_reading import guarded_parts, scheme_from
from rules.scoring import ranks_of, score_units
from rules.scoring_facts import Mark, Matter, Occurrence, Origin, Ref, UnitFacts
from rules.targets import TargetFacts
from services.scoring.lines import unit_card

RULES = {
    "code": "sample",
    "version": "3",
    "title": "年度督查考评办法",
    "basis": "督查室2012年第8次办公会议",
    "cap": 100,
    "ranking": True,
    "groups": [
        {"code": "targets", "title": "目标绩效", "weight": 60},
        {"code": "work", "title": "工作目标", "weight": 70, "parent": "targets", "share_by": "matters"},
        {"code": "guarantee", "title": "保障目标", "weight": 30, "parent": "targets"},
        {"code": "public", "title": "公众评价", "weight": 40},
    ],
    "items": [
        {"code": "growth", "title": "增长类指标", "kind": "growth", "weight": 1, "group": "work"},
        {"code": "ceiling", "title": "控制类指标", "kind": "ceiling", "weight": 1, "group": "work"},
        {"code": "on-time", "title": "按期办结", "kind": "ratio", "of": "on-time", "weight": 30, "group": "guarantee"},
        {"code": "view", "title": "公众满意度", "kind": "manual", "weight": 40, "out_of": 100, "group": "public"},
    ],
    "events": [
        {"code": "over", "title": "超额完成", "on": ["over-target"], "points": 1, "once": "beyond"},
        {"code": "late", "title": "逾期未办结", "on": ["overdue"], "points": -2, "support_percent": 50},
        {"code": "rework", "title": "退回重办", "on": ["returned"], "points": -1, "most": 1},
    ],
    "bonus": {"cap": 5, "counts": "tie-break"},
    "deductions": {"cap": 5},
}


def ref(seq, chain="plan-1"):
    return Ref(chain, seq, f"{seq:02d}" * 32)


def scorecard(**changes):
    rules = scheme_from(RULES)
    scores = score_units(rules, _units())
    ranks = ranks_of(scores) if changes.get("is_ranked") else {}
    sample = Scorecard(
        year=2013,
        as_of=date(2013, 12, 31),
        written_on=date(2014, 2, 10),
        scheme=SchemeMark(rules.code, rules.version, rules.title, 2013, rules.sha256, rules.basis, "", guarded_parts(rules)),
        is_ranked=False,
        units=tuple(unit_card(rules, score, ranks.get(score.facts.unit_id)) for score in scores),
        unmarked=(),
        rule_set=RuleSetMark("2026-3", "a" * 64),
        ledger_head="b" * 64,
    )
    return replace(sample, **changes)


def _units():
    counties = TargetFacts("示范县", 3.0, 2.0, "个", Comparator.EQ)
    spending = TargetFacts("管理费用", 100.0, 112.5, "万元", Comparator.LE)
    origin = Origin("测政办发〔2012〕1号", number="1")

    def matter(task_id, title, role="lead", **facts):
        return Matter(task_id, title, role, origin, refs=(ref(task_id), ref(task_id + 20)), **facts)

    def event(kind, task_id, title, words, role="lead", day=date(2013, 12, 31)):
        return Occurrence(kind, day, f"task-{task_id}", title, role, origin, words=words, refs=(ref(task_id + 40),))

    counties_task, spending_task, done_task = "示范县建设（2013年）", "费用控制（2013年）", "科技特派员（2013年）"
    over = TargetFacts("特派员", 500.0, 620.0, "名", Comparator.GE)
    return [
        UnitFacts(
            1,
            "省科技厅",
            (matter(1, counties_task, targets=(counties,)), matter(2, done_task, targets=(over,), is_done=True, is_on_time=True)),
            (
                event("overdue", 1, counties_task, "2013年12月31日到期，当日未办结"),
                event("over-target", 2, done_task, "超出目标24%", day=date(2013, 9, 30)),
                event("returned", 2, done_task, "2013年8月2日退回：附件不全", day=date(2013, 8, 2)),
                event("returned", 2, done_task, "2013年8月20日退回：数字不符", day=date(2013, 8, 20)),
            ),
            (Mark("view", 82.5, "年度问卷第一题", (ref(7, "house"),)),),
        ),
        UnitFacts(
            2,
            "省财政厅",
            (matter(3, spending_task, targets=(spending,)), matter(1, counties_task, role="support", targets=(counties,))),
            (event("overdue", 1, counties_task, "2013年12月31日到期，当日未办结", role="support"),),
            (Mark("view", 90, "年度问卷第一题", (ref(8, "house"),)),),
        ),
        UnitFacts(3, "省档案局"),
    ]
