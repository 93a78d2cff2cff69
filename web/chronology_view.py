"""A task's history as its page shows it: every act with its day, who, what was said and what was sent; nothing that the ledger tells is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.notice import MessageState
from rules.rights import role_name
from rules.texts import _
from rules.transitions import TaskEvent
from rules.words import channel_word, day_words, duty_word, period_words
from services.act_names import act_name
from services.chronology import ActLine, Chronology
from services.task_evidence import TaskFile
from services.task_messages import SentMessage
from web.words import message_word, moment_words, size_words

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True)
class ShownMessage:
    """One message in a sentence; `tone` is `red` where it has not surely arrived."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class ShownFile:
    """A file handed in: its download, what is known of it, and the address of its picture where it is one."""

    name: str
    to: str
    size: str
    kind: str
    sha256: str
    unit: str
    day: str
    about: str
    picture: str = ""


@dataclass(frozen=True)
class ShownAct:
    """One act: the day and the moment it was written down, what it was, who did it, and everything said of it. `tone` sets judgements and lateness apart."""

    seq: int
    day: str
    iso: str
    moment: str
    act: str
    who: str
    remark: str
    tone: str
    sentences: tuple[str, ...]
    files: tuple[ShownFile, ...]
    messages: tuple[ShownMessage, ...]


_TONES = {
    **dict.fromkeys(("return", "return-report", "report-missed", "issue-notice", "reopen", "refuse-request", "cancel"), "red"),
    **dict.fromkeys(("urge", "urge-by-phone", "remind", "suspend"), "yellow"),
    **dict.fromkeys(("complete", "close", "accept-report", "approve-request"), "green"),
}


def shown_acts(task_id: int, told: Chronology) -> tuple[ShownAct, ...]:
    """Return the acts, the latest first."""
    return tuple(_act(task_id, line) for line in reversed(told.lines))


def shown_files(task_id: int, files: Iterable[TaskFile]) -> tuple[ShownFile, ...]:
    """Return the files as they are listed."""
    return tuple(_file(task_id, file) for file in files)


def _act(task_id: int, line: ActLine) -> ShownAct:
    remark = _("所办之事按{day}计算").format(day=day_words(line.for_day)) if line.for_day and line.act != TaskEvent.COMPLETE.value else ""
    return ShownAct(
        seq=line.seq,
        day=day_words(line.acted_on),
        iso=line.acted_on.isoformat(),
        moment=moment_words(line.at),
        act=act_name(line.act),
        who=_who(line),
        remark=remark,
        tone=_TONES.get(line.act, ""),
        sentences=line.sentences,
        files=shown_files(task_id, line.files),
        messages=tuple(_messages(line.messages)),
    )


def _who(line: ActLine) -> str:
    if line.is_system:
        return _("系统")
    if line.unit:
        return _("{unit}（{name}）").format(unit=line.unit, name=line.actor)
    return _("{office}（{name}）").format(office=role_name(line.role), name=line.actor) if line.role else line.actor


def _messages(messages: Iterable[SentMessage]) -> Iterator[ShownMessage]:
    for one in messages:
        person = _("{name}（{duty}）").format(name=one.name, duty=duty_word(one.duty)) if one.duty else one.name
        address = _("{channel} {address}").format(channel=channel_word(one.channel), address=one.address)
        said = [_("发给{unit}{person}").format(unit=one.unit, person=person), address, _delivered(one)]
        is_bad = one.state in (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.BOUNCED)
        yield ShownMessage(_("，").join(said), "red" if is_bad else "")


def _delivered(one: SentMessage) -> str:
    if one.state is MessageState.BOUNCED and one.bounced_at:
        return _("{moment}被退回").format(moment=moment_words(one.bounced_at))
    if one.state is MessageState.SENT and one.sent_at:
        return _("{moment}已发出").format(moment=moment_words(one.sent_at))
    return message_word(one.state)


def _file(task_id: int, file: TaskFile) -> ShownFile:
    to = f"/tasks/{task_id}/evidence/{file.id}"
    about = _("{member}的材料").format(member=file.member) if file.member else period_words(file.period)
    return ShownFile(
        name=file.name,
        to=to,
        size=size_words(file.size_bytes),
        kind=file.name.rpartition(".")[2].upper() if "." in file.name else file.media_type,
        sha256=file.sha256[:12],
        unit=file.unit,
        day=day_words(file.day),
        about=about,
        picture=f"{to}?inline=1" if file.media_type in PICTURES else "",
    )
