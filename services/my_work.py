"""My work: what is asked of a unit now and nothing else, in the order in which it should be done; then what is coming, and what is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from models.task import TaskState
from rules.errors import DubanError
from rules.periods import quarter_of
from rules.rights import Actor
from rules.rule_set import RuleSet
from rules.texts import _
from rules.words import period_words
from services.reported import reporting_limit
from services.request_list import RequestRow, requests_of_unit
from services.work_asked import Ask, Asked, WorkTask, asked_of, work_task
from services.work_facts import Done, WorkFacts, read_work_facts

COMING_DAYS = 30
ANSWERED_DAYS = 14


@dataclass(frozen=True)
class Coming:
    """Something that falls due within the days looked ahead."""

    on: date
    what: str
    task: WorkTask


@dataclass(frozen=True)
class MyWork:
    """A unit's work on a day. `led` and `supported` are all its open tasks; `done` the latest of `done_count`."""

    day: date
    asked: tuple[Asked, ...]
    requests: tuple[RequestRow, ...]
    coming: tuple[Coming, ...]
    led: tuple[WorkTask, ...]
    supported: tuple[WorkTask, ...]
    done: tuple[Done, ...]
    done_count: int


def my_work(session: Session, actor: Actor, day: date, rules: RuleSet) -> MyWork:
    """Return what is asked of the actor's unit on `day`. Codes: no-unit, for an account that acts for none."""
    if actor.unit_id is None:
        raise DubanError("no-unit", _("账号 {name} 没有所属单位，没有要办理的事项").format(name=actor.name))
    facts = read_work_facts(session, actor.unit_id, day, rules)
    tasks = {record.name.id: work_task(facts, record) for record in (*facts.led, *facts.supported)}
    asked = sorted(asked_of(facts, tasks), key=lambda one: (list(Ask).index(one.ask), one.by or date.max, one.about))
    return MyWork(
        day=day,
        asked=tuple(asked),
        requests=tuple(requests_of_unit(session, actor.unit_id, day - timedelta(days=ANSWERED_DAYS))),
        coming=tuple(sorted(_coming(facts, tasks), key=lambda one: (one.on, one.task.id))),
        led=tuple(tasks[one.name.id] for one in facts.led),
        supported=tuple(tasks[one.name.id] for one in facts.supported),
        done=tuple(facts.done),
        done_count=facts.done_count,
    )


def _coming(facts: WorkFacts, tasks: Mapping[int, WorkTask]) -> Iterator[Coming]:
    last = facts.day + timedelta(days=COMING_DAYS)
    for record in facts.led:
        if record.facts.state not in (TaskState.ASSIGNED, TaskState.IN_PROGRESS):
            continue
        task = tasks[record.name.id]
        ahead = [(record.facts.due_on, _("到期")), (record.facts.starts_on, _("开始"))]
        ahead += [(one.due_on, _("节点：{title}").format(title=one.title)) for one in record.facts.milestones if not one.is_done]
        this = quarter_of(facts.day)
        limit = reporting_limit(this, record.rules)
        if record.facts.starts_on <= this.ends_on < record.facts.due_on and this.code not in record.reported.first_filed_on:
            ahead.append((limit, _("填报{period}进展").format(period=period_words(this.code))))
        yield from (Coming(on, what, task) for on, what in ahead if facts.day < on <= last)
