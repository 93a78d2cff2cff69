"""What would be said on a day, to whom, and what would not and why. Reads only: the preview and the writing both start from here.

What is due comes from the facts (`services.due_lines`); what was said is known from the lines of earlier messages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from sqlmodel import Session

from notify.channel import Channel, Routes
from notify.messages import AnyLine, Line
from rules.calendar import calendar_is_known, is_working_day
from rules.office_matters import OfficeMatter
from rules.reminders import is_said
from rules.rule_set import RuleSet
from rules.texts import _
from services.asking_tasks import in_force
from services.contacts import Recipient
from services.due_lines import Due, DueLines, as_reminder, due_in_force, read_due_tasks
from services.office_lines import Unreached, office_people, parts_of_office, standing_on, waiting_matters
from services.outbox_view import Outbox, SaidAbout, marks_of, read_outbox, said_about, told


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
    return planned(session, routes, due_in_force(session, day, rules) if is_working_day(day) else Due(day, rules))


def planned(session: Session, routes: Routes, due: Due) -> ReminderPlan:
    """Return what is to be said of what is due, by what the outbox tells now. On a rest day nothing is."""
    day = due.day
    if not is_working_day(day):
        return ReminderPlan(day, is_working_day=False, unknown_years=_unknown_years(day, []))
    outbox = read_outbox(session, day)
    task_ids = sorted({line.task_id for lines in due.lines.values() for line in lines})
    portions, held, repeated_count = _unit_portions(due.lines, said_about(session, task_ids), routes)
    portions += _office_portions(session, due, held, routes)
    outgoing, in_the_way = _by_person(portions, outbox, routes)
    kept = {message.waiting_id for message in outgoing}
    return ReminderPlan(
        day=day,
        outgoing=tuple(outgoing),
        held=(*held, *in_the_way),
        moot_ids=tuple(sorted(set(outbox.waiting.values()) - kept)),
        repeated_count=repeated_count,
        unknown_years=_unknown_years(day, (line for lines in due.lines.values() for line in lines)),
    )


def _unit_portions(due: DueLines, said: SaidAbout, routes: Routes) -> tuple[list[Portion], list[Held], int]:
    portions, held, repeated_count = [], [], 0
    for (recipient, is_open), lines in due.items():
        channel = routes.leading(recipient.channel)
        told_him = said.get((recipient.key, channel.name if channel else recipient.channel), {})
        fresh = (
            tuple(lines)
            if not told_him
            else tuple(line for line in lines if not is_said(as_reminder(line), told_him.get(line.task_id, ())))
        )
        repeated_count += len(lines) - len(fresh)
        held_for = obstacle(recipient, is_open, channel)
        if fresh and held_for:
            held.append(Held(recipient, fresh, *held_for))
        elif fresh:
            portions.append(Portion(recipient, fresh))
    return portions, held, repeated_count


def _office_portions(session: Session, due: Due, held: Sequence[Held], routes: Routes) -> list[Portion]:
    """Return what the house's own people are told; nothing is looked for where nobody of them is written to."""
    people = [(person, channel) for person in office_people(session) if (channel := routes.leading(person.recipient.channel)) is not None]
    if not people:
        return []
    unreached = {one.recipient.unit_id: one for one in held}
    missing = [Unreached(unit_id or 0, one.recipient.unit, one.code, one.lines[0].task_id) for unit_id, one in unreached.items()]
    standing = standing_on(session, due.day, due.rules, in_force(session))
    lines = waiting_matters(session, standing, missing, due.day, partial(read_due_tasks, session, due))
    pairs = told(session, [person.recipient.key for person, _channel in people])
    said = {person.recipient.key: pairs.get((person.recipient.key, channel.name), set()) for person, channel in people}
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


def _unknown_years(day: date, lines: Iterable[Line]) -> tuple[int, ...]:
    touched = {day, *(line.limit_on for line in lines)}
    return tuple(sorted({at.year for at in touched if not calendar_is_known(at)}))
