"""Evidence that comes with a form: what was sent now, what waits from a form that was refused, and the list of it for the page."""

from dataclasses import dataclass, field
from pathlib import Path

from fastapi.responses import Response

from rules.texts import _
from runtime.clock import now
from services.evidence import MOST_EVIDENCE_BYTES, MOST_FILES, MOST_TOGETHER_BYTES
from services.waiting_evidence import WaitingPlace, let_wait
from web.forms import SentForm
from web.visiting import Visitor
from web.words import size_words

ACCEPTED = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.ofd,.txt,.csv,.zip"


@dataclass(frozen=True)
class WaitingRow:
    """A file that was received with a form that was refused; ticked, it is handed in with the next one."""

    sha256: str
    name: str
    size: str
    is_ticked: bool


@dataclass(frozen=True)
class EvidenceField:
    """The evidence field of a form: its limits in words, and the files that wait."""

    limits: str
    accept: str = ACCEPTED
    waiting: tuple[WaitingRow, ...] = ()


@dataclass
class Uploads:
    """The evidence of one form that was sent."""

    place: WaitingPlace
    held: list[str]
    fresh: list[Path]
    _kept: list[str] = field(default_factory=list)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return all files to be handed in."""
        return (*self.place.chosen(self.held), *self.fresh)

    def field(self) -> EvidenceField:
        """Let the files wait, since the form was refused, and return the field as the page shows it again."""
        before = {file.sha256 for file in self.place.files()}
        waiting = let_wait(self.place, self.fresh, now())
        rows = (
            WaitingRow(one.sha256, one.name, size_words(one.size_bytes), one.sha256 in self.held or one.sha256 not in before)
            for one in waiting
        )
        return EvidenceField(limits_words(), waiting=tuple(rows))

    def settle(self, answer: Response) -> Response:
        """Let go of what waited once the form was carried out; return its answer."""
        if answer.status_code == 303 or "Duban-Done" in answer.headers:
            self.place.forget()
        return answer


def uploads_of(visitor: Visitor, sent: SentForm) -> Uploads:
    """Return the evidence that came with a form, and what waits for it."""
    place = WaitingPlace(visitor.settings.home / "waiting", visitor.account_id, sent.text("waiting"))
    return Uploads(place, sent.texts("held"), sent.files("evidence"))


def new_field() -> EvidenceField:
    """Return the evidence field of a form that goes out first."""
    return EvidenceField(limits_words())


def limits_words() -> str:
    """Return what may be sent."""
    text = _("文档、表格、图片、PDF 或 zip；一次最多 {most} 个，每个不超过 {each} MB，合计不超过 {together} MB。可以拖到这里，也可以拍照。")
    return text.format(most=MOST_FILES, each=MOST_EVIDENCE_BYTES >> 20, together=MOST_TOGETHER_BYTES >> 20)
