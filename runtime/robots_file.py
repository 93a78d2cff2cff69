"""The file that names the house's robots and web hooks. It holds their keys, so it is refused where others than its owner can read it.

What is wrong is said with the file, the robot and the entry; what stands there is never repeated.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from notify.channel import MAIL, Channel
from rules.errors import DubanError
from rules.rates import Rate
from rules.texts import _
from runtime.nearness import is_loopback

FILE_NAME = "channels.toml"
KINDS = ("wecom", "dingtalk", "feishu", "webhook")
_TAKEN_NAMES = frozenset({MAIL, "smtp", "mail-folder"})
_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_ENTRIES = frozenset({"kind", "url", "secret", "per_minute", "per_second", "ca_file", "drops_twins"})
_LEAST_SECRET = 8


class HookChannel(Channel, Protocol):
    """A channel of the file: its kind, and the server it leads to."""

    @property
    def kind(self) -> str:
        """Return the kind, as the file says it."""
        ...

    @property
    def where(self) -> str:
        """Return the server, without what is secret in its address."""
        ...


def read_robots(path: Path) -> dict[str, HookChannel]:
    """Return the robots by name, none opened yet. Code: bad-channels."""
    content = _content(path)
    robots = content.pop("robots", {})
    if content or not isinstance(robots, dict):
        raise _bad(path, _("只应有 [robots.名称] 各节"))
    return {name: _robot(path, name, entries) for name, entries in robots.items()}


def _content(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise _bad(path, _("别人也能读，里面有密钥；请执行 chmod 600 {path}").format(path=path))
            return tomllib.load(file)
    except OSError as error:
        raise _bad(path, _("打不开：{reason}").format(reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise _bad(path, _("不是 UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        place = _("第 {line} 行第 {column} 列").format(line=found[1], column=found[2]) if found else _("末尾")
        raise _bad(path, _("{place}不合 TOML 的写法").format(place=place)) from None


def _robot(path: Path, name: str, entries: object) -> HookChannel:
    if not _NAME.fullmatch(name) or name in _TAKEN_NAMES:
        text = _("机器人名称“{name}”不能用：应为 40 个以内的小写字母、数字和短横线，且不是 {taken}")
        raise _bad(path, text.format(name=name[:40], taken=_("、").join(sorted(_TAKEN_NAMES))))
    if not isinstance(entries, dict):
        raise _bad(path, _("[robots.{name}] 应为一节").format(name=name))
    reading = _Entries(path, name, entries)
    reading.refuse_unknown()
    return _made(name, reading)


def _made(name: str, entries: "_Entries") -> HookChannel:
    # Loaded only in a house that has robots.
    from notify.dingtalk import DingTalk
    from notify.feishu import Feishu
    from notify.hook import Hook
    from notify.robots import Dialect, Robot
    from notify.webhook import Webhook
    from notify.wecom import WeCom

    kind, rates = entries.kind(), entries.rates()
    hook = Hook(entries.url(), entries.secret(), entries.ca_file())
    if kind == "webhook":
        return Webhook(name, hook, rates, entries.drops_twins())
    if entries.drops_twins():
        raise entries.bad("drops_twins", _("只有 webhook 可以设"))
    dialects: dict[str, Dialect] = {"wecom": WeCom(), "dingtalk": DingTalk(), "feishu": Feishu()}
    return Robot(name, dialects[kind], hook, rates)


class _Entries:
    """One robot's entries, each checked as it is taken."""

    def __init__(self, path: Path, name: str, entries: Mapping[str, Any]) -> None:
        self._path, self._name, self._entries = path, name, entries

    def bad(self, entry: str, why: str) -> DubanError:
        return _bad(self._path, _("[robots.{name}] 的 {entry} {why}").format(name=self._name, entry=entry, why=why))

    def refuse_unknown(self) -> None:
        for entry in self._entries:
            if entry not in _ENTRIES:
                raise self.bad(entry[:40], _("不认识，可用的有 {known}").format(known=_("、").join(sorted(_ENTRIES))))

    def kind(self) -> str:
        kind = self._entries.get("kind")
        if kind not in KINDS:
            raise self.bad("kind", _("应为 {kinds} 之一").format(kinds=_("、").join(KINDS)))
        return str(kind)

    def url(self) -> str:
        url = self._text("url")
        if url is None:
            raise self.bad("url", _("没有写"))
        try:
            parts = urlsplit(url)
            usable = bool(parts.hostname) and parts.username is None and url.isascii() and not re.search(r"\s", url)
            usable = usable and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.scheme not in ("https", "http"):
            raise self.bad("url", _("不是网址，应以 https:// 开头"))
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise self.bad("url", _("应以 https:// 开头；http:// 只能用于本机"))
        return url

    def secret(self) -> str | None:
        secret = self._text("secret")
        if secret is None:
            return None
        if self._entries["kind"] == "wecom":
            raise self.bad("secret", _("企业微信机器人没有，密钥就在地址里"))
        if len(secret) < _LEAST_SECRET:
            raise self.bad("secret", _("太短，至少 {count} 个字符").format(count=_LEAST_SECRET))
        return secret

    def ca_file(self) -> Path | None:
        written = self._text("ca_file")
        path = self._path.parent / written if written else None
        if path is not None and not path.is_file():
            raise self.bad("ca_file", _("没有这个文件"))
        return path

    def drops_twins(self) -> bool:
        value = self._entries.get("drops_twins", False)
        if not isinstance(value, bool):
            raise self.bad("drops_twins", _("应为 true 或 false"))
        return value

    def rates(self) -> tuple[Rate, ...]:
        seconds = {"per_minute": 60, "per_second": 1}
        return tuple(Rate(self._count(entry), length) for entry, length in seconds.items() if entry in self._entries)

    def _count(self, entry: str) -> int:
        value = self._entries[entry]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.bad(entry, _("应为 1 以上的整数"))
        return value

    def _text(self, entry: str) -> str | None:
        value = self._entries.get(entry)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.bad(entry, _("应为文字"))
        return value


def _bad(path: Path, why: str) -> DubanError:
    return DubanError("bad-channels", _("渠道文件 {path}：{why}").format(path=path, why=why))
