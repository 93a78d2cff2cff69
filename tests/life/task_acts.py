"""Acts of a task's own way: acknowledged, reported, submitted, returned, completed, closed, reopened."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import col, select

from models.ledger import LedgerEntry
from models.task import Task, TaskState
from rules.periods import period_before, quarter_of
from services.decisions import resume_task
from services.parts import PartInput, hand_in_part
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.reviews import Verdict, review_report
from services.tasks import acknowledge_task, close_task, complete_task, reopen_task, return_task, submit_task
from tests.life.person import Person, actors, picks, spans, values, words


class TaskActs(Person):
    """The way of a task."""

    @initialize(turns=st.lists(picks, min_size=6, max_size=14), days=st.sampled_from([1, 20, 63, 150, 400]))
    def work_begins(self, turns: list[int], days: int) -> None:
        self.work_goes_on(turns)
        self.house.pass_days(days)
        self.work_goes_on(turns[::-1])

    @rule(days=st.sampled_from([1, 1, 2, 5, 15, 40, 90]), turns=st.lists(picks, max_size=3))
    def days_pass(self, days: int, turns: list[int]) -> None:
        self.house.pass_days(days)
        self.work_goes_on(turns)

    @rule(pick=picks, who=actors)
    def acknowledge(self, pick: int, who: str) -> None:
        task_id = self.task(pick, TaskState.ASSIGNED)
        self.by(who, self.house.leader(task_id), acknowledge_task, task_id)

    @rule(turns=st.lists(picks, min_size=2, max_size=8))
    def work_goes_on(self, turns: list[int]) -> None:
        """Several tasks get a step further, as they would where everybody did what was next."""
        for pick in turns:
            task_id = self.task(pick, *TaskState)
            state = self.rows(select(Task.state).where(Task.id == task_id))[0]
            self.next_step(state, task_id, pick)

    @rule(turns=st.lists(picks, min_size=2, max_size=8), days=st.integers(1, 30))
    def work_takes_time(self, turns: list[int], days: int) -> None:
        self.work_goes_on(turns)
        self.house.pass_days(days)
        self.work_goes_on(turns)

    def next_step(self, state: TaskState, task_id: int, pick: int) -> None:
        leader, office, reason = self.house.leader(task_id), "office", "情况属实"
        match state:
            case TaskState.ASSIGNED:
                self.by("", leader, acknowledge_task, task_id)
            case TaskState.IN_PROGRESS if pick % 3:
                names = self.targets(task_id)
                said = ProgressInput({names[pick % len(names)]: Amount(float(pick % 5), is_more=True)}, text="有进展", is_confirmed=True)
                self.house.act(leader, lambda session, occasion: record_progress(session, task_id, said, self.house.store, occasion))
            case TaskState.IN_PROGRESS:
                self.by("", leader, submit_task, task_id, reason)
            case TaskState.SUBMITTED if pick % 3:
                self.by("", "supervisor-2", complete_task, task_id)
            case TaskState.SUBMITTED:
                self.by("", "supervisor", return_task, task_id, reason)
            case TaskState.COMPLETED:
                self.by("", office, close_task, task_id)
            case TaskState.CLOSED:
                self.by("", "supervisor", reopen_task, task_id, reason)
            case TaskState.SUSPENDED:
                self.by("", office, resume_task, task_id, reason)
            case _:
                pass

    @rule(pick=picks, who=actors, value=values, more=st.booleans(), back=st.integers(0, 3), flags=st.integers(0, 15))
    def report(self, pick: int, who: str, value: int, more: bool, back: int, flags: int) -> None:
        task_id = self.task(pick, TaskState.IN_PROGRESS)
        measures = self.targets(task_id)
        name = measures[pick % len(measures)] + ("@甲县" if flags == 15 else "")
        period = quarter_of(self.house.day)
        for _turn in range(back):
            period = period_before(period)
        is_unchanged = flags % 4 == 3
        said = ProgressInput(
            values={} if is_unchanged else {name: Amount(float(value), more)},
            text="" if flags == 1 else "进展正常",
            problem="资金未到位" if flags % 5 == 0 else None,
            period=period.code if back else None,
            evidence=(self.house.proof,) if flags == 2 else (),
            is_unchanged=is_unchanged,
            correction="前次有误" if flags >= 8 else None,
            is_confirmed=flags % 2 == 0,
        )
        self.house.act(
            who or self.house.leader(task_id),
            lambda session, occasion: record_progress(session, task_id, said, self.house.store, occasion),
        )

    @rule(pick=picks, who=actors, value=values, back=st.integers(0, 3), more=st.booleans())
    def report_again(self, pick: int, who: str, value: int, back: int, more: bool) -> None:
        self.report(pick, who, value, more, back, 8)

    @rule(pick=picks, who=actors, accepted=st.booleans(), reason=words)
    def review(self, pick: int, who: str, accepted: bool, reason: str) -> None:
        filed = self.rows(select(LedgerEntry.task_id, LedgerEntry.after).where(LedgerEntry.act == "report").order_by(col(LedgerEntry.id)))
        task_id, period = (filed[pick % len(filed)][0], filed[pick % len(filed)][1]["period"]) if filed else (1, "2013Q1")
        self.by(who, "supervisor", review_report, task_id, period, Verdict(accepted, reason))

    @rule(pick=picks, who=actors, value=values)
    def hand_in(self, pick: int, who: str, value: int) -> None:
        task_id = self.task(pick, TaskState.IN_PROGRESS, TaskState.ASSIGNED)
        said = PartInput(values={self.targets(task_id)[0]: float(value)} if pick % 2 else {}, text="已完成本单位部分")
        self.house.act(
            who or self.house.helper(task_id), lambda session, occasion: hand_in_part(session, task_id, said, self.house.store, occasion)
        )

    @rule(pick=picks, who=actors, reason=words)
    def submit(self, pick: int, who: str, reason: str) -> None:
        task_id = self.task(pick, TaskState.IN_PROGRESS)
        self.by(who, self.house.leader(task_id), submit_task, task_id, reason or None)

    @rule(pick=picks, who=actors, reason=words, limit=spans)
    def send_back(self, pick: int, who: str, reason: str, limit: int) -> None:
        limit_on = self.house.day + timedelta(days=limit) if limit else None
        self.by(who, "supervisor", return_task, self.task(pick, TaskState.SUBMITTED), reason, limit_on=limit_on)

    @rule(pick=picks, who=actors)
    def complete(self, pick: int, who: str) -> None:
        self.by(who, "supervisor-2", complete_task, self.task(pick, TaskState.SUBMITTED))

    @rule(pick=picks, who=actors)
    def close(self, pick: int, who: str) -> None:
        self.by(who, "office", close_task, self.task(pick, TaskState.COMPLETED))

    @rule(pick=picks, who=actors, reason=words)
    def reopen(self, pick: int, who: str, reason: str) -> None:
        self.by(who, "supervisor", reopen_task, self.task(pick, TaskState.COMPLETED, TaskState.CLOSED), reason)
