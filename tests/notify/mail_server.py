"""A real mail server on loopback, with a memory and a few moods."""

import asyncio
import socket
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Mailbox:
    """What arrived, and how the server answers: replies by recipient (`rcpt`) and by subject line content (`data`); `takes_groups` offers pipelining."""

    port: int = 0
    received: Counter = field(default_factory=Counter)
    contents: list[bytes] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    mail: str | None = None
    hang_up_in_data: bool = False
    slow_seconds: float = 0
    connections: int = 0
    takes_groups: bool = False

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        self.connections += 1
        # The library takes commands however they come, but does not say so.
        return [*responses[:-1], *(["250-PIPELINING"] if self.takes_groups else []), responses[-1]]

    async def handle_MAIL(self, _server, _session, envelope, address, _options):
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        if self.hang_up_in_data:
            self.hang_up_in_data = False
            server.transport.close()
            return "250 never heard"
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.data:
            return self.data.pop()
        self.received.update(envelope.rcpt_tos)
        self.contents.append(envelope.content)
        return "250 taken"


def free_port():
    """Return a port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@contextmanager
def mail_server(**options):
    """Run a mail server for the block and give its mailbox; `options` go to the server."""
    mailbox = Mailbox(port=free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def only_with_password(user, password):
    """Return options of a server that wants this login."""

    def check(_server, _session, _envelope, _mechanism, given):
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}
