"""Published bulletins: their frozen figures and their files, as they went out."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from sqlmodel import Session

from models.publication import Publication, PublicationKind
from reports.faces import FACES
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.keyset import PageAsk
from services.papers.archive import PaperFilter, list_papers, paper_page
from services.papers.filing import Archived
from web.api.answers import PageOf, file, listed, page_out, shown
from web.api.caller import Calling
from web.api.routing import A_FILE, UNCHANGED, guarded
from web.api.shapes import Told
from web.api.values import USUAL_ROWS, After, BulletinId, Limit

router = guarded("bulletins")

Format = StrEnum("Format", {name.upper(): name for name in FACES})  # type: ignore[misc]
FormatName = Annotated[Format, Path(description="Which of its files.")]


class BulletinLine(Told):
    """A published bulletin in a listing."""

    id: int = Field(description="Its number in the archive.", examples=[2])
    doc_no: str = Field(description="Its issue, such as 2013年第3期.")
    period: str = Field(description="The period it is on.", examples=["2013Q3"])
    scope: str = Field(description="`all`, or the plans it covers: `plan-3-7`.", examples=["all"])
    version: int = Field(description="1, or for a correction which one it is.", ge=1)
    published_on: date = Field(description="The day it was published.")
    corrects_id: int | None = Field(description="For a correction: the bulletin it puts right.")
    formats: list[str] = Field(description="The formats of its files.", examples=[["docx", "pdf"]])


class BulletinOut(BulletinLine):
    """A published bulletin with its figures."""

    view: dict[str, Any] = Field(description="The frozen figures: the document `duban/bulletin/1`, as docs/bulletins.md describes it.")


@router.get("/bulletins", operation_id="listBulletins", response_model=PageOf[BulletinLine], summary="List bulletins")
def list_bulletins(request: Request, caller: Calling, after: After = None, limit: Limit = USUAL_ROWS) -> Response:
    """List the published bulletins that the caller may see, oldest first: an office's all, a unit's those it is named in."""
    with caller.reading() as session:
        page = paper_page(session, PaperFilter(PublicationKind.BULLETIN), PageAsk(after, limit, is_rising=True), caller.actor)
    return listed(request, page_out(page, lambda row: BulletinLine(**_line(row))))


@router.get(
    "/bulletins/{bulletin_id}", operation_id="getBulletin", response_model=BulletinOut, responses=UNCHANGED, summary="Open a bulletin"
)
def get_bulletin(request: Request, caller: Calling, bulletin_id: BulletinId) -> Response:
    """Open a bulletin: its figures as they were published, whatever has happened since."""
    with caller.reading() as session:
        found = _one(session, caller.actor, bulletin_id)
        return shown(request, BulletinOut(**_line(found), view=session.get_one(Publication, bulletin_id).view))


@router.get(
    "/bulletins/{bulletin_id}/files/{format}",
    operation_id="getBulletinFile",
    response_class=Response,
    responses=A_FILE,
    summary="A bulletin's file",
)
def get_bulletin_file(request: Request, caller: Calling, bulletin_id: BulletinId, format: FormatName) -> Response:  # noqa: A002  (the path's own word)
    """Take out one of a bulletin's files, byte for byte as it was published."""
    with caller.reading() as session:
        found = _one(session, caller.actor, bulletin_id)
    names = [name for name in found.files if name.endswith(FACES[format.value].ending)]
    if not names:
        raise DubanError("unknown-format", _("这份通报没有 {format} 格式的文件").format(format=format.value))
    digest = found.files[names[0]]
    return file(request, names[0], caller.context.store.read(digest), digest)


def _one(session: Session, actor: Actor, bulletin_id: int) -> Archived:
    found = list_papers(session, PaperFilter(PublicationKind.BULLETIN, ids=(bulletin_id,)), actor)
    if not found:
        raise DubanError("unknown-paper", _("没有印发件 {id}，请用 duban bulletin list 查看").format(id=bulletin_id))
    return found[0]


def _line(paper: Archived) -> dict[str, Any]:
    same = {name: getattr(paper, name) for name in ("id", "doc_no", "period", "scope", "version", "published_on", "corrects_id")}
    return {**same, "formats": [name for name, face in FACES.items() if any(one.endswith(face.ending) for one in paper.files)]}
