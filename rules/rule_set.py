"""The numbers the rules use, as one versioned set. Every rating says which version made it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from rules.errors import DubanError
from rules.texts import _


@dataclass(frozen=True)
class RuleSet:
    """Thresholds of lights, reminders and reporting. The defaults are those the project decided on (domain handbook, part 4).

    Gaps are in percentage points of the target, leads in working days before a due day, `*_months` in whole months after the start month.
    """

    version: str = "2026-2"
    yellow_gap_pp: float = 10.0
    red_gap_pp: float = 30.0
    ahead_pp: float = 10.0
    due_soon_days: int = 3
    red_not_started_months: int = 3
    red_return_count: int = 2
    reminder_leads: tuple[int, ...] = (7, 3, 1, 0)
    acknowledge_days: int = 5
    report_open_days: int = 3
    report_limit_days: int = 3
    bulletin_day: int = 5
    most_extensions: int = 2
    unlikely_factor: float = 10.0

    @property
    def sha256(self) -> str:
        """Return the hash of the content, so that a paper can say exactly which numbers judged."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


DEFAULT_RULE_SET = RuleSet()


def rule_set_from(content: Mapping[str, Any]) -> RuleSet:
    """Return the rule set that plain values say (as read from JSON); refuse, with bad-rules, an unknown name or a value that is no number above zero."""
    known = {one.name: one for one in fields(RuleSet)}
    for name, value in content.items():
        if name not in known:
            raise DubanError("bad-rules", _("规则里没有“{name}”这一项；可用的有：{names}").format(name=name, names=_("、").join(known)))
        if not _fits(name, value):
            raise DubanError("bad-rules", _("规则“{name}”的值 {value} 不合格式").format(name=name, value=value))
    leads = tuple(sorted(content.get("reminder_leads", DEFAULT_RULE_SET.reminder_leads), reverse=True))
    return RuleSet(**{**content, "reminder_leads": leads})


def _fits(name: str, value: object) -> bool:
    if name == "version":
        return isinstance(value, str) and 0 < len(value.strip()) <= 40
    if name == "reminder_leads":
        return isinstance(value, list | tuple) and all(isinstance(lead, int) and 0 <= lead <= 90 for lead in value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000
    return is_number and (name.endswith(("_pp", "_factor")) or isinstance(value, int))
