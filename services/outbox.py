"""The outbox: each message leaves once. Claim, mark as being handed over, hand over, mark as sent, each committed before the next.

Several processes may do this at once; every step is a conditional update, so each message is one's or the other's. Who was stopped is seen from the state
that was left (`services/left_behind.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import Session

from models.notice import MessageState
from notify.channel import Channel, ChannelDownError, DeliveryError, Mail, MailFile, lanes_of, parts_of, send_together
from rules.errors import DubanError
from rules.texts import _
from services.attempts import Ended, begin, broken, end, end_all, not_begun, refused, sent, wait_for
from services.claims import Claimed, claim_some, release
from services.courier import Courier
from services.delivered import AT_ONCE, enter_sent, lock_plans
from services.fallbacks import fall_back
from services.left_behind import take_up_left_behind
from services.occasion import SYSTEM, Occasion
from services.portions import portions

CHUNK = 100
_Begun = tuple[Claimed, int]
LONGEST_WAIT = timedelta(minutes=10)


@dataclass
class DeliveryReport:
    """What became of the messages of one run, by their numbers; `channel_errors` says by channel why it could not be used at all, or any longer.

    `replaced` gives for a failed message the one that goes out for it on another channel.
    """

    sent: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    replaced: dict[int, int] = field(default_factory=dict)
    channel_errors: dict[str, str] = field(default_factory=dict)


def deliver(courier: Courier, day: date) -> DeliveryReport:
    """Hand over every message that waits, channel by channel; running it again, or twice at once, doubles nothing.

    1. What earlier runs left behind is taken up or shown as uncertain, and what they sent is entered. 2. Each channel with waiting messages is opened; where one
    is down, nothing of it is touched. 3. Each message goes its way alone: what happens to one does not stop the others, except that the channel breaks down.
    4. What failed for good and has another way goes that way.
    """
    report = DeliveryReport()
    courier.write(partial(take_up_left_behind, courier=courier))
    while courier.write(partial(enter_sent, occasion=Occasion(SYSTEM, day, courier.now()))) == AT_ONCE:
        pass
    for channel in courier.routes:
        _Round(courier, channel, day, report).run()
    if report.replaced:
        for channel in courier.routes:
            _Round(courier, channel, day, report).run()
    return report


class _NoTimeLeftError(Exception):
    """The channel's rates want longer waits than a run may take."""


class _Round:
    """One channel's part of a run."""

    def __init__(self, courier: Courier, channel: Channel, day: date, report: DeliveryReport) -> None:
        self._courier = courier
        self._channel = channel
        self._day = day
        self._report = report
        self._lanes = lanes_of(channel)
        self._unwritten: list[Ended] = []
        self._waited = timedelta()
        self._count = min([CHUNK, *(rate.count for rate in channel.rates)])

    def run(self) -> None:
        """Hand over some messages at a time until none waits, the channel is down, or its rates leave no more time."""
        claimed = self._claim()
        if not claimed:
            return
        try:
            self._channel.open()
            while claimed:
                self._hand_over_all(claimed)
                claimed = self._claim()
        except ChannelDownError as error:
            self._report.channel_errors[self._channel.name] = str(error)
        except _NoTimeLeftError:
            self._report.channel_errors[self._channel.name] = _("渠道“{name}”限制发送速度，其余消息下次再发").format(
                name=self._channel.name
            )
        finally:
            self._channel.close()
        self._give_back(claimed)

    def _claim(self) -> list[Claimed]:
        courier = self._courier
        return courier.write(lambda session: claim_some(session, self._channel.name, self._count, courier.owner, courier.now()))

    def _give_back(self, claimed: Sequence[Claimed]) -> None:
        if claimed:
            self._courier.write(partial(release, ids=[one.mail.id for one in claimed], owner=self._courier.owner))

    def _hand_over_all(self, claimed: Sequence[Claimed]) -> None:
        try:
            for some in portions(claimed, self._lanes):
                self._hand_over(some)
        except (ChannelDownError, _NoTimeLeftError):
            self._settle(claimed)
            raise
        self._settle(claimed)

    def _settle(self, claimed: Sequence[Claimed]) -> None:
        self._write_end()
        ids = [one.mail.id for one in claimed]
        self._courier.write(lambda session: enter_sent(session, self._occasion(), ids))

    def _hand_over(self, some: Sequence[Claimed]) -> None:
        """Hand over as many messages as there are lanes, all at once."""
        begun = self._begin(some)
        errors = self._send([claimed for claimed, _delivery_id in begun])
        at = self._courier.now()
        for (claimed, delivery_id), error in zip(begun, errors, strict=True):
            self._unwritten.append(self._ended(claimed, delivery_id, at, error))
        for error in errors:
            if isinstance(error, ChannelDownError):
                raise error

    def _send(self, some: Sequence[Claimed]) -> Sequence[Exception | None]:
        """Send what can be sent, and return what went wrong with each; None where nothing did."""
        mails = [self._mail_of(one) for one in some]
        errors = iter(send_together(self._channel, [mail for mail in mails if isinstance(mail, Mail)]))
        return [next(errors) if isinstance(mail, Mail) else mail for mail in mails]

    def _ended(self, claimed: Claimed, delivery_id: int, at: datetime, error: Exception | None) -> Ended:
        if error is None:
            return sent(claimed, delivery_id, at)
        if isinstance(error, ChannelDownError):
            return not_begun(claimed, delivery_id, at, str(error))
        return refused(claimed, delivery_id, at, error if isinstance(error, DeliveryError) else broken(self._channel, error))

    def _mail_of(self, claimed: Claimed) -> Mail | DeliveryError:
        try:
            files = tuple(MailFile(name, self._courier.read_file(sha256)) for name, sha256 in claimed.files)
        except DubanError as error:
            return DeliveryError(error.message, permanent=True)
        return replace(claimed.mail, at=self._courier.now(), files=files)

    def _begin(self, some: Sequence[Claimed]) -> Sequence[_Begun]:
        """Write what came of the last messages and begin these, in one transaction; where the channel must rest first, the end is not kept waiting."""
        while True:
            begun = self._courier.write(partial(self._end_and_begin, some=some))
            self._forget_written()
            if not isinstance(begun, timedelta):
                return begun
            if self._waited + begun > LONGEST_WAIT:
                raise _NoTimeLeftError
            self._waited += begun
            self._courier.pause(begun.total_seconds())

    def _end_and_begin(self, session: Session, some: Sequence[Claimed]) -> timedelta | Sequence[_Begun]:
        self._end(session)
        at = self._courier.now()
        # Where there are rates, there is one lane.
        wait = wait_for(session, self._channel, some[0], at)
        if wait:
            return wait
        parts = [parts_of(self._channel, one.mail) if self._channel.rates else 1 for one in some]
        begun = [(one, begin(session, one, self._courier.owner, at, count)) for one, count in zip(some, parts, strict=True)]
        return [(one, delivery_id) for one, delivery_id in begun if delivery_id is not None]

    def _write_end(self) -> None:
        if self._unwritten:
            self._courier.write(self._end)
            self._forget_written()

    def _end(self, session: Session) -> None:
        failed = [ended.message_id for ended in self._unwritten if ended.state is MessageState.FAILED]
        if failed:
            lock_plans(session, failed)
        elif len(self._unwritten) > 1:
            end_all(session, self._unwritten, self._courier.owner)
            return
        for ended in self._unwritten:
            if end(session, ended, self._courier.owner) and ended.state is MessageState.FAILED:
                other = fall_back(session, ended.message_id, self._courier.routes, self._occasion())
                if other is not None:
                    self._report.replaced[ended.message_id] = other

    def _forget_written(self) -> None:
        lists = {MessageState.SENT: self._report.sent, MessageState.FAILED: self._report.failed}
        lists |= {MessageState.UNCERTAIN: self._report.uncertain, MessageState.PENDING: self._report.postponed}
        for ended in self._unwritten:
            if ended.next_attempt_at is not None or ended.state is not MessageState.PENDING:
                lists[ended.state].append(ended.message_id)
        self._unwritten = []

    def _occasion(self) -> Occasion:
        return Occasion(SYSTEM, self._day, self._courier.now())
