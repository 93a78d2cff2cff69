"""WeCom group robots: markdown of 4096 bytes, or plain text of 2048 where a mobile number is called upon, which markdown cannot do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notify.robot_text import without_markdown
from notify.robots import Verdict, json_size, verdict_of
from rules.rates import Rate

_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_USER = re.compile(r"(?!all$)[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
# Key unknown, robot removed from the group, address of ours not allowed.
_DOWN = frozenset({40014, 60020, 93000, 93004, 93008})
# Kind, characters, parameters, empty or too long content; nobody of that number or name.
_PERMANENT = frozenset({40003, 40008, 40033, 40058, 44004, 45002, 60111})


@dataclass(frozen=True)
class WeCom:
    """Speaks to a WeCom robot; 20 messages a minute."""

    kind: str = "wecom"
    rates: tuple[Rate, ...] = (Rate(20, 60),)

    def limit_bytes(self, person: str) -> int:
        """Return how long one message may be."""
        return 2048 if _MOBILE.fullmatch(person) else 4096

    def size_of(self, line: str, person: str) -> int:
        """Return how much a line adds to it; its quotes are as long as the line break that JSON writes."""
        return json_size(self._said(line, person))

    def content(self, title: str, lines: list[str], person: str, *, calls: bool = True) -> dict[str, Any]:
        """Return the message."""
        if _MOBILE.fullmatch(person):
            return {"msgtype": "text", "text": {"content": "\n".join([title, "", *lines]), "mentioned_mobile_list": [person] * calls}}
        called = [f"<@{person}>"] if person and calls else []
        said = [f"**{without_markdown(title)}**", *called, *(self._said(line, person) for line in lines)]
        return {"msgtype": "markdown", "markdown": {"content": "\n".join(said)}}

    def signature(self, secret: str, at: datetime) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return nothing: the key in the address is all there is."""
        del secret, at
        return {}, {}

    def is_person(self, address: str) -> bool:
        """Tell whether it is a mobile number or a member's id; everybody at once is nobody's address."""
        return _USER.fullmatch(address) is not None

    def verdict(self, reply: Mapping[str, Any]) -> tuple[Verdict, int | None, str]:
        """Return what an answer says."""
        return verdict_of(reply.get("errcode"), reply.get("errmsg"), _DOWN, _PERMANENT)

    def _said(self, line: str, person: str) -> str:
        return line if _MOBILE.fullmatch(person) else without_markdown(line)
