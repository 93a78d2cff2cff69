"""What a paper carries beside its figures: the office that signs it and its number. A paper without a number says that it is only a preview."""

from dataclasses import dataclass

from rules.texts import _


@dataclass(frozen=True)
class Imprint:
    """The office (None: not printed) and, once published, the year and running number."""

    office: str | None = None
    year: int | None = None
    number: int | None = None

    @property
    def issue(self) -> str:
        """Return the issue in words."""
        if self.number is None:
            return _("预览稿（未编号）")
        return _("{year}年第{number}期").format(year=self.year, number=self.number)


PREVIEW = Imprint()
