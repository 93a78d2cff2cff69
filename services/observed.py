"""What indicators showed, as it was known on a day: of every observation the latest revision recorded by then."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col


@dataclass(frozen=True)
class Observed:
    """Values by indicator and day up to the day judged, with the indicators' names and units of measure."""

    series: Mapping[int, Mapping[date, float]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    units_of_measure: Mapping[int, str | None] = field(default_factory=dict)

    def latest(self, indicator_id: int | None, since: date | None = None) -> float | None:
        """Return the last value, None where there is none (since a day)."""
        days = self._days(indicator_id, since)
        return self.series[indicator_id][max(days)] if days and indicator_id is not None else None

    def before(self, indicator_id: int, day: date) -> float | None:
        """Return the last value of the days before `day`."""
        days = [one for one in self._days(indicator_id) if one < day]
        return self.series[indicator_id][max(days)] if days else None

    def latest_pair(self, own: int, other: int | None, since: date | None = None) -> tuple[float | None, float | None]:
        """Return both values of the last day on which both were observed, else the last ones of the last year in which both were.

        Where they share neither, the own last value and None: what does not belong together is not compared.
        """
        own_days, other_days = self._days(own, since), self._days(other, since)
        if other is None or not own_days or not other_days:
            return self.latest(own, since), None if own_days else self.latest(other, since)
        common = own_days & other_days
        if common:
            return self.series[own][max(common)], self.series[other][max(common)]
        years = {day.year for day in own_days} & {day.year for day in other_days}
        if not years:
            return self.latest(own, since), None
        own_day, other_day = (max(day for day in days if day.year == max(years)) for days in (own_days, other_days))
        return self.series[own][own_day], self.series[other][other_day]

    def _days(self, indicator_id: int | None, since: date | None = None) -> set[date]:
        days = self.series.get(indicator_id, {}) if indicator_id is not None else {}
        return {day for day in days if since is None or day >= since}


def observed_on(session: Session, as_of: date, known_on: date, indicator_ids: Iterable[int]) -> Observed:
    """Return what these indicators showed up to `as_of`, by what was recorded by `known_on`."""
    wanted = sorted(set(indicator_ids))
    if not wanted:
        return Observed()
    # Few tasks are judged by an indicator: only these wait for its tables.
    from models.indicator import Indicator, Observation

    rows = (
        select(col(Observation.indicator_id), col(Observation.observed_on), col(Observation.value))
        .where(col(Observation.indicator_id).in_(wanted))
        .where(col(Observation.observed_on) <= as_of, col(Observation.recorded_on) <= known_on)
        .order_by(col(Observation.indicator_id), col(Observation.observed_on), col(Observation.revision))
    )
    series: dict[int, dict[date, float]] = defaultdict(dict)
    for indicator_id, day, value in session.execute(rows).tuples():
        series[indicator_id][day] = value
    named = select(col(Indicator.id), col(Indicator.name), col(Indicator.unit_of_measure)).where(col(Indicator.id).in_(wanted))
    found = [(id_, name, unit) for id_, name, unit in session.execute(named).tuples() if id_ is not None]
    return Observed(series, {id_: name for id_, name, _unit in found}, {id_: unit for id_, _name, unit in found})
