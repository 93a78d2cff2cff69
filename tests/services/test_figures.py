"""The database counts a bulletin as the rules do: every number, on both databases, whatever happened to the tasks."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models.ledger import STANDING_ACTS, LedgerEntry
from models.plan import Plan, PlanItem
from models.progress import ProgressReport, ReportedValue
from models.rule_set import RuleSetVersion
from models.task import Assignment, Basis, Comparator, Milestone, PlannedPoint, Target, Task, TaskState
from reports.bulletin import ItemLine
from rules.periods import parse_period, quarter_of
from rules.rule_set import DEFAULT_RULE_SET
from rules.transitions import TRANSITIONS, TaskEvent
from services.bulletins import moments
from services.bulletins.compiling import BulletinOrder, compile_bulletin, compile_figures
from tests.builders import AT, people
from tests.databases import on_one_kind
from tests.services.figures_judge import refuse_difference

# The 73rd day of 2013: a fifth of the year, so that gaps lie on the thresholds exactly.
FIFTH = date(2013, 3, 14)
WHEN = [
    ("2013Q1", FIFTH),
    ("2013Q3", date(2013, 10, 20)),
    ("2013", date(2014, 2, 3)),
    ("2013-08", date(2013, 8, 30)),
    ("2014Q1", date(2014, 6, 1)),
]
ITEMS, TASKS_AN_ITEM = 60, 2


class Rows:
    """A house written row by row: 60 items of two tasks, each with a life, reports and changes drawn from a seed."""

    def __init__(self, session, seed):
        self.session, self.draw, self.seq = session, random.Random(seed), 0
        self.made = {kind: [] for kind in (PlanItem, Task, Assignment, Target, Milestone, PlannedPoint, ProgressReport, ReportedValue)}
        self.entries = []

    def write(self):
        self.team = people(self.session)
        for number in (1, 2):
            plan = {"id": number, "title": f"方案{number}", "source_name": "x", "source_sha256": str(number) * 64, "version": 1}
            self.session.execute(sa.insert(Plan), [{**plan, "source_kind": "plan", "state": "in_force"}])
        for number in range(1, ITEMS + 1):
            self.item(number)
        for kind, rows in self.made.items():
            self.session.execute(sa.insert(kind), rows)
        self.session.execute(sa.insert(LedgerEntry), self.entries)
        narrow = {"scope": "plan-2", "adopted_on": date(2012, 1, 1), "effective_on": date(2012, 1, 1), "sha256": "0" * 64}
        self.session.execute(sa.insert(RuleSetVersion), [{**narrow, "version": "x", "content": {"report_limit_days": 9}}])
        return self.session

    def item(self, number):
        place = {"id": number, "plan_id": 1 + number % 2, "key": f"k{number}", "position": number, "number": str(number)}
        self.made[PlanItem].append({**place, "title": f"事项{number}", "text": "x", "path": [], "source": {}, "since_version": 1})
        for year in range(TASKS_AN_ITEM):
            self.task(TASKS_AN_ITEM * number + year, number, date(2013 + year, 1, 1))

    def task(self, task_id, item_id, starts_on):
        starts_on += timedelta(days=self.draw.choice([0, 0, 0, -200, 40]))
        due_on = date(starts_on.year, 12, 31) if self.draw.random() < 0.6 else starts_on + timedelta(days=self.draw.randint(3, 500))
        days = {"starts_on": starts_on, "due_on": due_on, "original_due_on": due_on}
        own = {"id": task_id, "plan_id": 1 + item_id % 2, "item_id": item_id, "label": "x", "text": "x", "return_count": 0}
        self.made[Task].append({**own, **days, "state": TaskState.ASSIGNED, "parent_id": self.parent(task_id)})
        units = self.draw.sample([1, 2, 3], self.draw.randint(1, 3))
        for place, unit_id in enumerate(units):
            part = {"id": 4 * task_id + place, "task_id": task_id, "unit_id": unit_id, "role": "support" if place else "lead"}
            self.made[Assignment].append(part)
        targets = [self.target(3 * task_id + n, task_id) for n in range(self.draw.choice([0, 1, 1, 1, 1, 2]))]
        self.steps(task_id, starts_on, due_on)
        self.live(task_id, starts_on, [target for target in targets if target])

    def parent(self, task_id):
        return task_id - 1 if task_id % TASKS_AN_ITEM and self.draw.random() < 0.08 else None

    def target(self, target_id, task_id):
        draw = self.draw
        value = draw.choice([0.0, 3.0, 10.0, 100.0, 100.0, 100.0, 33.3, None])
        low, high = (draw.choice([(None, None), (4.0, 6.0), (None, 7.0)])) if value is None or draw.random() < 0.1 else (None, None)
        kinds = {"comparator": draw.choice([*Comparator, *[Comparator.GE] * 6]), "basis": draw.choice([None, *Basis, Basis.PERIOD])}
        measure, unit = draw.choice(["示范县", "覆盖率"]), draw.choice(["个", "%", "个百分点", None])
        figures = {"value": value, "low": low, "high": high, "baseline": draw.choice([None, None, None, 0.0, 5.0, 10.0, 120.0])}
        scope = draw.choice([None] * 12 + ["每个县", "每年"])
        row = {"id": target_id, "task_id": task_id, "text": "x", "measure": measure, "unit_of_measure": unit, "scope": scope}
        self.made[Target].append({**row, **figures, **kinds})
        return target_id

    def steps(self, task_id, starts_on, due_on):
        if self.draw.random() < 0.15:
            for number in range(2):
                row = {"id": 2 * task_id + number, "task_id": task_id, "title": f"节点{number}", "weight": self.draw.choice([1.0, 0.3])}
                day = starts_on + timedelta(days=self.draw.randint(0, (due_on - starts_on).days))
                self.made[Milestone].append({**row, "due_on": day, "done_on": self.draw.choice([None, day + timedelta(days=9)])})
        if self.draw.random() < 0.1:
            day = starts_on + (due_on - starts_on) / 2
            self.made[PlannedPoint].append({"id": task_id, "task_id": task_id, "day": day, "percent": 20.0})

    def live(self, task_id, starts_on, targets):
        late = timedelta(days=self.draw.choice([0, 40, 130]))
        day, state = date(2012, 11, 5) if self.draw.random() < 0.8 else starts_on + late, TaskState.DRAFT
        self.enter(day, task_id, TaskEvent.ISSUE)
        state = TaskState.ASSIGNED
        for _turn in range(self.draw.randint(0, 9)):
            day += timedelta(days=self.draw.randint(1, 130))
            events = [event for event in TaskEvent if (state, event) in TRANSITIONS]
            rare = {TaskEvent.CANCEL, TaskEvent.SUSPEND, TaskEvent.REASSIGN}
            event = self.draw.choice([event for event in events for _weight in range(1 if event in rare else 4)] or [None])
            if event is None:
                break
            if event is TaskEvent.REPORT:
                self.report(task_id, day, targets)
            else:
                submitted = self.entries[-1]["for_day"] if event is TaskEvent.COMPLETE else None
                self.enter(day, task_id, event, for_day=submitted)
            state = TRANSITIONS[state, event]
            self.change(task_id, day)

    def report(self, task_id, day, targets):
        period = quarter_of(day - timedelta(days=self.draw.choice([0, 20])))
        revision = 1 + sum(row["task_id"] == task_id and row["period"] == period.code for row in self.made[ProgressReport])
        number = len(self.made[ProgressReport]) + 1
        own = {"id": number, "task_id": task_id, "unit_id": 1, "account_id": 1, "period": period.code, "period_ends_on": period.ends_on}
        state = self.draw.choice(["filed"] * 9 + ["returned"])
        self.made[ProgressReport].append({**own, "revision": revision, "filed_on": day, "text": "x", "state": state})
        self.enter(day, task_id, TaskEvent.REPORT)
        for target_id in targets:
            value = self.draw.choice([0.0, 1.0, 3.0, 10.0, 20.0, 30.0, 9.9, 10.1, 30.1, 33.3, 90.0, 120.0])
            if self.draw.random() < 0.9:
                self.made[ReportedValue].append({"report_id": number, "target_id": target_id, "part": "", "value": value})
        if state == "returned":
            change = {"table": "progress_report", "id": number, "before": {"state": "filed"}, "after": {"state": "returned"}}
            self.enter(day + timedelta(days=6), task_id, "return-report", [change])

    def change(self, task_id, day):
        if self.draw.random() < 0.1:
            task = self.made[Task][-1]
            due_on = task["due_on"] + timedelta(days=self.draw.choice([30, 90]))
            told = {"before": {"due_on": task["due_on"].isoformat()}, "after": {"due_on": due_on.isoformat()}}
            task["due_on"] = due_on
            self.enter(day, task_id, "extend", [{"table": "task", "id": task_id, **told}])
        if self.draw.random() < 0.03 and self.made[Target] and self.made[Target][-1]["task_id"] == task_id:
            target = self.made[Target][-1]
            told = {"before": {"value": target["value"]}, "after": {"value": 50.0}}
            target["value"] = 50.0
            self.enter(day, task_id, "change-target", [{"table": "target", "id": target["id"], **told}])

    def enter(self, day, task_id, act, changes=None, for_day=None):
        self.seq += 1
        plan_id = 1 + task_id // TASKS_AN_ITEM % 2
        row = {
            "chain": f"plan-{plan_id}",
            "seq": self.seq,
            "at": AT,
            "acted_on": day,
            "for_day": for_day or day,
            "actor": "x",
            "act": str(act),
        }
        row |= {"plan_id": plan_id, "task_id": task_id, "subject": "x", "before": {}, "after": {}, "changes": changes, "unit_id": None}
        self.entries.append({**row, "prev_hash": "0" * 64, "hash": "0" * 64})


def order(period, plan_ids=None, **numbers):
    return BulletinOrder(parse_period(period), plan_ids, DEFAULT_RULE_SET if not numbers else DEFAULT_RULE_SET.__class__(**numbers))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_is_the_rules_number(session, seed):
    house = Rows(session, seed).write()
    for period, written_on in WHEN:
        refuse_difference(house, order(period), written_on)
    refuse_difference(house, order("2013Q3", (2,)), date(2013, 11, 20))


@on_one_kind
def test_who_sees_less_is_told_his_share(session):
    rows = Rows(session, 2)
    rows.write()
    mine = replace(order("2013Q3"), reader=rows.team.science)
    refuse_difference(session, mine, date(2013, 10, 20))
    everything = compile_bulletin(session, replace(mine, reader=rows.team.office), date(2013, 10, 20))
    assert 0 < compile_bulletin(session, mine, date(2013, 10, 20)).totals.tasks < everything.totals.tasks


def test_a_wrong_statement_is_found_out(session, monkeypatch):
    house = Rows(session, 1).write()
    monkeypatch.setattr(moments, "_ONE", sa.literal(2.0, sa.Float))
    with pytest.raises(AssertionError):
        refuse_difference(house, order("2013Q3"), date(2013, 10, 20))


def test_figures_alone_are_the_bulletins(session):
    house = Rows(session, 3).write()
    items: list[ItemLine] = []
    figures = compile_figures(house, order("2013Q3"), date(2013, 10, 20), items.append)
    whole = compile_bulletin(house, order("2013Q3"), date(2013, 10, 20))
    assert (figures.totals, figures.shares, figures.change, figures.units) == (whole.totals, whole.shares, whole.change, whole.units)
    assert tuple(items) == whole.items
    assert (figures.items, figures.lagging, figures.next) == ((), (), ())


def test_each_act_leads_to_one_state_whatever_was_before():
    told = {act: {after for (_before, event), after in TRANSITIONS.items() if event.value == act} for act in STANDING_ACTS}
    assert all(len(states) == 1 for states in told.values())
    left_out = {event.value for event in TaskEvent} - set(STANDING_ACTS)
    assert left_out == {TaskEvent.REPORT.value, TaskEvent.CLOSE.value}
    kept = [(before, after) for (before, event), after in TRANSITIONS.items() if event.value in left_out]
    # Neither changes how far a task has come: a closed one is done as a completed one is.
    assert kept == [(TaskState.IN_PROGRESS, TaskState.IN_PROGRESS), (TaskState.COMPLETED, TaskState.CLOSED)]
