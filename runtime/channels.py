"""Which ways messages leave the house: by the mail server that is set, else as files in the outbox folder; and by the robots of the channels file."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from notify.channel import MAIL, Channel, Routes
from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel, SmtpServer
from rules.errors import DubanError
from rules.texts import _
from runtime.robots_file import FILE_NAME, HookChannel, read_robots
from runtime.settings import Settings


@dataclass(frozen=True)
class WayOut:
    """A way out of the house as people may see it: `name` is what a contact's channel says, `where` the server or folder, without any key."""

    name: str
    kind: str
    where: str
    channel: Channel


def routes_of(settings: Settings) -> Routes:
    """Return the installation's ways out, none of them opened yet. Codes: bad-channels, bad-setting."""
    return Routes(_mail_of(settings), _robots_of(settings))


def ways_out(settings: Settings) -> Sequence[WayOut]:
    """Return the ways out for people to look at, the mail first."""
    where = f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else str(settings.home / "outbox")
    mail, robots = _mail_of(settings), _robots_of(settings)
    seen = [WayOut(name, robot.kind, robot.where, robot) for name, robot in sorted(robots.items())]
    return [WayOut(MAIL, mail.name, where, mail), *seen]


def channels_file(settings: Settings) -> Path | None:
    """Return the file that names the robots: the one that is set, else the one in the home, None where there is none."""
    if settings.channels is not None:
        return settings.channels
    own = settings.home / FILE_NAME
    return own if own.exists() else None


def _robots_of(settings: Settings) -> Mapping[str, HookChannel]:
    path = channels_file(settings)
    return read_robots(path) if path else {}


def _mail_of(settings: Settings) -> Channel:
    if settings.smtp_host is None:
        return MailFolder(settings.home / "outbox", settings.mail_sender, settings.office)
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    server = SmtpServer(settings.smtp_host, settings.smtp_port, settings.smtp_security.value, settings.smtp_user, password)
    server = replace(server, connections=settings.smtp_connections)
    return SmtpChannel(server, settings.mail_sender, settings.office, _trusted(settings.smtp_ca_file))


def _trusted(ca_file: Path | None) -> ssl.SSLContext | None:
    try:
        return ssl.create_default_context(cafile=ca_file) if ca_file else None
    except OSError as error:
        text = _("设置 {variable} 不能用：{why}")
        why = _("{path} 不是可读的证书文件（{reason}）").format(path=ca_file, reason=type(error).__name__)
        raise DubanError("bad-setting", text.format(variable="DUBAN_SMTP_CA_FILE", why=why)) from None
