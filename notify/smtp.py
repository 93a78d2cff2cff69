"""The channel to a mail server: one connection for many messages, or several side by side."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from notify.channel import Mail
from notify.smtp_connection import SmtpConnection
from rules.rates import Rate

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class SmtpServer:
    """Where the mail server is and how to speak to it. `security` is `tls`, `starttls` or `none`; each answer is waited for `patience_seconds`.

    `connections` is how many are used at once: that many messages may be under way when a process is stopped, and are then in doubt.
    """

    host: str
    port: int
    security: str = "tls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    patience_seconds: float = TIMEOUT_SECONDS
    connections: int = 1


class SmtpChannel:
    """Sends messages through one mail server."""

    name = "smtp"
    needs_address = True
    drops_twins = False
    rates: tuple[Rate, ...] = ()

    def __init__(self, server: SmtpServer, sender: str, sender_name: str | None = None, context: ssl.SSLContext | None = None) -> None:
        self._connections = [SmtpConnection(server, sender, sender_name, context) for _number in range(server.connections)]

    @property
    def lanes(self) -> int:
        """Return how many connections there are."""
        return len(self._connections)

    def open(self) -> None:
        """Connect and log in, unless connected already; the other connections are opened by their first message."""
        self._connections[0].open()

    def send(self, mail: Mail) -> None:
        """Hand one message over. A connection the server has closed since the last message is opened anew, once."""
        for _pause in self._connections[0].sending(mail):
            pass

    def send_together(self, mails: Sequence[Mail]) -> Sequence[Exception | None]:
        """Hand over as many messages as there are connections, or fewer: while the server thinks about one, the next is told it."""
        errors: list[Exception | None] = [None] * len(mails)
        under_way = {
            place: connection.sending(mail) for place, (connection, mail) in enumerate(zip(self._connections, mails, strict=False))
        }
        while under_way:
            for place, sending in list(under_way.items()):
                try:
                    next(sending)
                except StopIteration:
                    del under_way[place]
                except Exception as error:
                    errors[place] = error
                    del under_way[place]
        return errors

    def close(self) -> None:
        """Say goodbye if there is anybody to say it to, on every connection."""
        for connection in self._connections:
            connection.hang_up()
