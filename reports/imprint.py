"""What a paper carries beside its figures: the office that signs it, its number, whom it goes to. A paper without a number says that it is only a preview."""

from dataclasses import dataclass
from datetime import date

from models.publication import PublicationKind
from rules.texts import _


@dataclass(frozen=True)
class Imprint:
    """The office (None: not printed), the addressees and, once published, the year, running number and document number.

    `to` are the addressees (主送), `copies_to` get a copy (抄送). `corrects` is the document number of the publication this one puts right, `reason` why.
    """

    office: str | None = None
    year: int | None = None
    number: int | None = None
    doc_no: str = ""
    to: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    contact: str | None = None
    signed_on: date | None = None
    corrects: str = ""
    reason: str = ""

    @property
    def issue(self) -> str:
        """Return the issue or document number in words."""
        if self.number is None:
            return _("预览稿（未编号）")
        return self.doc_no or _("{year}年第{number}期").format(year=self.year, number=self.number)


PREVIEW = Imprint()


def doc_no_of(kind: PublicationKind, year: int, number: int) -> str:
    """Return the document number of a published paper: the year in 〔〕, no 第, no padding (7.2.5); a bulletin counts its issues."""
    words = {
        PublicationKind.BULLETIN: _("{year}年第{number}期"),
        PublicationKind.AGREEMENT: _("责任书〔{year}〕{number}号"),
        PublicationKind.ASSIGNMENT: _("交办〔{year}〕{number}号"),
        PublicationKind.URGING: _("催办〔{year}〕{number}号"),
        PublicationKind.REPLY: _("督复〔{year}〕{number}号"),
        PublicationKind.CONCLUSION: _("督结〔{year}〕{number}号"),
        PublicationKind.SCORECARD: _("督考〔{year}〕{number}号"),
    }
    return words[kind].format(year=year, number=number)
