"""Which way messages leave the house: by the mail server that is set, else as files in the outbox folder."""

from notify.channel import Channel, Routes
from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel, SmtpServer
from runtime.settings import Settings


def routes_of(settings: Settings) -> Routes:
    """Return the installation's ways out, none of them opened yet."""
    return Routes(_mail_of(settings))


def _mail_of(settings: Settings) -> Channel:
    if settings.smtp_host is None:
        return MailFolder(settings.home / "outbox", settings.mail_sender, settings.office)
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    server = SmtpServer(settings.smtp_host, settings.smtp_port, settings.smtp_security.value, settings.smtp_user, password)
    return SmtpChannel(server, settings.mail_sender, settings.office)
