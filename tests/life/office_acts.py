"""Acts of offices on tasks, requests and their answers, and tasks handed down."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlmodel import col, select

from models.ledger import LedgerEntry
from models.request import Request, RequestKind, RequestState
from models.task import Target, Task, TaskState
from rules.cascade import Figure
from rules.requests import Terms
from services.cascade import decompose_task
from services.decisions import cancel_task, reassign_task, resume_task, suspend_task
from services.requests import Approval, RequestInput, approve_request, file_request, refuse_request, withdraw_request
from services.shares import Share
from tests.life.person import Person, actors, picks, spans, words


class OfficeActs(Person):
    """What offices decide, what units ask for and hand down."""

    @rule(pick=picks, who=actors, basis=words)
    def suspend(self, pick: int, who: str, basis: str) -> None:
        task_id = self.task(pick, TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED)
        self.by(who, "office", suspend_task, task_id, basis)

    @rule(pick=picks, who=actors, basis=words, span=spans)
    def resume(self, pick: int, who: str, basis: str, span: int) -> None:
        due_on = self.house.day + timedelta(days=span) if span else None
        self.by(who, "office", resume_task, self.task(pick, TaskState.SUSPENDED), basis, due_on=due_on)

    @rule(pick=picks, who=actors, basis=words)
    def cancel(self, pick: int, who: str, basis: str) -> None:
        self.by(who, "office", cancel_task, self.task(pick, *TaskState), basis)

    @rule(pick=picks, who=actors, basis=words, unit=picks, keep=st.booleans())
    def reassign(self, pick: int, who: str, basis: str, unit: int, keep: bool) -> None:
        names = self.house.unit_names()
        task_id = self.task(pick, TaskState.IN_PROGRESS)
        self.by(who, "office", reassign_task, task_id, names[unit % len(names)], basis, keep_as_support=keep)

    @rule(pick=picks, who=actors)
    def on_a_day_gone_by(self, pick: int, who: str) -> None:
        """Nothing is done for a day before the last act of its chain."""
        with self.house.reading() as session:
            last = session.exec(select(LedgerEntry).where(LedgerEntry.chain == "plan-1").order_by(col(LedgerEntry.acted_on).desc())).first()
        assert last
        own = self.rows(select(Task.id).where(Task.plan_id == 1))
        task_id, day = own[pick % len(own)], last.acted_on - timedelta(days=1 + pick % 40)
        before = self.house.done["acts"]
        self.house.act(who or "office", lambda session, occasion: suspend_task(session, task_id, "测政办函〔2013〕8号", occasion), day)
        assert self.house.done["acts"] == before

    @rule(
        pick=picks, who=actors, kind=st.sampled_from(list(RequestKind)), span=spans, unit=picks, reason=st.sampled_from(["", "受天气影响"])
    )
    def ask(self, pick: int, who: str, kind: RequestKind, span: int, unit: int, reason: str) -> None:
        task_id = self.task(pick, TaskState.IN_PROGRESS, TaskState.ASSIGNED, TaskState.SUSPENDED)
        asked = RequestInput(kind, reason or "工作量大", "已完成一半" if pick % 3 else "", self.terms(kind, task_id, span, unit))
        self.by(who, self.house.leader(task_id), file_request, task_id, asked)

    def terms(self, kind: RequestKind, task_id: int, span: int, unit: int) -> Terms:
        names = self.house.unit_names()
        match kind:
            case RequestKind.EXTENSION:
                return Terms(due_on=date(2013, 12, 31) + timedelta(days=span + unit))
            case RequestKind.REASSIGNMENT:
                return Terms(unit=names[unit % len(names)] if unit % 4 else None)
            case RequestKind.SUSPENSION:
                return Terms(days=abs(span))
            case RequestKind.TARGET_CHANGE:
                return Terms(
                    targets={self.targets(task_id)[unit % len(self.targets(task_id))]: float(unit % 13) if unit % 5 else (3.0, 9.0)}
                )
            case _:
                return Terms()

    def request(self, pick: int) -> int:
        found = self.rows(select(Request.id).where(Request.state == RequestState.FILED)) if pick % 8 else self.rows(select(Request.id))
        return found[pick % len(found)] if found else 1

    @rule(pick=picks, who=actors, span=spans, unit=picks, keep=st.booleans())
    def approve(self, pick: int, who: str, span: int, unit: int, keep: bool) -> None:
        request_id = self.request(pick)
        kinds = self.rows(select(Request.kind, Request.task_id).where(Request.id == request_id))
        terms = self.terms(*kinds[0], span, unit) if kinds and pick % 4 == 0 else Terms()
        self.by(who, "office", approve_request, request_id, Approval(terms, "同意", keep))

    @rule(pick=picks, who=actors, reason=words)
    def refuse(self, pick: int, who: str, reason: str) -> None:
        self.by(who, "supervisor", refuse_request, self.request(pick), reason)

    @rule(pick=picks, who=actors)
    def withdraw_asking(self, pick: int, who: str) -> None:
        request_id = self.request(pick)
        task_ids = self.rows(select(Request.task_id).where(Request.id == request_id))
        self.by(who, self.house.leader(task_ids[0] if task_ids else 1), withdraw_request, request_id)

    @rule(pick=picks, who=actors, figures=st.lists(st.integers(0, 9), min_size=2, max_size=3), span=spans)
    def hand_down(self, pick: int, who: str, figures: list[int], span: int) -> None:
        task_id = self.task(pick, TaskState.IN_PROGRESS)
        rows = self.rows(select(Target).where(Target.task_id == task_id))
        shares = []
        for number, (unit, least) in enumerate(zip(("北市科技局", "南市科技局", "东县科技局"), figures, strict=False)):
            told = {
                row.measure: Figure((row.value or row.low or 0) + least, (row.value or row.high or 0) + least)
                for row in rows
                if row.value or row.low
            }
            due_on = self.house.day + timedelta(days=span) if span and number else None
            shares.append(Share(unit, told if pick % 3 else {}, due_on))
        self.by(who, self.house.leader(task_id), decompose_task, task_id, shares)
