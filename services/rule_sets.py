"""Rule sets in force: each version with the day it takes effect, so that every day is judged by the numbers of that day.

A version holds for the house, for a kind of source, or for one plan. Of the two narrower scopes only the numbers they say are kept; each number is taken from
the narrowest scope that says it, so that a change of the house reaches whoever says nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.plan import Plan, SourceKind
from models.rule_set import RuleSetVersion
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.rule_set import (
    DEFAULT_RULE_SET,
    HOUSE_SCOPE,
    RuleBook,
    RuleSet,
    content_sha256,
    narrowed,
    refuse_unfit,
    refuse_wide,
    rule_set_from,
)
from rules.texts import _
from services.answers import answer_once
from services.changes import table_of
from services.ledger import Event, record
from services.occasion import Occasion
from services.prepared import Prepared


@dataclass(frozen=True)
class RuleSetRow:
    """A version as it is listed; the program's own has no day. `content` are the numbers it says itself: all of them for the house."""

    version: str
    scope: str
    effective_on: date | None
    content: Mapping[str, Any]
    sha256: str


def plan_scope(plan_id: int) -> str:
    """Return the scope of one plan."""
    return f"plan-{plan_id}"


def source_scope(kind: SourceKind) -> str:
    """Return the scope of all plans of a kind of source."""
    return f"source-{kind.value}"


def rule_set_on(session: Session, day: date) -> RuleSet:
    """Return the house's rule set in force on `day`: the last version that had taken effect, before the first one the program's own."""
    return answer_once(session, ("house rules", day), lambda: _rule_set(_content_on(session, HOUSE_SCOPE, day)))


def rule_book_on(session: Session, day: date, house: RuleSet | None = None) -> RuleBook:
    """Return all rule sets in force on `day`, by plan where one differs; `house` stands for the house's own where it is given."""
    house = house or rule_set_on(session, day)
    narrow = _narrow_on(session, day)
    if not narrow:
        return RuleBook(house)
    by_plan = {}
    for plan_id, kind in session.execute(select(col(Plan.id), col(Plan.source_kind))).tuples():
        said = [narrow[scope] for scope in (source_scope(kind), plan_scope(plan_id or 0)) if scope in narrow]
        if said:
            by_plan[plan_id or 0] = narrowed(house, *said)
    return RuleBook(house, by_plan)


def source_rules_on(session: Session, day: date, kind: SourceKind) -> RuleSet:
    """Return what holds on `day` for a plan of this kind of source that says nothing itself."""
    return narrowed(rule_set_on(session, day), _content_on(session, source_scope(kind), day) or {})


def adopt_rule_set(
    session: Session, content: Mapping[str, Any], effective_on: date, occasion: Occasion, scope: str = HOUSE_SCOPE
) -> RuleSet:
    """Adopt a version for a scope and return what then holds there; what `content` leaves out stays as it is, and None takes a number of a narrower scope back.

    Never for days gone by: their ratings stand. Codes: rules-backwards, bad-rules, rules-too-wide (a number that only the house sets), unknown-plan, rules-taken
    (the version's name, or the scope's day).
    """
    refuse_without_right(occasion.actor, Act.ADOPT_RULES)
    if effective_on < occasion.day:
        raise DubanError("rules-backwards", _("规则不能追溯到 {day}：已经过去的日子按当时的规则评定").format(day=effective_on))
    before = _content_on(session, scope, occasion.day) or (asdict(DEFAULT_RULE_SET) if scope == HOUSE_SCOPE else {})
    rules, whole = _adopted(session, content, effective_on, scope)
    version = str(whole["version"])
    _refuse_taken(session, version, effective_on, scope)
    sha256 = rules.sha256 if scope == HOUSE_SCOPE else content_sha256(whole)
    row = RuleSetVersion(version=version, scope=scope, effective_on=effective_on, adopted_on=occasion.day, content=whole, sha256=sha256)
    session.add(row)
    changed = {name: whole.get(name) for name in {**before, **whole} if _plain(whole.get(name)) != _plain(before.get(name))}
    after = {"effective_on": effective_on.isoformat(), "scope": scope, **changed}
    record(session, occasion, Event("adopt-rules", f"rules {version}", after=after))
    return rules


def list_rule_sets(session: Session) -> list[RuleSetRow]:
    """Return the program's own set and every version adopted, the house's first, each scope's in the order they take effect."""
    own = RuleSetRow(DEFAULT_RULE_SET.version, HOUSE_SCOPE, None, asdict(DEFAULT_RULE_SET), DEFAULT_RULE_SET.sha256)
    versions = session.execute(select(RuleSetVersion).order_by(col(RuleSetVersion.effective_on))).scalars().all()
    adopted = [
        RuleSetRow(row.version, row.scope, row.effective_on, _whole(row.content) if row.scope == HOUSE_SCOPE else row.content, row.sha256)
        for row in versions
    ]
    return [own, *sorted(adopted, key=lambda row: (row.scope != HOUSE_SCOPE, row.scope))]


def _rule_set(content: Mapping[str, Any] | None) -> RuleSet:
    return rule_set_from(content) if content else DEFAULT_RULE_SET


def _whole(content: Mapping[str, Any]) -> Mapping[str, Any]:
    # A version from before a number existed has that number by its default.
    return {**asdict(DEFAULT_RULE_SET), **content}


def _adopted(session: Session, content: Mapping[str, Any], day: date, scope: str) -> tuple[RuleSet, dict[str, Any]]:
    """Return the set that will hold in the scope from `day` on, and the content that says so."""
    house = rule_set_on(session, day)
    if scope == HOUSE_SCOPE:
        rules = rule_set_from({**asdict(house), **content})
        return rules, asdict(rules)
    _refuse_unknown_plan(session, scope)
    refuse_wide(content)
    refuse_unfit({"version": "", **{name: value for name, value in content.items() if value is not None}})
    said = {**(_content_on(session, scope, day) or {}), **content}
    whole = {name: value for name, value in said.items() if value is not None}
    return narrowed(house, whole), whole


def _refuse_unknown_plan(session: Session, scope: str) -> None:
    kind, _dash, number = scope.partition("-")
    if kind == "plan" and session.get(Plan, int(number)) is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=number))


def _refuse_taken(session: Session, version: str, effective_on: date, scope: str) -> None:
    same_day = (col(RuleSetVersion.effective_on) == effective_on) & (col(RuleSetVersion.scope) == scope)
    taken = select(col(RuleSetVersion.id)).where((col(RuleSetVersion.version) == version) | same_day)
    if version == DEFAULT_RULE_SET.version or session.execute(taken).first():
        text = _("版本 {version} 或生效日 {day} 已经用过；规则一经采用不再改动，请另取版本名和日期")
        raise DubanError("rules-taken", text.format(version=version, day=effective_on))


# Columns of the table, not of its class: every command asks, and the first statement that names a class prepares all of them.
_VERSION = table_of(RuleSetVersion).c
_CONTENT = Prepared(
    select(_VERSION.content)
    .where(_VERSION.scope == bindparam("of"), _VERSION.effective_on <= bindparam("day"))
    .order_by(_VERSION.effective_on.desc())
    .limit(1)
)
# Of two versions of a scope the later one comes last, and stays.
_NARROW = Prepared(
    select(_VERSION.scope, _VERSION.content)
    .where(_VERSION.scope != HOUSE_SCOPE, _VERSION.effective_on <= bindparam("day"))
    .order_by(_VERSION.effective_on)
)


def _content_on(session: Session, scope: str, day: date) -> dict[str, Any] | None:
    found = _CONTENT.rows(session, {"of": scope, "day": day})
    return found[0][0] if found else None


def _narrow_on(session: Session, day: date) -> Mapping[str, Mapping[str, Any]]:
    """Return what each narrower scope says on `day`."""
    rows: Sequence[tuple[str, Mapping[str, Any]]] = _NARROW.rows(session, {"day": day})
    return dict(rows)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
