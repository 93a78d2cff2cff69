"""One POST to a server of somebody else's, as robots and web hooks are reached.

The address itself is the key to the robot, so it appears nowhere: not in an error, not in a log, not in a repr. That is why requests go through httpx's
transport and not through its client, which would log each address; it also follows no redirect and takes no proxy from the environment.
"""

import json
import logging
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from notify.channel import ChannelDownError, DeliveryError
from rules.texts import _

PATIENCE_SECONDS = 20.0
# A robot's answer is a line; more than this is not read.
_ANSWER_BYTES = 64 * 1024
_WORDS = 160
_URL = re.compile(r"[a-z]{2,10}://[^\s\"'，。）]{1,500}", re.IGNORECASE)


@dataclass(frozen=True)
class Hook:
    """Where to post: the full address, which is secret, and the key that signs. `ca_file`: whom to trust besides the machine's own list."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    patience_seconds: float = PATIENCE_SECONDS

    @property
    def where(self) -> str:
        """Return the server's name, and its port where it is not the usual one: all of the address that may be shown."""
        url = httpx.URL(self.url)
        return f"{url.host}:{url.port}" if url.port else url.host

    def without_secrets(self, words: str) -> str:
        """Return a server's words on one line, shortened, without address or key should it repeat them."""
        url = httpx.URL(self.url)
        parts = [part for part in url.path.split("/") if len(part) > 7]
        secrets = [self.url, self.secret or "", url.query.decode(), *url.params.values(), *parts]
        # The longest first: a key that is part of another must not leave the rest of that behind.
        for secret in sorted((secret for secret in secrets if len(secret) > 3), key=len, reverse=True):
            words = words.replace(secret, "…")
        return " ".join(_URL.sub("…", words).split())[:_WORDS]


@dataclass(frozen=True)
class Answer:
    """What came back: the status and the body as far as it was read."""

    status: int
    content: bytes

    @property
    def reply(self) -> Mapping[str, Any] | None:
        """Return the body's JSON object, None where it is not one."""
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


class HookClient:
    """Posts to one hook, each time on a connection of its own: one left open by chance cannot put a message in doubt."""

    def __init__(self, hook: Hook) -> None:
        self.hook = hook
        self._transport: httpx.HTTPTransport | None = None

    def open(self) -> None:
        """Make ready; nothing is connected yet."""
        # Its trace repeats every header of an answer, the address among them where a server sends us elsewhere.
        logging.getLogger("httpcore").setLevel(logging.INFO)
        if self._transport is None:
            try:
                trusted = ssl.create_default_context(cafile=self.hook.ca_file)
            except OSError as error:
                text = _("证书文件 {path} 不能用（{reason}）")
                raise ChannelDownError(text.format(path=self.hook.ca_file, reason=type(error).__name__)) from None
            self._transport = httpx.HTTPTransport(verify=trusted, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def close(self) -> None:
        """Let go of connections."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    def post(self, content: Mapping[str, Any], headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None) -> Answer:
        """Post `content` as JSON. Not reaching the server is `ChannelDownError`; losing it afterwards leaves doubt."""
        return self.post_bytes(json_bytes(content), headers or {}, query or {})

    def post_bytes(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Answer:
        """Post a body that is JSON already."""
        self.open()
        assert self._transport is not None
        said = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "duban", "Connection": "close", **headers}
        waits = httpx.Timeout(self.hook.patience_seconds).as_dict()
        url = httpx.URL(self.hook.url).copy_merge_params(dict(query))
        request = httpx.Request("POST", url, content=body, headers=said, extensions={"timeout": waits})
        try:
            return self._answer_to(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.PoolTimeout) as error:
            text = _("连不上 {where}（{reason}），请检查网络和渠道文件里的地址")
            raise ChannelDownError(text.format(where=self.hook.where, reason=_reason(error))) from None
        except httpx.TransportError as error:
            text = _("已发往 {where}，但没有等到答复（{reason}），不能确定对方是否收到")
            raise DeliveryError(text.format(where=self.hook.where, reason=type(error).__name__), uncertain=True) from None

    def _answer_to(self, request: httpx.Request) -> Answer:
        assert self._transport is not None
        # A server that answers a byte at a time must not hold the run up: each wait is limited, and so are all together.
        ends_at = time.monotonic() + self.hook.patience_seconds
        response = self._transport.handle_request(request)
        content = b""
        try:
            for piece in response.iter_raw():
                content += piece
                if len(content) > _ANSWER_BYTES:
                    break
                if time.monotonic() > ends_at:
                    raise httpx.ReadTimeout("slow", request=request)
        finally:
            response.close()
        return Answer(response.status_code, content)


def json_bytes(content: object) -> bytes:
    """Return JSON as it goes over the wire: Chinese as it is, no spaces."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


_WHY_NOT: Mapping[type[BaseException], Callable[[], str]] = {
    socket.gaierror: lambda: _("找不到这台主机"),
    ConnectionRefusedError: lambda: _("对方拒绝连接"),
    TimeoutError: lambda: _("等待超时"),
}


def _reason(error: BaseException) -> str:
    """Return why a server was not reached, in words that help; what the system says itself may be in any language."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return _("证书不可信：{words}").format(words=found.verify_message[:_WORDS])
        for kind, words in _WHY_NOT.items():
            if isinstance(found, kind):
                return words()
        found = found.__cause__ or found.__context__
    return type(error).__name__
