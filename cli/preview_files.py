"""A preview's messages as files to look at: an e-mail, its page and its text each. Nothing is sent and nothing is written into the database."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from notify.channel import DeliveryError, Mail
from notify.mail import content_of
from rules.errors import DubanError
from rules.texts import _
from runtime.settings import Settings
from services.remind_report import RemindedMessage, RemindReport


def write_previews(folder: Path, report: RemindReport, settings: Settings) -> int:
    """Write every planned message of a preview into `folder` and return how many there were; files of that name are written over."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(report.planned, start=1):
            _write(folder, number, message, (date.fromisoformat(report.day), settings))
    except OSError as error:
        text = _("写不进文件夹 {folder}：{reason}")
        raise DubanError("file-unwritable", text.format(folder=folder, reason=error.strerror or type(error).__name__)) from None
    return len(report.planned)


def _write(folder: Path, number: int, message: RemindedMessage, means: tuple[date, Settings]) -> None:
    assert message.texts is not None
    day, settings = means
    texts, name = message.texts, f"{day.isoformat()}-{number:03}"
    (folder / f"{name}.txt").write_text(f"{texts.subject}\n\n{texts.text}", encoding="utf-8")
    (folder / f"{name}.html").write_text(texts.html, encoding="utf-8")
    at = datetime.combine(day, time(), UTC)
    mail = Mail(number, f"preview-{number}", message.unit, message.name, message.address, day, at, texts.subject, texts.text, texts.html)
    try:
        (folder / f"{name}.eml").write_bytes(content_of(mail, settings.mail_sender, settings.office, "8bit"))
    except DeliveryError:
        # A robot's recipient may be a number, which is no mail address: text and page are all there is.
        return
