"""The only place that asks what time it is. Everything below the edges is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is now in Asia/Shanghai, where every due day ends at 23:59:59."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the day in Asia/Shanghai that an aware `instant` falls on."""
    return instant.astimezone(TIMEZONE).date()
