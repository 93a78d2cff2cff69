"""Why somebody was, or was not, reminded on a day: in plain sentences, each resting on the record.

A day gone by is told from what was known then: the tasks, the register of contacts, the rules. What was said is read from the messages themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import MessageState, Reminder
from models.plan import Plan, PlanState
from models.task import TaskState
from models.unit import Contact, ContactDuty
from notify.channel import Routes
from notify.messages import Line
from notify.office_wording import message_state_word
from notify.wording import rule_words
from rules.calendar import is_working_day, working_days_until
from rules.errors import DubanError
from rules.reminders import is_said
from rules.rights import Actor
from rules.rule_set import RuleSet
from rules.texts import _
from rules.words import channel_word, day_words, duty_word
from services.asking_tasks import asking_among
from services.contacts import Recipient, reach_of
from services.due_lines import as_reminder, due_lines
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.message_list import MessageFilter, MessageRow, list_messages, refuse_reader
from services.past import Past, past_on
from services.reminder_plan import obstacle
from services.who import Who, who_is

_HERE = ZoneInfo("Asia/Shanghai")
_MOST_QUIET = 20


@dataclass(frozen=True)
class WhyQuestion:
    """Who (a unit, a contact's name or address, an account), on which day, and about one task only where one is named. `today` is the day it is asked on."""

    who: str
    day: date
    today: date
    task_id: int | None = None


@dataclass(frozen=True)
class WhyAnswer:
    """The answer: whom the question is about, the messages of the day, and sentences in the order of reading."""

    who: tuple[str, ...]
    day: date
    message_ids: tuple[int, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class _Said:
    """A line that was said: its message, and when that left."""

    rule: str
    period: str
    row: MessageRow


def why_reminded(session: Session, question: WhyQuestion, routes: Routes, rules: RuleSet, actor: Actor | None = None) -> WhyAnswer:
    """Answer the question; `rules` are the house's on that day. Codes: unknown-recipient, unknown-task, no-right."""
    refuse_reader(actor)
    who = who_is(session, question.who, question.day)
    day = question.day
    messages = list_messages(session, MessageFilter(recipients=who.keys), actor)
    of_day = [row for row in messages if row.day == day]
    sentences = [*_of_the_day(of_day, question), *_rest_day(day)]
    if is_working_day(day) and who.unit_ids:
        sentences += _of_tasks(session, question, who, (routes, rules), {row.id: row for row in messages})
    if who.account_names:
        sentences.append(
            _("单位的提醒发给单位的联系人；账号 {names} 只在有新的待办事项时收到摘要").format(names=_("、").join(who.account_names))
        )
    return WhyAnswer(who.names, day, tuple(row.id for row in of_day), tuple(sentences))


def message_words(row: MessageRow) -> str:
    """Return what became of a message, with when and by which Message-ID."""
    said = {
        "number": row.id,
        "name": row.name,
        "channel": channel_word(row.channel),
        "state": message_state_word(row.state),
        "id": row.message_id,
    }
    if row.state is MessageState.BOUNCED:
        text = _("消息 {number}（{name}，{channel}）{at}发出后被退回：{error}；Message-ID {id}")
    elif row.sent_at is not None:
        text = _("消息 {number}（{name}，{channel}）{at}{state}；Message-ID {id}")
    elif row.error:
        text = _("消息 {number}（{name}，{channel}）{state}：{error}；Message-ID {id}")
    else:
        text = _("消息 {number}（{name}，{channel}）{state}；Message-ID {id}")
    return text.format(at=_instant_words(row.sent_at) if row.sent_at else "", error=row.error or _("原因不明"), **said)


def _instant_words(at: datetime) -> str:
    return f"{at.astimezone(_HERE):%Y-%m-%d %H:%M:%S}"


def _of_the_day(rows: Sequence[MessageRow], question: WhyQuestion) -> Iterator[str]:
    for row in sorted(rows, key=lambda row: row.id):
        yield _("{day}有{message}").format(day=day_words(question.day), message=message_words(row))
        if row.instead_of_id is not None:
            yield _("它代替没有送达的消息 {number}").format(number=row.instead_of_id)
        if row.state is MessageState.PENDING:
            yield _waiting_words(row)


def _waiting_words(row: MessageRow) -> str:
    if row.next_attempt_at is not None:
        return _("第 {count} 次没有发成，{at}以后自动再试").format(count=row.attempts, at=_instant_words(row.next_attempt_at))
    return _("它还在发件箱里：渠道不通，或不在发送时段；发件流程会再送，也可以运行 duban remind")


def _rest_day(day: date) -> Iterator[str]:
    if not is_working_day(day):
        yield _("{day}不是工作日，不发提醒；应提醒的事项下一个工作日一并提醒").format(day=day_words(day))


def _of_tasks(
    session: Session, question: WhyQuestion, who: Who, means: tuple[Routes, RuleSet], messages: Mapping[int, MessageRow]
) -> list[str]:
    day = question.day
    routes, rules = means
    plans = {plan.id or 0: plan for plan in session.exec(select(Plan))}
    records = read_tasks(session, Viewpoint(day, day), rules, list(plans))
    own = [one for one in records if one.name.lead_id in who.unit_ids and question.task_id in (None, one.name.id)]
    if question.task_id is not None and not own:
        return _other_task(records, question.task_id)
    open_records = [one for one in own if plans[one.name.plan_id].state is PlanState.IN_FORCE]
    known = past_on(session, day) if day < question.today else Past()
    due = due_lines(session, asking_among(open_records, day), plans, day, known)
    mine = {key: lines for key, lines in due.items() if key[0].key in who.keys or not who.is_person}
    told = _told(session, who.keys, messages)
    sentences = [
        words
        for (recipient, is_open), lines in mine.items()
        for words in _line_sentences(_Asked(recipient, is_open, question), lines, told, routes)
    ]
    if who.is_person and due and not mine:
        sentences += _not_addressed(session, who, day, known)
    spoken = {line.task_id for lines in due.values() for line in lines}
    return sentences + _quiet_sentences([one for one in own if one.name.id not in spoken], plans, question)


@dataclass(frozen=True)
class _Asked:
    recipient: Recipient
    is_open: bool
    question: WhyQuestion


def _line_sentences(asked: _Asked, lines: Sequence[Line], told: Sequence[tuple[str, int, _Said]], routes: Routes) -> Iterator[str]:
    recipient = asked.recipient
    channel = routes.leading(recipient.channel)
    held_for = obstacle(recipient, asked.is_open, channel)
    if recipient.deputy_for:
        yield _("{absent}不在，由{person}代收").format(absent=recipient.deputy_for, person=recipient.person)
    for line in lines:
        said = [one for key, task_id, one in told if (key, task_id) == (recipient.key, line.task_id)]
        text = _("{person}应知道：[{number}] {task}，{why}，时限{limit}。{what}")
        yield text.format(
            person=_person(recipient),
            number=line.task_id,
            task=line.task,
            why=rule_words(line.rule),
            limit=day_words(line.limit_on),
            what=_what_happened(line, said, held_for, asked.question),
        )


def _what_happened(line: Line, said: Sequence[_Said], held_for: tuple[str, str] | None, question: WhyQuestion) -> str:
    known = [one for one in said if is_said(as_reminder(line), [(one.rule, one.period)])]
    before = [one for one in known if one.row.day <= question.day]
    if before:
        return _("已说过：{message}").format(message=message_words(before[-1].row))
    if held_for is not None:
        return held_for[1]
    if known:
        return _("当天没有说，后来说了：{message}").format(message=message_words(known[0].row))
    if question.day < question.today:
        return _("没有说过的记录：那天没有运行提醒，或那人当天已有一封消息；以后运行时仍应提醒的会补上")
    return _("还没有说；当天已有一封消息的下一个工作日说，否则运行 duban remind 就说")


def _told(session: Session, keys: frozenset[str], messages: Mapping[int, MessageRow]) -> list[tuple[str, int, _Said]]:
    columns = (Reminder.recipient, Reminder.task_id, Reminder.rule, Reminder.period, Reminder.message_id)
    rows = session.execute(
        sa.select(*map(col, columns)).where(col(Reminder.recipient).in_(keys)).order_by(col(Reminder.message_id))
    ).tuples()
    return [(key, task_id, _Said(rule, period, messages[number])) for key, task_id, rule, period, number in rows if number in messages]


def _not_addressed(session: Session, who: Who, day: date, known: Past) -> Iterator[str]:
    """Say why a person of the unit gets none of what the unit is reminded of."""
    reach = reach_of(session, who.unit_ids, day, known)
    reached = {recipient.key for unit in reach.values() for _duty, recipient in unit.contacts}
    for contact in session.exec(select(Contact).where(col(Contact.id).in_(who.contact_ids))):
        if f"contact-{contact.id}" not in reached:
            yield _("{name}那天不在，消息由代办人或单位的其他联系人收").format(name=contact.name)
        elif contact.duty in (ContactDuty.LEADER, ContactDuty.HEAD):
            yield _("{name}是{duty}，不收日常提醒，只收督办通知单").format(name=contact.name, duty=duty_word(contact.duty))
        elif contact.duty is ContactDuty.OFFICE:
            yield _("{name}是{duty}，有联络员或经办人时只在超期催办时收").format(name=contact.name, duty=duty_word(contact.duty))


def _quiet_sentences(records: Sequence[TaskRecord], plans: Mapping[int, Plan], question: WhyQuestion) -> list[str]:
    """Say of tasks that ask for nothing why they do not; of many that there are."""
    if len(records) > _MOST_QUIET:
        return [_("另有 {count} 项任务当天没有要提醒的；用 --task 查看其中一项").format(count=len(records))]
    return [_quiet(record, plans[record.name.plan_id], question.day) for record in records]


def _quiet(record: TaskRecord, plan: Plan, day: date) -> str:
    facts, rules = record.facts, record.rules
    if plan.state is not PlanState.IN_FORCE:
        why = _("计划已经关闭，不再提醒")
    elif facts.state in _QUIET_STATES:
        why = _quiet_state(facts.state)
    elif day < facts.starts_on:
        why = _("{day}才开始").format(day=day_words(facts.starts_on))
    elif day > facts.due_on:
        steps = _("、").join(str(step) for step in rules.overdue_steps)
        why = _("已过时限，规则在其后第 {steps} 个工作日催办").format(steps=steps)
    else:
        leads = _("、").join(str(lead) for lead in rules.reminder_leads)
        text = _("{limit}到期，还有 {left} 个工作日；规则在到期前 {leads} 个工作日提醒")
        why = text.format(limit=day_words(facts.due_on), left=working_days_until(day, facts.due_on), leads=leads)
    return _("[{number}] {task}当天没有要提醒的：{why}").format(number=record.name.id, task=record.name.title, why=why)


_QUIET_STATES = (TaskState.SUBMITTED, TaskState.COMPLETED, TaskState.CLOSED, TaskState.SUSPENDED, TaskState.CANCELLED)


def _quiet_state(state: TaskState) -> str:
    return {
        TaskState.SUBMITTED: _("已申请办结，等待审核，其间不提醒"),
        TaskState.COMPLETED: _("已经办结"),
        TaskState.CLOSED: _("已经销号"),
        TaskState.SUSPENDED: _("已经暂缓"),
        TaskState.CANCELLED: _("已经终止"),
    }[state]


def _other_task(records: Sequence[TaskRecord], task_id: int) -> list[str]:
    """Say who is reminded of a task that the asked-about unit does not lead."""
    found = next((record for record in records if record.name.id == task_id), None)
    if found is None:
        raise DubanError("unknown-task", _("没有任务 {id}，请用 duban task list 查看").format(id=task_id))
    text = _("[{number}] {task}由{lead}牵头，提醒发给牵头单位")
    return [text.format(number=task_id, task=found.name.title, lead=found.name.lead)]


def _person(recipient: Recipient) -> str:
    return f"{recipient.person}（{recipient.unit}）" if recipient.person else recipient.unit
