"""What a plan's table can be narrowed to: the fields of its form, read from the address and shown again as they were asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import QueryParams

from models.unit import UnitLevel
from rules.lights import Light
from rules.periods import Period, parse_period, period_after, quarter_of
from rules.texts import _
from rules.words import light_word, period_words
from services.plan_list import PlanHead
from services.plan_table import LEAD, SUPPORT, PlanTable, TableFilter
from web.light_bar import WORST_FIRST

_MOST_QUARTERS = 60
_LONGEST = 60

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filters:
    """The form: what was asked, what each field offers, and the days one can look back to (`days` of them, counted from `first_on`)."""

    asked: Mapping[str, str]
    on: str
    parts: Choices
    levels: Choices
    lights: Choices
    quarters: Choices
    first_on: str
    last_on: str
    days: int
    place: int
    is_narrowed: bool


def asked_of(query: QueryParams) -> dict[str, str]:
    """Return the filters an address asks for; one that says nothing, or nothing that can be understood, is left out."""
    said = {name: query.get(name, "").strip()[:_LONGEST] for name in ("unit", "part", "level", "light", "quarter", "text")}
    known = {"part": {LEAD, SUPPORT}, "level": {one.value for one in UnitLevel}, "light": {one.value for one in Light}}
    chosen = {name: value for name, value in said.items() if value and (name not in known or value in known[name])}
    if "quarter" in chosen and not _is_quarter(chosen["quarter"]):
        del chosen["quarter"]
    if "unit" not in chosen and "level" not in chosen:
        chosen.pop("part", None)
    return chosen


def wanted_of(asked: Mapping[str, str]) -> TableFilter:
    """Return the filter for the table."""
    return TableFilter(
        unit=asked.get("unit", ""),
        part=asked.get("part", ""),
        level=UnitLevel(asked["level"]) if "level" in asked else None,
        light=Light(asked["light"]) if "light" in asked else None,
        quarter=parse_period(asked["quarter"]) if "quarter" in asked else None,
        text=asked.get("text", ""),
    )


def page_of(query: QueryParams) -> int:
    """Return the page asked for, the first where it is not a number."""
    written = query.get("page", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 6 else 1


def filters_of(head: PlanHead, table: PlanTable, asked: Mapping[str, str], today: date) -> Filters:
    """Return the form as it was asked for."""
    first_on = min(head.first_on or head.issued_on or head.starts_on or table.day, table.day)
    return Filters(
        asked=asked,
        on="" if table.day == today else table.day.isoformat(),
        parts=((LEAD, _("牵头")), (SUPPORT, _("配合"))),
        levels=_levels(),
        lights=tuple((light.value, light_word(light)) for light in WORST_FIRST),
        quarters=tuple((one.code, period_words(one.code)) for one in _quarters(head, table)),
        first_on=first_on.isoformat(),
        last_on=today.isoformat(),
        days=(today - first_on).days,
        place=(table.day - first_on).days,
        is_narrowed=bool(asked),
    )


def _levels() -> Choices:
    return (
        (UnitLevel.STATE.value, _("国家")),
        (UnitLevel.PROVINCE.value, _("省级")),
        (UnitLevel.PREFECTURE.value, _("市级")),
        (UnitLevel.COUNTY.value, _("县级")),
        (UnitLevel.TOWNSHIP.value, _("乡级")),
    )


def _quarters(head: PlanHead, table: PlanTable) -> Iterable[Period]:
    years = [year for year in table.columns if year is not None]
    first = head.starts_on or (date(years[0], 1, 1) if years else table.day)
    last = max(head.ends_on or first, date(years[-1], 12, 31) if years else table.day)
    period = quarter_of(first)
    for _number in range(_MOST_QUARTERS):
        if period.starts_on > last:
            return
        yield period
        period = period_after(period)


def _is_quarter(written: str) -> bool:
    return (
        len(written) == 6
        and written[:4].isascii()
        and written[:4].isdecimal()
        and written[4] == "Q"
        and written[5] in "1234"
        and "1949" <= written[:4] <= "2100"
    )
