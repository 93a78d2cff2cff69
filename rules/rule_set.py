"""The numbers the rules use, as one versioned set. Every rating says which version made it."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256


@dataclass(frozen=True)
class RuleSet:
    """Thresholds of lights, reminders and reporting. The defaults are those the project decided on (domain handbook, part 4).

    Gaps are in percentage points of the target, leads in working days before a due day, `*_months` in whole months after the start month.
    """

    version: str = "2026-1"
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

    @property
    def sha256(self) -> str:
        """Return the hash of the content, so that a paper can say exactly which numbers judged."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


DEFAULT_RULE_SET = RuleSet()
