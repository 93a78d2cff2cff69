"""Feishu group robots: rich text of 20 KB, which understands no markup and so needs no escape, signed in the message where the robot has a key."""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.robots import Verdict, json_size, verdict_of
from rules.rates import Rate

_USER = re.compile(r"(?!all$)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
# Address unknown or stopped, signature or time wrong, our address not allowed, keyword missing.
_DOWN = frozenset({19001, 19003, 19021, 19022, 19024, 99991201})
_PERMANENT = frozenset({19002})
_BAD_REQUEST = 9499
# The signature's fields come on top.
_LIMIT_BYTES = 20_000 - 200


@dataclass(frozen=True)
class Feishu:
    """Speaks to a Feishu robot; 100 messages a minute, 5 a second."""

    kind: str = "feishu"
    rates: tuple[Rate, ...] = (Rate(100, 60), Rate(5, 1))

    def limit_bytes(self, person: str) -> int:
        """Return how long one message may be."""
        del person
        return _LIMIT_BYTES

    def size_of(self, line: str, person: str) -> int:
        """Return how much a line adds to it."""
        del person
        return json_size(_paragraph(line)) + 1

    def content(self, title: str, lines: list[str], person: str, *, calls: bool = True) -> dict[str, Any]:
        """Return the message."""
        called = [[{"tag": "at", "user_id": person}]] if person and calls else []
        post = {"title": title, "content": [*called, *(_paragraph(line) for line in lines)]}
        return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}

    def signature(self, secret: str, at: datetime) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the message's part: seconds, and an empty text's HMAC-SHA256 under them and the key, as its house wants it."""
        stamp = str(int(at.timestamp()))
        digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", "sha256").digest()
        return {}, {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}

    def is_person(self, address: str) -> bool:
        """Tell whether it is a member's id; everybody at once is nobody's address."""
        return _USER.fullmatch(address) is not None

    def verdict(self, reply: Mapping[str, Any]) -> tuple[Verdict, int | None, str]:
        """Return what an answer says. One and the same code stands for a message wrongly made and for too many of them; the words tell which."""
        code, words = reply.get("code", reply.get("StatusCode")), reply.get("msg", reply.get("StatusMessage"))
        if code == _BAD_REQUEST and "bad request" in str(words).lower():
            return Verdict.PERMANENT, code, str(words)
        return verdict_of(code, words, _DOWN, _PERMANENT)


def _paragraph(line: str) -> list[dict[str, str]]:
    return [{"tag": "text", "text": line or " "}]
