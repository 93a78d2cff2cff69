"""The message that carries an invitation: the link by which a unit sets the password of its account. Laid out like a paper's, with nothing enclosed."""

from dataclasses import dataclass
from datetime import date

from notify.letterhead import Rendered, render
from notify.messages import Addressee, salutation
from rules.texts import _, use_language
from rules.words import day_words

ABOUT = "invitation"
"""What the outbox knows these messages by: they go by no other way than the one chosen, and their words are shown to nobody else."""


@dataclass(frozen=True)
class InvitationLetter:
    """What the message says: which account the link opens, until which day, and who may be asked."""

    account: str
    link: str
    until_on: date
    office: str | None
    day: date


def render_invitation(addressee: Addressee, letter: InvitationLetter) -> Rendered:
    """Return the message's texts in the addressee's language."""
    with use_language(addressee.language):
        heading = _("督办系统账号邀请")
        office = letter.office or _("督办机构")
        words = {
            "language": addressee.language,
            "subject": _("【督办系统】{unit}的账号邀请").format(unit=addressee.unit),
            "heading": heading,
            "doc_no": "",
            "salutation": salutation(addressee),
            "opening": _("{office}为{unit}开通了督办系统账号“{account}”。").format(
                office=office, unit=addressee.unit, account=letter.account
            ),
            "paragraphs": [
                _("请在{day}前打开下面的链接，设置口令后即可签收任务、填报进展：").format(day=day_words(letter.until_on)),
                letter.link,
                _("链接只能用一次，请勿转发。过期或打不开的，请与发出邀请的机构联系，重新要一个。"),
            ],
            "files_heading": "",
            "files": [],
            "office": office,
            "day": day_words(letter.day),
            "footer": _("本邮件由督办系统自动发出。不使用账号的单位，仍可用填报表或邮件报送。"),
        }
        return render("paper", words)
