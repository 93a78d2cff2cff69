"""The channel to a chat robot: WeCom, DingTalk and Feishu, by the web hooks they document.

They answer 200 to nearly everything; whether a message was taken says the code in the answer. Each kind reads its own codes (`notify/wecom.py` and its
neighbours); one it does not know is taken for passing and shown.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from notify.channel import ChannelDownError, DeliveryError, Mail
from notify.hook import Answer, Hook, HookClient, json_bytes
from notify.robot_text import cut, lines_of
from rules.rates import Rate
from rules.texts import _


class Verdict(StrEnum):
    """What a robot's code says: it was taken, it may pass later, this message never will, or the robot itself cannot be used."""

    TAKEN = "taken"
    PASSING = "passing"
    PERMANENT = "permanent"
    DOWN = "down"


class Dialect(Protocol):
    """How one kind of robot is spoken to. Sizes are bytes of the JSON that is posted, which is never less than what the robots' houses count."""

    @property
    def kind(self) -> str:
        """Return the kind's name, as the channels file says it."""
        ...

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Return how fast its house lets it be used."""
        ...

    def limit_bytes(self, person: str) -> int:
        """Return how long one message may be, when it calls upon `person`."""
        ...

    def size_of(self, line: str, person: str) -> int:
        """Return how much a line adds to it."""
        ...

    def content(self, title: str, lines: list[str], person: str, *, calls: bool = True) -> dict[str, Any]:
        """Return the message as the robot wants it; `person` (may be empty) is called upon where it `calls`, in the first part."""
        ...

    def signature(self, secret: str, at: datetime) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return what goes into the query and what into the message to show that it is ours."""
        ...

    def is_person(self, address: str) -> bool:
        """Tell whether somebody can be called upon by `address`."""
        ...

    def verdict(self, reply: Mapping[str, Any]) -> tuple[Verdict, int | None, str]:
        """Return what an answer says, its code (None: no answer of such a robot) and its words."""
        ...


class Robot:
    """Sends messages into the chat that a robot sits in."""

    needs_address = False
    drops_twins = False

    def __init__(
        self, name: str, dialect: Dialect, hook: Hook, rates: tuple[Rate, ...] = (), pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = name
        self.kind = dialect.kind
        self.where = hook.where
        # One that is given takes the place of the house's for the same length of time.
        self.rates = tuple({rate.seconds: rate for rate in (*dialect.rates, *rates)}.values())
        self._dialect = dialect
        self._client = HookClient(hook)
        self._pause = pause

    def __repr__(self) -> str:
        return f"Robot({self.name!r}, {self.kind!r}, {self.where!r})"

    def open(self) -> None:
        """Make ready; whether the robot is there is known with the first message."""
        self._client.open()

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def parts(self, mail: Mail) -> int:
        """Return in how many parts the message goes."""
        return len(self._cut(mail))

    def send(self, mail: Mail) -> None:
        """Hand one message over, part by part, no faster than the rates let. What fails after the first part leaves the message in doubt."""
        if mail.address and not self._dialect.is_person(mail.address):
            text = _("机器人 {name} 不能用“{address}”提醒人，请改联系人的地址")
            raise DeliveryError(text.format(name=self.name, address=mail.address), permanent=True)
        groups = self._cut(mail)
        for number, lines in enumerate(groups, 1):
            title = mail.subject if len(groups) == 1 else _numbered(mail.subject, number, len(groups))
            content = self._dialect.content(title, lines, mail.address, calls=number == 1)
            try:
                self._hand_over(content, mail.at)
            except DeliveryError as error:
                if number == 1 or error.uncertain:
                    raise
                text = _("分 {count} 段发送，第 {number} 段没有发出：{reason}；前面的已经发出")
                raise DeliveryError(text.format(count=len(groups), number=number, reason=error), uncertain=True) from None
            if number < len(groups):
                self._pause(max((rate.seconds / rate.count for rate in self.rates), default=0))

    def _cut(self, mail: Mail) -> list[list[str]]:
        person, dialect = mail.address, self._dialect
        # With the longest numbering that may stand there.
        title = dialect.content(_numbered(mail.subject, 10, 10), [], person)
        room = dialect.limit_bytes(person) - json_size(title)
        return cut(lines_of(mail.text), room, lambda line: dialect.size_of(line, person))

    def _hand_over(self, content: dict[str, Any], at: datetime) -> None:
        query: Mapping[str, str] = {}
        if self._client.hook.secret:
            query, fields = self._dialect.signature(self._client.hook.secret, at)
            content = {**fields, **content}
        answer = self._client.post(content, query=query)
        error = self._error_of(answer)
        if error is not None:
            raise error

    def _error_of(self, answer: Answer) -> DeliveryError | None:
        """Return what an answer says; the code goes before the status, since some send both."""
        reply = answer.reply
        verdict, code, words = self._dialect.verdict(reply) if reply is not None else (Verdict.PASSING, None, "")
        if code is None:
            return self._error_of_status(answer.status)
        if verdict is Verdict.TAKEN:
            return None
        hook = self._client.hook
        said = {"name": self.name, "where": hook.where, "code": code, "words": hook.without_secrets(words)}
        if verdict is Verdict.DOWN:
            text = _("机器人 {name} 不能用（{where} 答复 {code} {words}），请检查渠道文件里的地址和密钥，以及机器人的安全设置")
            return ChannelDownError(text.format(**said))
        text = _("机器人 {name} 没有收下消息（{where} 答复 {code} {words}）").format(**said)
        return DeliveryError(text, permanent=verdict is Verdict.PERMANENT)

    def _error_of_status(self, status: int) -> DeliveryError:
        said = {"name": self.name, "where": self._client.hook.where, "status": status}
        if status == 504:
            text = _("机器人 {name} 的网关没有等到答复（{where} 答复 {status}），不能确定是否送达")
            return DeliveryError(text.format(**said), uncertain=True)
        if status in (408, 425, 429) or status >= 500:
            return DeliveryError(_("机器人 {name} 暂时不能用（{where} 答复 {status}）").format(**said))
        if status in (400, 413, 422):
            return DeliveryError(_("机器人 {name} 不接受这样的消息（{where} 答复 {status}）").format(**said), permanent=True)
        text = _("机器人 {name} 的地址不对（{where} 答复 {status}，不是机器人的答复），请检查渠道文件里的地址")
        return ChannelDownError(text.format(**said))


def verdict_of(code: object, words: object, down: frozenset[int], permanent: frozenset[int]) -> tuple[Verdict, int | None, str]:
    """Return what a code says, given those that mean a robot out of use and those that mean a message never taken."""
    if not isinstance(code, int) or isinstance(code, bool):
        return Verdict.PASSING, None, ""
    verdict = Verdict.DOWN if code in down else Verdict.PERMANENT if code in permanent else Verdict.PASSING
    return Verdict.TAKEN if code == 0 else verdict, code, str(words or "")


def json_size(value: object) -> int:
    """Return how many bytes a value takes in the JSON that is posted."""
    return len(json_bytes(value))


def _numbered(subject: str, number: int, count: int) -> str:
    return _("{subject}（{number}/{count}）").format(subject=subject, number=number, count=count)
