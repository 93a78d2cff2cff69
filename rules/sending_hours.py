"""The hours in which the program sends by itself. What a person starts goes at once, at any hour."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rules.rule_set import RuleSet

_HERE = ZoneInfo("Asia/Shanghai")


def is_sending_hour(at: datetime, rules: RuleSet) -> bool:
    """Tell whether the aware instant lies in the sending hours: from the first one on, before the last one."""
    return rules.sending_from <= at.astimezone(_HERE).hour < rules.sending_until
