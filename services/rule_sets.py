"""Rule sets in force: each version with the day it takes effect, so that every day is judged by the numbers of that day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.rule_set import RuleSetVersion
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.rule_set import DEFAULT_RULE_SET, RuleSet, rule_set_from
from rules.texts import _
from services.ledger import Event, record
from services.occasion import Occasion


@dataclass(frozen=True)
class RuleSetRow:
    """A rule set as it is listed; the program's own has no day."""

    effective_on: date | None
    rules: RuleSet


def rule_set_on(session: Session, day: date) -> RuleSet:
    """Return the rule set in force on `day`: the last version that had taken effect, before the first one the program's own."""
    versions = select(col(RuleSetVersion.content)).where(col(RuleSetVersion.effective_on) <= day)
    content = session.execute(versions.order_by(col(RuleSetVersion.effective_on).desc()).limit(1)).scalar_one_or_none()
    return rule_set_from(content) if content else DEFAULT_RULE_SET


def adopt_rule_set(session: Session, content: Mapping[str, Any], effective_on: date, occasion: Occasion) -> RuleSet:
    """Adopt a version from `effective_on` on; what `content` leaves out stays as it is in force then. Never for days gone by: their ratings stand."""
    refuse_without_right(occasion.actor, Act.ADOPT_RULES)
    if effective_on < occasion.day:
        raise DubanError("rules-backwards", _("规则不能追溯到 {day}：已经过去的日子按当时的规则评定").format(day=effective_on))
    rules = rule_set_from({**asdict(rule_set_on(session, effective_on)), **content})
    taken = (col(RuleSetVersion.version) == rules.version) | (col(RuleSetVersion.effective_on) == effective_on)
    if rules.version == DEFAULT_RULE_SET.version or session.execute(select(col(RuleSetVersion.id)).where(taken)).first():
        text = _("版本 {version} 或生效日 {day} 已经用过；规则一经采用不再改动，请另取版本名和日期")
        raise DubanError("rules-taken", text.format(version=rules.version, day=effective_on))
    row = RuleSetVersion(
        version=rules.version, effective_on=effective_on, adopted_on=occasion.day, content=asdict(rules), sha256=rules.sha256
    )
    session.add(row)
    before = asdict(rule_set_on(session, occasion.day))
    changed = {one.name: getattr(rules, one.name) for one in fields(rules) if getattr(rules, one.name) != before[one.name]}
    record(session, occasion, Event("adopt-rules", f"rules {rules.version}", after={"effective_on": effective_on.isoformat(), **changed}))
    return rules


def list_rule_sets(session: Session) -> list[RuleSetRow]:
    """Return the program's own set and every version adopted, in the order they take effect."""
    versions = select(col(RuleSetVersion.effective_on), col(RuleSetVersion.content)).order_by(col(RuleSetVersion.effective_on))
    adopted = [RuleSetRow(effective_on, rule_set_from(content)) for effective_on, content in session.execute(versions).tuples()]
    return [RuleSetRow(None, DEFAULT_RULE_SET), *adopted]
