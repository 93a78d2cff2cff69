"""Units that change: renamed, merged, split. What was, stays: a day before the change is still told in the old names.

The one thing to know: a name once used always leads somewhere. The old name of a renamed unit is another name of it, that of a unit that has ended leads to its
successor. Open tasks go over with their state: the work goes on, so nobody acknowledges them anew; done tasks stay with the unit that did them until they are reopened. Cases that are not
over go over too: somebody has to be heard, to object and to put right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.account import Account
from models.case import AccountabilityCase, CaseState
from models.request import Request, RequestState
from models.task import Task
from models.unit import CalendarFeed, Contact, Unit, UnitAlias
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.children import ENDED
from services.contact_register import forget_contact
from services.ledger import Event, record, record_all
from services.occasion import Occasion
from services.takeovers import handed_over
from services.units import unit_named, units_by_name

_CASE_OVER = (CaseState.VERIFIED, CaseState.DROPPED)


@dataclass(frozen=True)
class Takeover:
    """What a merger or split did: who took over, which units were registered for it, and how many open tasks went over."""

    successor: str
    new_units: tuple[str, ...]
    task_count: int


@dataclass(frozen=True)
class Reorganisation:
    """When a change holds by its document (the ledger keeps it beside the day of entry), and whether names that are not registered yet may be made units."""

    from_day: date
    may_register: bool = False


def rename_unit(session: Session, old: str, new: str, from_day: date, occasion: Occasion) -> None:
    """Rename a unit; its old name goes on leading to it. Reports on days before this act keep the old name.

    Codes: unknown-unit, alias-taken (the new name is another unit's), unit-itself (it is called that already), not-yet (a day ahead).
    """
    refuse_without_right(occasion.actor, Act.REORGANISE_UNITS)
    unit = _locked(session, [unit_named(session, old)])[0]
    _refuse_ahead(from_day, occasion.day)
    new = new.strip()
    if not new or new == unit.name:
        raise DubanError("unit-itself", _("单位已经叫“{unit}”").format(unit=unit.name))
    taken = units_by_name(session, [new]).get(new)
    if taken not in (None, unit.id) or _is_ended(session, new):
        raise DubanError("alias-taken", _("“{alias}”已经是一个单位的名称或别名").format(alias=new))
    before, unit.name = unit.name, new
    alias = session.execute(select(UnitAlias).where(col(UnitAlias.alias) == new)).scalar_one_or_none()
    if alias:
        alias.alias = before
    session.add(alias or UnitAlias(unit_id=unit.id or 0, alias=before))
    session.add(unit)
    said = Event("rename-unit", f"unit {new}", before={"name": before}, after={"id": unit.id, "name": new}, for_day=from_day)
    record(session, occasion, said)


def merge_units(session: Session, names: Sequence[str], into: str, order: Reorganisation, occasion: Occasion) -> Takeover:
    """Let one unit take over from others, which end: names, contacts, accounts, units below, open tasks.

    Codes: unknown-unit, unit-itself (a unit into itself), not-yet.
    """
    refuse_without_right(occasion.actor, Act.REORGANISE_UNITS)
    _refuse_ahead(order.from_day, occasion.day)
    sources = _locked(session, sorted({unit_named(session, name) for name in names}))
    known = _known(session, [into], order)
    if any(unit.id == known.get(into) or unit.name == into for unit in sources):
        raise DubanError("unit-itself", _("“{unit}”不能并入自己").format(unit=into))
    return _take_over(session, sources, [into], _Change("merge-units", order, occasion), known)


def split_unit(session: Session, name: str, into: Sequence[str], order: Reorganisation, occasion: Occasion) -> Takeover:
    """End a unit whose work others take over. The first of `into` takes everything that is open, names and accounts too; single tasks are reassigned from there.

    Codes: unknown-unit, unit-itself (a unit into itself, or into fewer than two), not-yet.
    """
    refuse_without_right(occasion.actor, Act.REORGANISE_UNITS)
    _refuse_ahead(order.from_day, occasion.day)
    sources = _locked(session, [unit_named(session, name)])
    known = _known(session, into, order)
    if len({known.get(one, one) for one in into}) < 2:
        raise DubanError("unit-itself", _("拆分要写明两个以上的单位；只有一个时请用 duban unit merge 或 rename"))
    if any(sources[0].id == known.get(one) or sources[0].name == one for one in into):
        text = _("“{unit}”不能拆分成自己；原单位保留时，只须登记新单位，再改派任务")
        raise DubanError("unit-itself", text.format(unit=sources[0].name))
    return _take_over(session, sources, into, _Change("split-unit", order, occasion), known)


@dataclass(frozen=True)
class _Change:
    act: str
    order: Reorganisation
    occasion: Occasion


def _take_over(session: Session, sources: Sequence[Unit], into: Sequence[str], change: _Change, known: Mapping[str, int]) -> Takeover:
    new = [name for name in dict.fromkeys(into) if name not in known]
    made = [Unit(name=name, level=sources[0].level, parent_id=sources[0].parent_id, region=sources[0].region) for name in new]
    session.add_all(made)
    session.flush()
    ids = {**known, **{unit.name: unit.id or 0 for unit in made}}
    successor = session.execute(select(Unit).where(col(Unit.id) == ids[into[0]])).scalar_one()
    for unit in sources:
        _end(session, unit, successor, change.order.from_day)
    source_ids = {unit.id or 0: unit.name for unit in sources}
    events = handed_over(session, source_ids, successor, col(Task.state).not_in(ENDED))
    after = {
        "into": {str(ids[name]): name for name in into},
        "registered": new,
        "tasks": len(events),
    }
    before = {"units": {str(unit_id): name for unit_id, name in source_ids.items()}}
    said = Event(change.act, f"unit {successor.name}", before=before, after=after, for_day=change.order.from_day)
    record_all(session, change.occasion, [said, *events])
    return Takeover(successor.name, tuple(new), len(events))


def _end(session: Session, unit: Unit, successor: Unit, day: date) -> None:
    """Let the unit's names, contacts, accounts, units below, waiting requests and running cases go over to its successor."""
    assert unit.id is not None
    assert successor.id is not None
    unit.successor_id, unit.valid_to = successor.id, day
    session.add(unit)
    if successor.parent_id == unit.id:
        successor.parent_id = unit.parent_id if unit.parent_id != successor.id else None
    for below in session.execute(select(Unit).where(col(Unit.parent_id) == unit.id, col(Unit.id) != successor.id)).scalars():
        below.parent_id = successor.id
    own = select(col(Contact.channel), col(Contact.address)).where(col(Contact.unit_id) == successor.id)
    places = set(session.execute(own).tuples())
    for contact in session.execute(select(Contact).where(col(Contact.unit_id) == unit.id)).scalars().all():
        if (contact.channel, contact.address) in places:
            forget_contact(session, contact)
        else:
            contact.unit_id = successor.id
    for kind in (UnitAlias, Account, CalendarFeed):
        for row in session.execute(select(kind).where(col(kind.unit_id) == unit.id)).scalars():
            row.unit_id = successor.id
    waiting = select(Request).where(col(Request.unit_id) == unit.id, col(Request.state) == RequestState.FILED)
    for request in session.execute(waiting).scalars():
        request.unit_id = successor.id
    running = select(AccountabilityCase).where(col(AccountabilityCase.unit_id) == unit.id, col(AccountabilityCase.state).not_in(_CASE_OVER))
    for case in session.execute(running.with_for_update()).scalars():
        case.unit_id = successor.id
    session.add(UnitAlias(unit_id=successor.id, alias=unit.name))
    session.flush()


def _locked(session: Session, ids: Sequence[int]) -> list[Unit]:
    units = select(Unit).where(col(Unit.id).in_(ids)).order_by(col(Unit.id)).with_for_update()
    return list(session.execute(units).scalars())


def _known(session: Session, names: Sequence[str], order: Reorganisation) -> Mapping[str, int]:
    known = units_by_name(session, names)
    for name in names:
        if name not in known and not order.may_register:
            text = _("没有登记过单位“{unit}”；是新设的单位请加 --new，否则请用 duban unit list 查看")
            raise DubanError("unknown-unit", text.format(unit=name))
        if not name.strip() or len(name) > 120:
            raise DubanError("unknown-unit", _("单位名称为空或超过 120 字"))
    return known


def _is_ended(session: Session, name: str) -> bool:
    return session.execute(select(col(Unit.id)).where(col(Unit.name) == name)).first() is not None


def _refuse_ahead(from_day: date, day: date) -> None:
    if from_day > day:
        raise DubanError("not-yet", _("{day} 还没有到；请到那一天再办").format(day=from_day))
