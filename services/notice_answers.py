"""A unit's answer to a notice: who signs for it, and what is said to its demand. Both may come in one act; a later answer takes the place of an earlier one,
which the ledger keeps.
"""

from dataclasses import dataclass

from sqlmodel import Session

from models.notice import NoticeLevel, NoticeState
from rules.errors import DubanError
from rules.notice_words import notice_state_name
from rules.rights import Act
from rules.texts import _
from services.ledger import Event, record
from services.notices import LONGEST_RECEIVER, locked_notice, unknown_notice
from services.occasion import Occasion

ANSWER_NOTICE = "answer-notice"
LONGEST_REPLY = 2000


@dataclass(frozen=True)
class NoticeAnswer:
    """What is answered. `receiver` is needed until the notice is signed for, `reply` afterwards."""

    receiver: str = ""
    reply: str = ""


def answer_notice(session: Session, notice_id: int, answer: NoticeAnswer, occasion: Occasion) -> None:
    """Sign for an issued notice, reply to it, or both, on the occasion's day.

    Codes: unknown-notice (of a proposal too, which goes to no unit), notice-not-waiting, bad-receiver, empty-answer, answer-too-long.
    """
    locked = locked_notice(session, notice_id, occasion, Act.RECEIVE_NOTICE)
    notice, receiver, reply = locked.notice, answer.receiver.strip(), answer.reply.strip()
    if notice.level is NoticeLevel.ACCOUNTABILITY:
        raise unknown_notice(notice_id)
    _refuse_unfit(notice.state, notice_id, receiver, reply)
    said: dict[str, object] = {"notice": notice.id, "level": notice.level.value, "doc_no": notice.doc_no}
    if notice.state is NoticeState.ISSUED:
        notice.state, notice.received_on, notice.receiver = NoticeState.RECEIVED, occasion.day, receiver
        said["receiver"] = receiver
    if reply:
        notice.reply, notice.replied_on = reply, occasion.day
        said["reply"] = reply
    session.add(notice)
    record(session, occasion, Event(ANSWER_NOTICE, f"notice {notice.id}", locked.plan_id, notice.task_id, after=said))


def _refuse_unfit(state: NoticeState, notice_id: int, receiver: str, reply: str) -> None:
    if state not in (NoticeState.ISSUED, NoticeState.RECEIVED):
        text = _("通知单 {id} 现在是“{state}”，不能这样办理")
        raise DubanError("notice-not-waiting", text.format(id=notice_id, state=notice_state_name(state)))
    if state is NoticeState.ISSUED and not 0 < len(receiver) <= LONGEST_RECEIVER:
        raise DubanError("bad-receiver", _("请写明签收人，不超过 {most} 个字").format(most=LONGEST_RECEIVER))
    if state is NoticeState.RECEIVED and not reply:
        raise DubanError("empty-answer", _("通知单 {id} 已经签收，请写明办理情况").format(id=notice_id))
    if len(reply) > LONGEST_REPLY:
        raise DubanError("answer-too-long", _("办理情况最多 {most} 个字，现在有 {count} 个").format(most=LONGEST_REPLY, count=len(reply)))
