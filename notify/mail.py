"""One message as an e-mail: headers, a text part and an HTML part. The same message gives the same Message-ID however often it is composed."""

from email.errors import MessageError
from email.headerregistry import Address, Group
from email.message import EmailMessage
from typing import Literal

from notify.channel import DeliveryError, Mail
from rules.texts import _


def email_of(mail: Mail, sender: str, sender_name: str | None, transfer: Literal["8bit", "base64"]) -> EmailMessage:
    """Return the e-mail for `mail`. A recipient without address becomes a named, empty group: readable everywhere, deliverable nowhere.

    `transfer` is how the parts are written: `8bit` stays readable in a file, `base64` passes every mail server. An address that cannot stand in
    a header is a permanent error.
    """
    domain = sender.rpartition("@")[2]
    message = EmailMessage()
    try:
        if not mail.address.isascii():
            raise ValueError(mail.address)
        message["From"] = Address(sender_name or "", addr_spec=sender)
        message["To"] = Address(mail.name, addr_spec=mail.address) if mail.address else Group(mail.name, ())
        message["Subject"] = mail.subject
    except (ValueError, MessageError):
        raise DeliveryError(_("收件地址“{address}”写法不对").format(address=mail.address), permanent=True) from None
    message["Date"] = mail.at
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    # Machines must not answer: no out-of-office notes, no receipts (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<duban-reminders.{domain}>"
    message.set_content(mail.text, cte=transfer)
    message.add_alternative(mail.html, subtype="html", cte=transfer)
    return message
