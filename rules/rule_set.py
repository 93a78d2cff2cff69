"""The numbers the rules use, as one versioned set. Every rating says which version made it.

The house has one set. A kind of source or a single plan may say other numbers for when to remind and to urge, never for how to judge.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from rules.errors import DubanError
from rules.texts import _

HOUSE_SCOPE = "house"


@dataclass(frozen=True)
class RuleSet:
    """Thresholds of lights, reminders and reporting. The defaults are those the project decided on (domain handbook, part 4).

    Gaps are in percentage points of the target, `*_pct` in per cent of it, leads in working days before a due day, steps in working days after it, `*_months` in whole months after the
    start month, `sending_*` hours of the day in Asia/Shanghai.
    """

    version: str = "2026-3"
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
    overdue_steps: tuple[int, ...] = (1,)
    notice_after_days: int = 3
    notice_limit_days: int = 5
    sending_from: int = 8
    sending_until: int = 18
    objection_days: int = 30
    case_red_notices: int = 2
    case_missed_reports: int = 3
    praise_early_days: int = 30
    praise_over_pct: float = 10.0
    praise_least_tasks: int = 3
    silent_days: int = 30

    @property
    def sha256(self) -> str:
        """Return the hash of the content, so that a paper can say exactly which numbers judged.

        A number that came later counts only where it is not its default, so that a version adopted before keeps its hash.
        """
        content = asdict(self)
        return content_sha256({name: value for name, value in content.items() if name not in _CAME_LATER or value != _DEFAULTS[name]})


DEFAULT_RULE_SET = RuleSet()
_DEFAULTS = asdict(DEFAULT_RULE_SET)
_CAME_LATER = (
    *("overdue_steps", "notice_after_days", "notice_limit_days", "sending_from", "sending_until"),
    *("objection_days", "case_red_notices", "case_missed_reports", "praise_early_days", "praise_over_pct", "praise_least_tasks"),
    "silent_days",
)

# What a narrower scope than the house may say: when somebody hears something. What judges is the same for all, so that lights can be compared.
WHEN_FIELDS = (
    *("reminder_leads", "overdue_steps", "acknowledge_days", "report_open_days", "report_limit_days"),
    *("notice_after_days", "notice_limit_days"),
)


@dataclass(frozen=True)
class RuleBook:
    """The rule sets of one day: the house's, and those of plans that differ from it in when to remind and to urge."""

    house: RuleSet
    by_plan: Mapping[int, RuleSet] = field(default_factory=dict)

    def of(self, plan_id: int) -> RuleSet:
        """Return the set that holds for a plan."""
        return self.by_plan.get(plan_id, self.house)


def rule_set_from(content: Mapping[str, Any]) -> RuleSet:
    """Return the house's rule set that plain values say (as read from JSON), what they leave out by its default. Refused with bad-rules: see `refuse_unfit`."""
    refuse_unfit(content)
    rules = RuleSet(**{name: _ordered(name, value) for name, value in content.items()})
    if rules.sending_from >= rules.sending_until:
        text = _("发送时段应从早到晚：sending_from（{start}）要小于 sending_until（{end}）")
        raise DubanError("bad-rules", text.format(start=rules.sending_from, end=rules.sending_until))
    return rules


def narrowed(rules: RuleSet, *contents: Mapping[str, Any]) -> RuleSet:
    """Return the set with what narrower scopes say of it, the widest of them first. What was stored once is not checked again."""
    said = {name: _ordered(name, value) for content in contents for name, value in content.items() if name in WHEN_FIELDS}
    return replace(rules, **said) if said else rules


def refuse_unfit(content: Mapping[str, Any]) -> None:
    """Refuse, with bad-rules, an unknown name or a value that does not fit it: no number from zero on, days out of order, an hour the day does not have."""
    for name, value in content.items():
        if name not in _DEFAULTS:
            names = _("、").join(_DEFAULTS)
            raise DubanError("bad-rules", _("规则里没有“{name}”这一项；可用的有：{names}").format(name=name, names=names))
        if not _fits(name, value):
            text = _("规则“{name}”的值 {value} 不合格式：{wanted}")
            raise DubanError("bad-rules", text.format(name=name, value=json.dumps(value, ensure_ascii=False), wanted=_wanted(name)))


def refuse_wide(content: Mapping[str, Any]) -> None:
    """Refuse, with rules-too-wide, a number that only the house as a whole may set."""
    wide = [name for name in content if name not in (*WHEN_FIELDS, "version")]
    if wide:
        text = _("“{names}”只能全局规定，不能按计划或来源另定；可以另定的有：{allowed}")
        raise DubanError("rules-too-wide", text.format(names=_("、").join(wide), allowed=_("、").join(WHEN_FIELDS)))


def content_sha256(content: Mapping[str, Any]) -> str:
    """Return the hash of plain values."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _ordered(name: str, value: Any) -> Any:
    """Return days as they are kept: leads from the longest, steps from the first."""
    return tuple(sorted(set(value), reverse=name == "reminder_leads")) if name in _DAYS else value


_DAYS = ("reminder_leads", "overdue_steps")
_HOURS = ("sending_from", "sending_until")
_FROM_ONE = (
    *("notice_limit_days", "objection_days", "case_red_notices", "case_missed_reports", "praise_early_days", "praise_least_tasks"),
    "silent_days",
)
LONGEST_LEAD, LATEST_STEP = 90, 250


def _fits(name: str, value: object) -> bool:
    if name == "version":
        return isinstance(value, str) and 0 < len(value.strip()) <= 40
    if name == "reminder_leads":
        return _days_in(value, 0, LONGEST_LEAD) is not None
    if name == "overdue_steps":
        steps = _days_in(value, 1, LATEST_STEP)
        return bool(steps) and steps == sorted(set(steps or ()))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if name.endswith(("_pp", "_pct", "_factor")):
        return 0 <= value < 1000
    most = 24 if name in _HOURS else 999
    return isinstance(value, int) and int(name in _FROM_ONE) <= value <= most


def _days_in(value: object, first: int, last: int) -> list[int] | None:
    """Return the days of a list that holds nothing but days from `first` to `last`, None where it does not."""
    given = list(value) if isinstance(value, list | tuple) else [None]
    days = [day for day in given if isinstance(day, int) and not isinstance(day, bool) and first <= day <= last]
    return days if len(days) == len(given) else None


def _wanted(name: str) -> str:
    if name == "version":
        return _("1 到 40 个字")
    if name == "reminder_leads":
        return _("到期前几个工作日，如 [7, 3, 1, 0]，每个在 0 到 {most} 之间").format(most=LONGEST_LEAD)
    if name == "overdue_steps":
        return _("逾期后第几个工作日，从小到大，如 [1, 5, 10]，每个在 1 到 {most} 之间").format(most=LATEST_STEP)
    if name in _HOURS:
        return _("北京时间的整点，0 到 24")
    if name.endswith(("_pp", "_pct", "_factor")):
        return _("0 以上的数")
    return _("{least} 以上的整数").format(least=int(name in _FROM_ONE))
