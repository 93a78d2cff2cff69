"""What people put into a scorecard by hand, each time with a reason; a later mark goes before an earlier one and none is erased."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind
from models.scorecard import ManualMark
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.scoring_facts import Mark, Occurrence, Ref
from rules.scoring_scheme import MARKED_EVENTS, EventKind, EventRule, Item, Scheme
from rules.texts import _
from services.ledger import Event, record
from services.occasion import Occasion
from services.scoring.adopting import adopted_scheme
from services.scoring.happened import is_concluded
from services.scoring.traces import house_entries

MARK = "mark"
MOST_TIMES = 99


@dataclass(frozen=True)
class MarkInput:
    """A mark to be put in: for a manual item its value, for an event how often it happened. `case_id` is the concluded case behind a mark for falsified figures."""

    year: int
    unit_id: int
    item: str
    value: float
    reason: str
    scheme: str | None = None
    case_id: int | None = None


def put_mark(session: Session, said: MarkInput, occasion: Occasion) -> int:
    """Keep a mark and return its version. The unit's row is locked, so that two who mark it come one after the other.

    Codes: unknown-unit, no-reason, unknown-scheme, which-scheme, scheme-not-adopted, unknown-item, bad-mark (beyond what the item allows), year-not-begun, no-concluded-case.
    """
    refuse_without_right(occasion.actor, Act.MARK)
    if not said.reason.strip():
        raise DubanError("no-reason", _("评分须写明理由"))
    if occasion.day < date(said.year, 1, 1):
        raise DubanError("year-not-begun", _("{year} 年还没有开始，不能评分").format(year=said.year))
    scheme = adopted_scheme(session, said.scheme, said.year, occasion.day).scheme
    if session.execute(sa.select(col(Unit.id)).where(col(Unit.id) == said.unit_id).with_for_update()).scalar_one_or_none() is None:
        raise DubanError("unknown-unit", _("没有编号为 {id} 的单位").format(id=said.unit_id))
    part = _markable(scheme, said.item)
    _refuse_beyond(part, said)
    if isinstance(part, EventRule) and EventKind.FALSIFIED in part.on:
        _refuse_unproven(session, said)
    version = _last_version(session, scheme, said) + 1
    row = ManualMark(
        scheme=scheme.code,
        year=said.year,
        unit_id=said.unit_id,
        item=said.item,
        version=version,
        value=said.value,
        reason=said.reason.strip(),
        marked_on=occasion.day,
        marker=occasion.actor.name,
        case_id=said.case_id,
    )
    session.add(row)
    session.flush()
    after = {"mark": row.id, "unit_id": said.unit_id, "item": said.item, "value": said.value, "reason": row.reason, "case": said.case_id}
    record(session, occasion, Event(MARK, f"scorecard {scheme.code} {said.year}", after=after))
    return row.version


def _last_version(session: Session, scheme: Scheme, said: MarkInput) -> int:
    same = sa.select(sa.func.coalesce(sa.func.max(col(ManualMark.version)), 0)).where(
        col(ManualMark.scheme) == scheme.code,
        col(ManualMark.year) == said.year,
        col(ManualMark.unit_id) == said.unit_id,
        col(ManualMark.item) == said.item,
    )
    return int(session.execute(same).scalar_one())


@dataclass(frozen=True)
class Marked:
    """What people put in for one unit: marks of manual items, and events."""

    marks: tuple[Mark, ...] = ()
    events: tuple[Occurrence, ...] = ()


def marks_of(session: Session, scheme: Scheme, year: int, known_on: date) -> Mapping[int, Marked]:
    """Return the latest marks known on a day by unit, with their entries. A mark of 0 for an event takes an earlier one back."""
    rows = sa.select(ManualMark).where(
        col(ManualMark.scheme) == scheme.code, col(ManualMark.year) == year, col(ManualMark.marked_on) <= known_on
    )
    latest = {(row.unit_id, row.item): row for row in session.execute(rows.order_by(col(ManualMark.version))).scalars()}
    refs = {trace.said.get("mark"): trace.ref for _subject, trace in house_entries(session, [MARK], known_on)} if latest else {}
    rules = {rule.code: rule for rule in scheme.events}
    manual = {item.code for item in scheme.manual_items}
    marks: dict[int, list[Mark]] = defaultdict(list)
    events: dict[int, list[Occurrence]] = defaultdict(list)
    for (unit_id, item), row in sorted(latest.items()):
        found = (refs[row.id],) if row.id in refs else ()
        if item in manual:
            marks[unit_id].append(Mark(item, row.value, row.reason, found))
        elif item in rules and row.value:
            events[unit_id].append(_event(rules[item], row, found))
    return {unit_id: Marked(tuple(marks[unit_id]), tuple(events[unit_id])) for unit_id in {*marks, *events}}


def _event(rule: EventRule, row: ManualMark, refs: tuple[Ref, ...]) -> Occurrence:
    kind = next(kind for kind in rule.on if kind in MARKED_EVENTS)
    about = f"case-{row.case_id}" if row.case_id else f"mark-{row.item}"
    return Occurrence(kind, row.marked_on, about, rule.title, times=int(row.value), words=row.reason, refs=refs, rule=rule.code)


def _markable(scheme: Scheme, code: str) -> Item | EventRule:
    parts: list[Item | EventRule] = [*scheme.manual_items, *(rule for rule in scheme.events if set(rule.on) & set(MARKED_EVENTS))]
    found = next((part for part in parts if part.code == code), None)
    if found is None:
        codes = _("、").join(part.code for part in parts) or _("没有")
        raise DubanError("unknown-item", _("“{code}”不是人工评分的项目；可以评分的有：{codes}").format(code=code, codes=codes))
    return found


def _refuse_beyond(part: Item | EventRule, said: MarkInput) -> None:
    if isinstance(part, EventRule):
        if said.value != int(said.value) or not 0 <= said.value <= MOST_TIMES:
            text = _("“{title}”填次数：0 到 {most} 的整数，0 表示撤回；现在是 {value:g}")
            raise DubanError("bad-mark", text.format(title=part.title, most=MOST_TIMES, value=said.value))
        return
    most = part.out_of or part.weight
    if not 0 <= said.value <= most:
        raise DubanError(
            "bad-mark", _("“{title}”应在 0 到 {most:g} 之间；现在是 {value:g}").format(title=part.title, most=most, value=said.value)
        )


def _refuse_unproven(session: Session, said: MarkInput) -> None:
    """Refuse to say that figures were falsified unless a concluded case of that unit says so."""
    case = session.get(AccountabilityCase, said.case_id) if said.case_id is not None else None
    if (
        case is None
        or case.unit_id != said.unit_id
        or case.kind is not CaseKind.ACCOUNTABILITY
        or not is_concluded({"state": case.state, "outcome": case.outcome})
    ):
        text = _("弄虚作假只能以该单位已送达、未被异议改变的问责结论为准；请用 --case 写明案卷")
        raise DubanError("no-concluded-case", text)
