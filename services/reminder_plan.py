"""What would be said on a day, to whom, and what would not and why. Reads only: the preview and the writing both start from here.

What is due is computed anew from the facts each time (level-triggered); what was said is known from the lines of earlier messages.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, select

from models.plan import Plan, PlanState
from notify.channel import Channel, Routes
from notify.messages import AnyLine, Line
from rules.calendar import calendar_is_known, is_working_day
from rules.office_matters import OfficeMatter
from rules.periods import period_before, quarter_of
from rules.reminders import DueReminder, ReportDue, Urgency, Watched, is_said, reminders_due
from rules.rule_set import RuleSet
from rules.texts import _
from services.contacts import Recipient, reach_of
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.office_lines import Unreached, office_people, parts_of_office, waiting_matters
from services.outbox_view import Outbox, marks_of, read_outbox
from services.past import Past
from services.reported import owed_periods, reporting_limit


@dataclass(frozen=True)
class Portion:
    """What a message says to one recipient. `older` counts what an office was told before and still waits."""

    recipient: Recipient
    lines: tuple[AnyLine, ...]
    older: Mapping[OfficeMatter, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """A message to be queued on a channel for one person, who may be several units' contact: a portion for each.

    `waiting_id` is the person's message that still waits and is rewritten into this one.
    """

    portions: tuple[Portion, ...]
    channel: str
    waiting_id: int | None = None

    @property
    def recipient(self) -> Recipient:
        """Return the recipient the message is stored under."""
        return self.portions[0].recipient

    @property
    def lines(self) -> tuple[AnyLine, ...]:
        """Return all lines of the message."""
        return tuple(line for portion in self.portions for line in portion.lines)

    @property
    def unit(self) -> str:
        """Return the units it is for."""
        return _("、").join(dict.fromkeys(portion.recipient.unit for portion in self.portions))


@dataclass(frozen=True)
class Held:
    """Lines that are due and yet not sent on this day: a stable code and what a reader should know or do."""

    recipient: Recipient
    lines: tuple[AnyLine, ...]
    code: str
    reason: str


@dataclass(frozen=True)
class ReminderPlan:
    """A day's reminders. `moot_ids` are waiting messages in which nothing is due any more; `repeated_count` lines were said before."""

    day: date
    is_working_day: bool = True
    outgoing: tuple[Outgoing, ...] = ()
    held: tuple[Held, ...] = ()
    moot_ids: tuple[int, ...] = ()
    repeated_count: int = 0
    unknown_years: tuple[int, ...] = ()


def plan_reminders(session: Session, day: date, routes: Routes, rules: RuleSet) -> ReminderPlan:
    """Return what is to be said on `day`, to each person through the channel it reads. On a rest day nothing is."""
    if not is_working_day(day):
        return ReminderPlan(day, is_working_day=False, unknown_years=_unknown_years(day, []))
    plans = {plan.id or 0: plan for plan in session.exec(select(Plan).where(Plan.state == PlanState.IN_FORCE))}
    records = read_tasks(session, Viewpoint(day, day), rules, list(plans))
    due = due_lines(session, records, plans, day)
    outbox = read_outbox(session, day)
    portions, held, repeated_count = _unit_portions(due, outbox, routes)
    portions += _office_portions(session, records, held, outbox, (day, routes))
    outgoing, in_the_way = _by_person(portions, outbox, routes)
    kept = {message.waiting_id for message in outgoing}
    return ReminderPlan(
        day=day,
        outgoing=tuple(outgoing),
        held=(*held, *in_the_way),
        moot_ids=tuple(sorted(set(outbox.waiting.values()) - kept)),
        repeated_count=repeated_count,
        unknown_years=_unknown_years(day, [line for lines in due.values() for line in lines]),
    )


def _unit_portions(
    due: Mapping[tuple[Recipient, bool], Sequence[Line]], outbox: Outbox, routes: Routes
) -> tuple[list[Portion], list[Held], int]:
    portions, held, repeated_count = [], [], 0
    for (recipient, is_open), lines in due.items():
        channel = routes.leading(recipient.channel)
        way = recipient.key, channel.name if channel else recipient.channel
        fresh = tuple(line for line in lines if not is_said(as_reminder(line), outbox.said.get((*way, line.task_id), ())))
        repeated_count += len(lines) - len(fresh)
        held_for = obstacle(recipient, is_open, channel)
        if fresh and held_for:
            held.append(Held(recipient, fresh, *held_for))
        elif fresh:
            portions.append(Portion(recipient, fresh))
    return portions, held, repeated_count


def _office_portions(
    session: Session, records: Sequence[TaskRecord], held: Sequence[Held], outbox: Outbox, at: tuple[date, Routes]
) -> list[Portion]:
    """Return what the house's own people are told; nothing is looked for where nobody of them is written to."""
    day, routes = at
    people = [(person, channel) for person in office_people(session) if (channel := routes.leading(person.recipient.channel)) is not None]
    if not people:
        return []
    unreached = {one.recipient.unit_id: one for one in held}
    missing = [Unreached(unit_id or 0, one.recipient.unit, one.code, one.lines[0].task_id) for unit_id, one in unreached.items()]
    lines = waiting_matters(session, records, missing, day)
    said = {person.recipient.key: outbox.told(person.recipient.key, channel.name) for person, channel in people}
    parts = parts_of_office(session, [person for person, _channel in people], lines, said)
    return [Portion(part.recipient, part.fresh, part.older) for part in parts if part.fresh]


def _by_person(portions: Sequence[Portion], outbox: Outbox, routes: Routes) -> tuple[list[Outgoing], list[Held]]:
    """Bring together what goes to one address on one channel; where that person has had his message of the day, hold it back."""
    people: dict[tuple[str, str], list[Portion]] = defaultdict(list)
    for portion in portions:
        channel = routes.leading(portion.recipient.channel)
        assert channel is not None
        people[marks_of(portion.recipient)[-1], channel.name].append(portion)
    outgoing, held = [], []
    for (_person, channel_name), own in people.items():
        ways = [(mark, channel_name) for portion in own for mark in marks_of(portion.recipient)]
        reason = next((outbox.in_the_way[way] for way in ways if way in outbox.in_the_way), None)
        if reason is not None:
            held += [Held(portion.recipient, portion.lines, "message-in-the-way", reason) for portion in own]
        else:
            waiting_id = next((outbox.waiting[way] for way in ways if way in outbox.waiting), None)
            outgoing.append(Outgoing(tuple(own), channel_name, waiting_id))
    return outgoing, held


def obstacle(recipient: Recipient, is_open: bool, channel: Channel | None) -> tuple[str, str] | None:
    """Return the code and the reason why nobody can be told, None where somebody can."""
    if is_open and not recipient.address:
        return "members-not-named", _("“{unit}”所含单位尚未明确，明确后才能提醒").format(unit=recipient.unit)
    if recipient.is_away:
        return "all-away", _("“{unit}”的联系人都不在，也没有代办人；请用 duban unit absence 写明代办人").format(unit=recipient.unit)
    if channel is None:
        return "no-channel", _("没有设置渠道“{channel}”").format(channel=recipient.channel)
    if channel.needs_address and not recipient.address:
        return "no-address", _("没有“{unit}”的联系人地址，请用 duban unit contact 登记").format(unit=recipient.unit)
    return None


def due_lines(
    session: Session, records: Sequence[TaskRecord], plans: Mapping[int, Plan], day: date, known: Past | None = None
) -> Mapping[tuple[Recipient, bool], list[Line]]:
    """Return what is due on `day`, said before or not, by recipient and whether the unit is a set not named yet; `known` is the past of a day gone by."""
    due = [(record, reminder) for record in records for reminder in reminders_due(_watched(record, day), day, record.rules)]
    reach = reach_of(session, {record.name.lead_id for record, _reminder in due}, day, known or Past())
    lines: dict[tuple[Recipient, bool], list[Line]] = defaultdict(list)
    for record, reminder in due:
        unit = reach[record.name.lead_id]
        for recipient in unit.recipients(urging=reminder.urgency is Urgency.OVERDUE):
            lines[recipient, unit.is_open].append(_line(record, reminder, plans[record.name.plan_id]))
    return lines


def _watched(record: TaskRecord, day: date) -> Watched:
    this_quarter = quarter_of(day)
    recent = (period_before(this_quarter), this_quarter)
    owed = [period for period in owed_periods(record.facts.starts_on, record.life, this_quarter.ends_on) if period in recent]
    filed = record.reported.first_filed_on
    reports = tuple(ReportDue(period.code, period.ends_on, reporting_limit(period, record.rules), period.code in filed) for period in owed)
    return Watched(record.facts, record.life.handed_on, reports)


def _line(record: TaskRecord, reminder: DueReminder, plan: Plan) -> Line:
    return Line(
        rule=reminder.rule,
        period=reminder.period,
        urgency=reminder.urgency,
        limit_on=reminder.limit_on,
        task_id=record.name.id,
        task=record.name.title,
        plan_id=record.name.plan_id,
        plan=plan.title,
        doc_no=plan.doc_no,
    )


def as_reminder(line: Line) -> DueReminder:
    """Return the reminder a line says."""
    return DueReminder(line.rule, line.period, line.urgency, line.limit_on)


def _unknown_years(day: date, lines: Sequence[Line]) -> tuple[int, ...]:
    def touched() -> Iterator[date]:
        yield day
        yield from (line.limit_on for line in lines)

    return tuple(sorted({at.year for at in touched() if not calendar_is_known(at)}))
