"""One connection to a mail server, and what its answers mean.

A 5xx answer about the recipient or the content is permanent, a 4xx one passes. A connection lost while the content is handed over leaves it unknown whether
the server took it. Everything before that is harmless to repeat.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from notify.channel import ChannelDownError, DeliveryError, Mail
from notify.mail import content_of, in_brackets
from rules.texts import _

if TYPE_CHECKING:
    from notify.smtp import SmtpServer

_Answer = tuple[int, bytes]
_GO_ON = 354
_GOES_AWAY = 421
_LOST = (smtplib.SMTPException, OSError)


class SmtpConnection:
    """A connection that is opened when it is needed, and anew when it was lost."""

    def __init__(self, server: "SmtpServer", sender: str, sender_name: str | None, context: ssl.SSLContext | None) -> None:
        self._server = server
        self._sender = sender
        self._sender_name = sender_name
        self._given_context = context
        self._connection: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        """Connect and log in, unless connected already, and return the connection. Refusals are `ChannelDownError`."""
        if self._connection is not None:
            return self._connection
        try:
            self._connection = self._connect()
            self._log_in(self._connection)
        except smtplib.SMTPAuthenticationError as error:
            self.hang_up()
            # The server's own words are left out: some repeat what was sent to them.
            text = _("邮件服务器拒绝登录（{code}），请检查 DUBAN_SMTP_USER 与 DUBAN_SMTP_PASSWORD")
            raise ChannelDownError(text.format(code=error.smtp_code)) from None
        except _LOST as error:
            self.hang_up()
            text = _("连不上邮件服务器 {host}:{port}（{reason}），请检查 DUBAN_SMTP_HOST、DUBAN_SMTP_PORT、DUBAN_SMTP_SECURITY")
            raise ChannelDownError(text.format(host=self._server.host, port=self._server.port, reason=type(error).__name__)) from None
        return self._connection

    def sending(self, mail: Mail) -> Iterator[None]:
        """Hand one message over, with a pause after whatever the server is asked: its answer is read when it goes on. Coming to the end means it was accepted.

        1. The server is told from whom and to whom, and answers that it will take the content; up to then nothing is handed over. 2. The content is handed
        over, and the answer to it decides.
        """
        content = _closed(content_of(mail, self._sender, self._sender_name))
        connection = yield from self._announced(mail.address)
        try:
            connection.send(content)
            yield
            code, answer = connection.getreply()
        except _LOST as error:
            self.hang_up()
            text = _("交付途中连接中断（{reason}），不能确定对方是否收到")
            raise DeliveryError(text.format(reason=type(error).__name__), uncertain=True) from None
        if code != 250:
            raise self._refusal_of_content(code, answer)

    def hang_up(self) -> None:
        """Say goodbye if there is anybody to say it to; never raises."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*_LOST):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port, own_name = self._server.host, self._server.port, self._sender.rpartition("@")[2]
        patience = self._server.patience_seconds
        if self._server.security == "tls":
            return smtplib.SMTP_SSL(host, port, own_name, timeout=patience, context=self._context())
        return smtplib.SMTP(host, port, own_name, timeout=patience)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self._server.security == "starttls":
            connection.starttls(context=self._context())
        connection.ehlo_or_helo_if_needed()
        if self._server.user and self._server.password:
            connection.login(self._server.user, self._server.password)

    def _context(self) -> ssl.SSLContext:
        return self._given_context or _usual_context()

    def _announced(self, address: str) -> Generator[None, None, smtplib.SMTP]:
        """Tell the server from whom and to whom a message comes, until it waits for the content, and return the connection that was done on.

        Nothing is handed over by then, so a connection that the server has closed since the last message is opened anew, once.
        """
        commands = (f"MAIL FROM:{in_brackets(self._sender)}", f"RCPT TO:{in_brackets(address)}", "DATA")
        for is_last in (False, True):
            connection, answers = self.open(), list[_Answer]()
            try:
                yield from _asked(connection, commands, answers)
            except _LOST as error:
                self.hang_up()
                if answers:
                    raise DeliveryError(_("与邮件服务器的连接中断（{reason}）").format(reason=type(error).__name__)) from None
                if is_last:
                    raise ChannelDownError(_("邮件服务器不应答（{reason}）").format(reason=type(error).__name__)) from None
                continue
            refusal = self._refusal_in(answers, address)
            if refusal is None:
                return connection
            if is_last or answers[0][0] != _GOES_AWAY:
                raise refusal
        raise AssertionError("the second attempt returns or raises")

    def _refusal_in(self, answers: Sequence[_Answer], address: str) -> DeliveryError | None:
        """Return what the first answer means that is not the one hoped for, the connection made fit for the next message; None where all are."""
        (code, words), *later = answers
        if code != 250:
            self._begin_anew(answers[-1][0])
            text = _("邮件服务器不接受发件人 {sender}（{answer}），请检查 DUBAN_MAIL_SENDER")
            return ChannelDownError(text.format(sender=self._sender, answer=_words(code, words)))
        (code, words), *later = later
        if code not in (250, 251):
            self._begin_anew(answers[-1][0])
            text = _("邮件服务器不接受收件人 {address}（{answer}）")
            return DeliveryError(text.format(address=address, answer=_words(code, words)), permanent=code >= 500)
        code, words = later[0]
        return None if code == _GO_ON else self._refusal_of_content(code, words)

    def _refusal_of_content(self, code: int, words: bytes) -> DeliveryError:
        self._begin_anew(code)
        return DeliveryError(_("邮件服务器拒收邮件（{answer}）").format(answer=_words(code, words)), permanent=code >= 500)

    def _begin_anew(self, last_code: int) -> None:
        """Make the connection fit for the next message after the server's last answer, or leave it where the server is closing it."""
        connection = self._connection
        if connection is None or last_code == _GOES_AWAY:
            self.hang_up()
            return
        try:
            if last_code == _GO_ON:
                # Asked all at once, it waits for a content that nobody is to get: an empty one ends that (RFC 2920, 3.1).
                connection.send(b".\r\n")
                connection.getreply()
            if connection.rset()[0] != 250:
                self.hang_up()
        except _LOST:
            self.hang_up()


def _asked(connection: smtplib.SMTP, commands: Sequence[str], answers: list[_Answer]) -> Iterator[None]:
    """Give the commands and append the answers, as far as they come: all at once where the server offers it (RFC 2920), else each after the last was granted."""
    for some in [commands] if connection.has_extn("pipelining") else [(command,) for command in commands]:
        connection.send("".join(f"{command}\r\n" for command in some))
        yield
        for _command in some:
            answers.append(connection.getreply())
            if answers[-1][0] == _GOES_AWAY:
                return
        if answers[-1][0] >= 400:
            return


def _closed(content: bytes) -> bytes:
    """Return a content as it is told: a line that begins with a point gets a second one, and one with nothing else ends it."""
    end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return (b"." if content.startswith(b".") else b"") + content.replace(b"\r\n.", b"\r\n..") + end


@lru_cache(maxsize=1)
def _usual_context() -> ssl.SSLContext:
    # Reading the machine's certificates takes as long as sending fifty messages.
    return ssl.create_default_context()


def _words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"[:200].strip()
