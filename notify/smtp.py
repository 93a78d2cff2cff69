"""The channel to a mail server: one connection for many messages, or several side by side.

Which errors say what: a 5xx answer about the recipient or the content is permanent, a 4xx one passes. A connection lost while the content is
handed over leaves it unknown whether the server took it. Everything before that is harmless to repeat.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from notify.channel import Channel, ChannelDownError, DeliveryError, Mail
from notify.mail import content_of
from rules.rates import Rate
from rules.texts import _

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
        self._server = server
        self._sender = sender
        self._sender_name = sender_name
        self._context = context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None
        one = replace(server, connections=1)
        self._others = [SmtpChannel(one, sender, sender_name, self._context) for _number in range(server.connections - 1)]

    def lanes(self) -> Sequence[Channel]:
        """Return a channel for each connection, this one for the first."""
        return (self, *self._others)

    def open(self) -> None:
        """Connect and log in, unless connected already."""
        if self._connection is not None:
            return
        try:
            self._connection = self._connect()
            self._log_in(self._connection)
        except smtplib.SMTPAuthenticationError as error:
            self._hang_up()
            # The server's own words are left out: some repeat what was sent to them.
            text = _("邮件服务器拒绝登录（{code}），请检查 DUBAN_SMTP_USER 与 DUBAN_SMTP_PASSWORD")
            raise ChannelDownError(text.format(code=error.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            text = _("连不上邮件服务器 {host}:{port}（{reason}），请检查 DUBAN_SMTP_HOST、DUBAN_SMTP_PORT、DUBAN_SMTP_SECURITY")
            raise ChannelDownError(text.format(host=self._server.host, port=self._server.port, reason=type(error).__name__)) from None

    def send(self, mail: Mail) -> None:
        """Hand one message over. A connection the server has closed since the last message is opened anew, once."""
        content = content_of(mail, self._sender, self._sender_name)
        connection = self._greet()
        try:
            self._address(connection, mail.address)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._hang_up()
            raise DeliveryError(_("与邮件服务器的连接中断（{reason}）").format(reason=type(error).__name__)) from None
        self._hand_over(connection, content)

    def close(self) -> None:
        """Say goodbye if there is anybody to say it to, on every lane."""
        for other in self._others:
            other.close()
        self._hang_up()

    def _hang_up(self) -> None:
        """Let go of this lane's own connection; those beside it may be in the middle of a message."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port, own_name = self._server.host, self._server.port, self._sender.rpartition("@")[2]
        patience = self._server.patience_seconds
        if self._server.security == "tls":
            return smtplib.SMTP_SSL(host, port, own_name, timeout=patience, context=self._context)
        return smtplib.SMTP(host, port, own_name, timeout=patience)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self._server.security == "starttls":
            connection.starttls(context=self._context)
        connection.ehlo_or_helo_if_needed()
        if self._server.user and self._server.password:
            connection.login(self._server.user, self._server.password)

    def _greet(self) -> smtplib.SMTP:
        """Name the sender to the server and return the connection it was done on; nothing is handed over yet, so it may be tried twice."""
        for attempt in (1, 2):
            self.open()
            assert self._connection is not None
            try:
                code, answer = self._connection.mail(self._sender)
            except (smtplib.SMTPException, OSError) as error:
                self._hang_up()
                if attempt == 2:
                    raise ChannelDownError(_("邮件服务器不应答（{reason}）").format(reason=type(error).__name__)) from None
                continue
            if code == 250:
                return self._connection
            self._refused(code)
            if code != 421 or attempt == 2:
                text = _("邮件服务器不接受发件人 {sender}（{answer}），请检查 DUBAN_MAIL_SENDER")
                raise ChannelDownError(text.format(sender=self._sender, answer=_words(code, answer)))
        raise AssertionError("the second attempt returns or raises")

    def _address(self, connection: smtplib.SMTP, address: str) -> None:
        code, answer = connection.rcpt(address)
        if code not in (250, 251):
            self._refused(code)
            text = _("邮件服务器不接受收件人 {address}（{answer}）")
            raise DeliveryError(text.format(address=address, answer=_words(code, answer)), permanent=code >= 500)

    def _hand_over(self, connection: smtplib.SMTP, content: bytes) -> None:
        try:
            code, answer = connection.data(content)
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            text = _("交付途中连接中断（{reason}），不能确定对方是否收到")
            raise DeliveryError(text.format(reason=type(error).__name__), uncertain=True) from None
        if code != 250:
            self._refused(code)
            text = _("邮件服务器拒收邮件（{answer}）").format(answer=_words(code, answer))
            raise DeliveryError(text, permanent=code >= 500)

    def _refused(self, code: int) -> None:
        """Make the connection fit for the next message: begin anew on it, or leave it where the server is closing it."""
        try:
            if code == 421 or self._connection is None or self._connection.rset()[0] != 250:
                self._hang_up()
        except (smtplib.SMTPException, OSError):
            self._hang_up()


def _words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"[:200].strip()
