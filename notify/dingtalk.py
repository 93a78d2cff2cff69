"""DingTalk group robots: markdown of 20 000 bytes, signed in the query where the robot has a key."""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.robot_text import without_markdown
from notify.robots import Verdict, json_size, verdict_of
from rules.rates import Rate

_MOBILE = re.compile(r"(\+\d{1,4}-)?\d{5,15}", re.ASCII)
_USER = re.compile(r"(?!all$)[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
# A single line break is none in markdown; two spaces before it make it one.
_BREAK = "  \n"
# Token unknown, robot stopped or gone, group dissolved, keyword or signature or address not as set for the robot (all 310000), month's quota used up.
_DOWN = frozenset({88, 40014, 90030, 300001, 300005, 310000, 400013, 400101, 400102, 400106})
# Kind or parameters wrong, too long, or content that its house does not let through.
_PERMANENT = frozenset({40035, 43004, 400105, 430101, 430102, 430103, 430104, 460101})


@dataclass(frozen=True)
class DingTalk:
    """Speaks to a DingTalk robot; 20 messages a minute, beyond which it is closed for ten."""

    kind: str = "dingtalk"
    rates: tuple[Rate, ...] = (Rate(20, 60),)

    def limit_bytes(self, person: str) -> int:
        """Return how long one message may be."""
        del person
        return 20_000

    def size_of(self, line: str, person: str) -> int:
        """Return how much a line adds to it."""
        del person
        return json_size(without_markdown(line) + _BREAK)

    def content(self, title: str, lines: list[str], person: str, *, calls: bool = True) -> dict[str, Any]:
        """Return the message. Whom it calls upon must stand in the text too, else nobody sees that he is called."""
        called = [f"@{person}"] if person and calls else []
        text = _BREAK.join([f"**{without_markdown(title)}**", *called, *(without_markdown(line) or "\u3000" for line in lines)])
        message: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
        if called:
            message["at"] = {"atMobiles" if _MOBILE.fullmatch(person) else "atUserIds": [person], "isAtAll": False}
        return message

    def signature(self, secret: str, at: datetime) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the query's part: milliseconds, and the HMAC-SHA256 of them and the key."""
        stamp = str(int(at.timestamp() * 1000))
        digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256").digest()
        return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}, {}

    def is_person(self, address: str) -> bool:
        """Tell whether it is a mobile number or a member's id; everybody at once is nobody's address."""
        return _MOBILE.fullmatch(address) is not None or _USER.fullmatch(address) is not None

    def verdict(self, reply: Mapping[str, Any]) -> tuple[Verdict, int | None, str]:
        """Return what an answer says."""
        return verdict_of(reply.get("errcode"), reply.get("errmsg"), _DOWN, _PERMANENT)
