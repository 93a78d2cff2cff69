"""Publishing a bulletin: its view frozen, its files kept by hash, its number given, once for each period."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.publication import Publication, PublicationFile, PublicationKind
from reports.bulletin import Bulletin, as_json
from reports.faces import FACES, render
from reports.imprint import Imprint
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.bulletins import BulletinOrder, compile_bulletin
from services.ledger import Event, heads_of, record
from services.occasion import Occasion
from services.store import Store


@dataclass(frozen=True)
class Press:
    """Where published files go: the store of files, and the office named in the masthead."""

    store: Store
    office: str | None = None


@dataclass(frozen=True)
class Published:
    """A published bulletin: its number in its year, its view, and its files by name with the hash each is kept under."""

    number: int
    view: Bulletin
    files: dict[str, str]


def publish_bulletin(session: Session, order: BulletinOrder, press: Press, occasion: Occasion) -> Published:
    """Freeze and number the bulletin of a period, with a file for every face.

    A period is published once; doing it again is refused, naming the first. An unfinished period is refused, since its figures would still move.
    """
    refuse_without_right(occasion.actor, Act.PUBLISH)
    _refuse_published(session, order)
    if occasion.day <= order.period.ends_on:
        text = _("{code} 到 {day} 才结束，现在只能用 duban bulletin 预览，不能印发")
        raise DubanError("period-not-over", text.format(code=order.period.code, day=order.period.ends_on))
    view = compile_bulletin(session, order, occasion.day)
    heads = heads_of(session, [plan.id for plan in view.plans])
    number = _next_number(session, occasion.day.year)
    files = {face: render(view, face, Imprint(press.office, occasion.day.year, number)) for face in FACES}
    publication = _row(order, view, number, occasion)
    session.add(publication)
    session.flush()
    assert publication.id is not None
    kept = {}
    for face, content in files.items():
        name = f"{order.period.code}-{publication.year}-{number}{FACES[face].ending}"
        kept[name] = press.store.keep(content)
        session.add(PublicationFile(publication_id=publication.id, format=face, name=name, sha256=kept[name], size_bytes=len(content)))
    after = {"period": view.period, "year": publication.year, "number": number, "ledger_head": view.ledger_head, "files": kept}
    after |= {"heads": heads, "view_sha256": view_sha256(publication.view)}
    record(session, occasion, Event("publish-bulletin", f"bulletin {view.period}", after=after))
    return Published(number, view, kept)


def view_sha256(view: Mapping[str, Any]) -> str:
    """Return the hash of a frozen view, which the entry of its publication keeps."""
    return sha256(json.dumps(view, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_published(session: Session, period: str, plan_ids: tuple[int, ...] | None = None) -> bool:
    """Tell whether the bulletin of the period has been published."""
    same = select(col(Publication.id)).where(col(Publication.period) == period, col(Publication.scope) == _scope(plan_ids))
    return session.execute(same).first() is not None


def write_files(published: Published, store: Store, folder: Path) -> list[Path]:
    """Write the published files into a folder for people to open, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, digest in published.files.items():
        path = folder / name
        path.write_bytes(store.read(digest))
        paths.append(path)
    return paths


def _refuse_published(session: Session, order: BulletinOrder) -> None:
    same = select(col(Publication.year), col(Publication.number), col(Publication.published_on)).where(
        col(Publication.period) == order.period.code, col(Publication.scope) == _scope(order.plan_ids)
    )
    first = session.execute(same).first()
    if first:
        text = _("{code} 的通报已于 {day} 以 {year} 年第 {number} 期印发，不能重复印发")
        raise DubanError(
            "already-published", text.format(code=order.period.code, day=first.published_on, year=first.year, number=first.number)
        )


def _next_number(session: Session, year: int) -> int:
    last = select(func.coalesce(func.max(col(Publication.number)), 0)).where(col(Publication.year) == year)
    return int(session.execute(last).scalar_one()) + 1


def _row(order: BulletinOrder, view: Bulletin, number: int, occasion: Occasion) -> Publication:
    return Publication(
        kind=PublicationKind.BULLETIN,
        scope=_scope(order.plan_ids),
        period=view.period,
        year=occasion.day.year,
        number=number,
        published_on=occasion.day,
        published_at=occasion.at,
        view=as_json(view),
        ledger_head=view.ledger_head,
    )


def _scope(plan_ids: tuple[int, ...] | None) -> str:
    return "all" if plan_ids is None else "plan-" + "-".join(str(plan_id) for plan_id in sorted(plan_ids))
