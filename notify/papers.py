"""The message a paper goes out with: what is enclosed and what it says in short, for whoever cannot open the file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from notify.letterhead import Rendered, render
from notify.messages import Addressee, salutation
from rules.texts import _, use_language
from rules.words import day_words

_SUBJECT_CHARACTERS = 90


@dataclass(frozen=True)
class PaperLetter:
    """What the message says: the paper's title and document number, `words` by paragraphs, and the names of its files."""

    title: str
    doc_no: str
    office: str | None
    words: tuple[str, ...]
    files: tuple[str, ...]
    issued_on: date


def render_paper(addressee: Addressee, letter: PaperLetter) -> Rendered:
    """Return the message's texts in the addressee's language."""
    with use_language(addressee.language):
        return render("paper", paper_words(addressee, letter))


def paper_words(addressee: Addressee, letter: PaperLetter) -> dict[str, Any]:
    """Return what the templates of a paper's message are given, in the current language."""
    title = letter.title[:_SUBJECT_CHARACTERS]
    subject = _("{doc_no}：{title}").format(doc_no=letter.doc_no, title=title) if letter.doc_no else title
    return {
        "language": addressee.language,
        "subject": subject,
        "heading": letter.title,
        "doc_no": letter.doc_no,
        "salutation": salutation(addressee),
        "opening": _("现发去下列文件，正式文本见附件。"),
        "paragraphs": list(letter.words),
        "files_heading": _("附件"),
        "files": list(letter.files),
        "office": letter.office or _("督办机构"),
        "day": day_words(letter.issued_on),
        "footer": _("本邮件由督办系统随正式文件发出；附件与本邮件不一致的，以附件为准。"),
    }
