"""The channel of an installation without mail server: each message is an .eml file that any mail program opens.

A file's name follows from the message alone and the file appears whole or not at all, so that handing a message over twice leaves one file.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from notify.channel import ChannelDownError, DeliveryError, Mail
from notify.mail import content_of
from rules.rates import Rate
from rules.texts import _

_UNFIT = re.compile(r"[^\w.（）()、-]+")


@dataclass(frozen=True)
class MailFolder:
    """Writes messages into `folder`, which is made when it is missing."""

    folder: Path
    sender: str
    sender_name: str | None = None
    name: str = "mail-folder"
    needs_address: bool = False
    drops_twins: bool = True
    rates: tuple[Rate, ...] = ()

    def open(self) -> None:
        """Make the folder and see that it can be written to."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._down(error) from None
        if not os.access(self.folder, os.W_OK):
            raise self._down(PermissionError(_("没有写入权限")))

    def send(self, mail: Mail) -> None:
        """Write the message's file: beside its place first, then moved there in one step."""
        content = content_of(mail, self.sender, self.sender_name, "8bit")
        target = self.folder / file_name(mail)
        beside = target.with_name(f".{target.name}.part")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DeliveryError(_("写不进发件夹 {folder}：{reason}").format(folder=self.folder, reason=reason)) from None

    def close(self) -> None:
        """Have nothing to let go of."""

    def _down(self, error: OSError) -> ChannelDownError:
        reason = error.strerror or str(error)
        return ChannelDownError(_("发件夹 {folder} 不能用：{reason}，请检查 DUBAN_HOME").format(folder=self.folder, reason=reason))


def file_name(mail: Mail) -> str:
    """Return `<day>-<unit>-<message>.eml`, the unit's name without what file systems refuse."""
    unit = _UNFIT.sub("_", mail.unit)[:40].strip("._") or "unit"
    return f"{mail.day.isoformat()}-{unit}-{mail.id}.eml"
