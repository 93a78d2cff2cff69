"""A paper numbered and kept for good: its view frozen, its files under their hashes, one running number a kind and year."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.publication import Publication, PublicationFile, PublicationKind
from reports.faces import FACES, PLAIN, Printing, render
from reports.imprint import doc_no_of
from reports.paper import Paper
from rules.errors import DubanError
from rules.texts import _, use_language
from services.notices import lock_plans
from services.occasion import Occasion
from services.store import Store
from services.task_rows import among


@dataclass(frozen=True)
class Press:
    """Where papers go: the store of files, the office that signs, and what the house prints with."""

    store: Store
    office: str | None = None
    printing: Printing = PLAIN


@dataclass(frozen=True)
class Numbered:
    """The place of a paper in its series."""

    year: int
    number: int
    doc_no: str


@dataclass(frozen=True)
class Filing:
    """What is to be filed. `compose` makes the paper once its number is known; `scope` and `period` say what it is about, as in `Publication`.

    `formats_if_able` are those that are left out where this machine cannot write them (a PDF without a font for Chinese).
    """

    kind: PublicationKind
    scope: str
    period: str
    compose: Callable[[Numbered], Paper]
    formats: tuple[str, ...]
    ledger_head: str
    edits: Mapping[str, Any] = field(default_factory=dict)
    approver: str | None = None
    corrects_id: int | None = None
    formats_if_able: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filed:
    """A filed paper: its number, its hash, its files by name with the hash each is kept under, and why a format was left out."""

    publication_id: int
    version: int
    place: Numbered
    paper: Paper
    view_sha256: str
    files: Mapping[str, str]
    kind: PublicationKind
    ledger_head: str
    left_out: Mapping[str, str] = field(default_factory=dict)

    def as_entry(self) -> dict[str, Any]:
        """Return what the ledger's entry says of it."""
        return {
            "publication": self.publication_id,
            "kind": self.kind.value,
            "ledger_head": self.ledger_head,
            "version": self.version,
            "year": self.place.year,
            "number": self.place.number,
            "doc_no": self.place.doc_no,
            "files": dict(self.files),
            "view_sha256": self.view_sha256,
        }


def file_paper(session: Session, filing: Filing, press: Press, occasion: Occasion) -> Filed:
    """Number, freeze and keep a paper; the caller has asked for the right, and enters it in the ledger with `as_entry`.

    1. All plans are locked, so that numbers are given one after the other. 2. The paper is made with its number, and its files are kept. 3. The rows are written.
    """
    lock_plans(session)
    year = occasion.day.year
    number = _next_number(session, filing.kind, year)
    place = Numbered(year, number, _doc_no(filing.kind, year, number))
    paper = filing.compose(place)
    contents = {name: render(paper, name, press.printing) for name in filing.formats}
    able, left_out = _rendered_if_able(paper, filing.formats_if_able, press.printing)
    contents |= able
    publication = _row(filing, place, paper, occasion)
    publication.version = _next_version(session, filing)
    session.add(publication)
    session.flush()
    assert publication.id is not None
    kept = {}
    for name, content in contents.items():
        file_name = f"{paper.name}{FACES[name].ending}"
        kept[file_name] = press.store.keep(content)
        session.add(
            PublicationFile(publication_id=publication.id, format=name, name=file_name, sha256=kept[file_name], size_bytes=len(content))
        )
    view = view_sha256(publication.view)
    return Filed(publication.id, publication.version, place, paper, view, kept, filing.kind, filing.ledger_head, left_out)


def _doc_no(kind: PublicationKind, year: int, number: int) -> str:
    """Return the document number. It is a name, the same in whatever language the paper is issued; only a bulletin's issue is counted in words."""
    if kind is PublicationKind.BULLETIN:
        return doc_no_of(kind, year, number)
    with use_language("zh"):
        return doc_no_of(kind, year, number)


def _rendered_if_able(paper: Paper, formats: tuple[str, ...], printing: Printing) -> tuple[dict[str, bytes], dict[str, str]]:
    contents, left_out = {}, {}
    for name in formats:
        try:
            contents[name] = render(paper, name, printing)
        except DubanError as error:
            left_out[name] = error.message
    return contents, left_out


def view_sha256(view: Mapping[str, Any]) -> str:
    """Return the hash of a frozen view, which the entry of its publication keeps."""
    return sha256(json.dumps(view, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Archived:
    """A publication as the archive lists it."""

    id: int
    kind: PublicationKind
    scope: str
    period: str
    version: int
    year: int
    doc_no: str
    published_on: date
    corrects_id: int | None
    signed_on: date | None
    files: Mapping[str, str]


def archived(
    session: Session, kind: PublicationKind | None = None, scope: str | None = None, ids: Sequence[int] | None = None
) -> list[Archived]:
    """Return the papers of the archive, oldest first, with their files; of these numbers, where they are given."""
    columns = (*(getattr(Publication, name) for name in _LISTED), Publication.number)
    wanted = sa.select(*map(col, columns)).order_by(col(Publication.id))
    wanted = wanted if kind is None else wanted.where(col(Publication.kind) == kind)
    wanted = wanted if scope is None else wanted.where(col(Publication.scope) == scope)
    files: dict[int, dict[str, str]] = {}
    kept = sa.select(col(PublicationFile.publication_id), col(PublicationFile.name), col(PublicationFile.sha256))
    if ids is not None:
        wanted, kept = wanted.where(among(col(Publication.id), ids)), kept.where(among(col(PublicationFile.publication_id), ids))
    for publication_id, name, digest in session.execute(kept.order_by(col(PublicationFile.id))).tuples():
        files.setdefault(publication_id, {})[name] = digest
    return [_archived(dict(row), files) for row in session.execute(wanted).mappings()]


_LISTED = ("id", "kind", "scope", "period", "version", "year", "doc_no", "published_on", "corrects_id", "signed_on")


def _archived(row: dict[str, Any], files: Mapping[int, Mapping[str, str]]) -> Archived:
    """Return a row as the archive lists it; papers from before numbers were written down get the number in words."""
    number = row.pop("number")
    doc_no = row.pop("doc_no") or doc_no_of(row["kind"], row["year"], number)
    return Archived(**row, doc_no=doc_no, files=files.get(row["id"], {}))


def write_files(files: Mapping[str, str], store: Store, folder: Path) -> list[Path]:
    """Write files out of the store into a folder for people to open, byte for byte as they were published, and return their paths. Code: file-not-written."""
    paths = []
    for name, digest in files.items():
        path = folder / name
        content = store.read(digest)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise DubanError("file-not-written", _("不能写入 {place}：{why}").format(place=path, why=error.strerror)) from None
        paths.append(path)
    return paths


def _row(filing: Filing, place: Numbered, paper: Paper, occasion: Occasion) -> Publication:
    if len(filing.scope) > 200:
        raise DubanError("scope-too-long", _("一次涉及的计划太多，请分开印发，或不写 --plan 印发全部"))
    return Publication(
        kind=filing.kind,
        scope=filing.scope,
        period=filing.period,
        year=place.year,
        number=place.number,
        doc_no=place.doc_no,
        published_on=occasion.day,
        published_at=occasion.at,
        view=dict(paper.data),
        edits=dict(filing.edits),
        ledger_head=filing.ledger_head,
        corrects_id=filing.corrects_id,
        approver=filing.approver,
    )


def _next_number(session: Session, kind: PublicationKind, year: int) -> int:
    last = sa.select(sa.func.coalesce(sa.func.max(col(Publication.number)), 0))
    return int(session.execute(last.where(col(Publication.kind) == kind, col(Publication.year) == year)).scalar_one()) + 1


def _next_version(session: Session, filing: Filing) -> int:
    """Return 1 for what is filed first of its kind, scope and period; a correction counts on."""
    same = (col(Publication.kind) == filing.kind, col(Publication.scope) == filing.scope, col(Publication.period) == filing.period)
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(col(Publication.version)), 0)).where(*same)).scalar_one()) + 1
