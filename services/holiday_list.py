"""A year's holidays as people hand them in, read from a list: the days off, the make-up days, and what is wrong with them by row.

Kept is only what differs from Monday to Friday: a day off on a weekend says nothing, and is noted where it stands alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rules.errors import DubanError
from rules.texts import _
from rules.words import day_words
from services.row_files import FileRow, RowMistake, read_rows, refuse_mistakes

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "日期": ("时间", "起止日期", "放假时间"),
    "类型": ("安排", "休/班", "休班", "类别"),
    "名称": ("节日", "节日名称", "假日", "说明"),
}
_OFF = ("休", "放假", "休息", "假", "节假日", "法定节假日")
_ON = ("班", "上班", "补班", "调休上班", "工作日")
_DAY = re.compile(r"(?:(?:(\d{4})\s?[-/.年]\s?)?(\d{1,2})\s?[-/.月]\s?)?(\d{1,2})\s?日?(?: 00:00:00)?")
_WEEKDAY = re.compile(r"[（(](?:周|星期|礼拜)?[一二三四五六日天][）)]")
_UNTIL = re.compile(r"\s?(?:至|到|~|～|—{1,2}|–|－| - )\s?")
LONGEST_RANGE = 15
FEWEST_DAYS = 5
LONGEST_NAME = 40


@dataclass(frozen=True)
class KeptDay:
    """A day that differs from Monday to Friday, and why."""

    is_working: bool
    name: str


@dataclass(frozen=True)
class HolidayList:
    """One year's days that differ from Monday to Friday. `notes` are what a reader should look at again."""

    year: int
    days: Mapping[date, KeptDay]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    row: int
    days: tuple[date, ...]
    kept: KeptDay


def read_holidays(path: Path) -> HolidayList:
    """Return the list of a file, xlsx or csv with the columns 日期, 类型 (休 or 班) and 名称; a date may be a span of days, or several.

    Refused whole, with each mistake by its row (row-mistakes): an unreadable date or kind, days of another year, one day both off and worked, a make-up day on a
    weekday, a span that is too long. Refused too: what cannot be read (rows-not-read), and a list without a day (no-holidays).
    """
    mistakes: list[RowMistake] = []
    lines = list(_lines(path, mistakes))
    mistakes += _contradictions(lines)
    refuse_mistakes(path.name, sorted(mistakes))
    days = {day: line.kept for line in lines for day in line.days if line.kept.is_working or day.weekday() < 5}
    if not days:
        raise DubanError("no-holidays", _("“{name}”里没有一个休息日或补班日").format(name=path.name))
    return HolidayList(next(iter(days)).year, dict(sorted(days.items())), tuple(_notes(lines, days)))


def _lines(path: Path, mistakes: list[RowMistake]) -> Iterator[_Line]:
    for row in read_rows(path, COLUMNS):
        try:
            yield _line(row)
        except ValueError as error:
            mistakes.append(RowMistake(row.number, str(error)))


def _line(row: FileRow) -> _Line:
    """Return what a row says; ValueError says in words what is wrong with it."""
    kind = row["类型"].strip("（）()")
    if kind not in (*_OFF, *_ON):
        raise ValueError(_("类型“{kind}”看不懂，请写“休”或“班”").format(kind=kind))
    kept = KeptDay(kind in _ON, row["名称"][:LONGEST_NAME])
    return _Line(row.number, tuple(_days(row["日期"])), kept)


def _days(written: str) -> Iterator[date]:
    """Yield the days of a cell; year and month of a part that leaves them out are those of the part before."""
    last: date | None = None
    for part in re.split("[、，,；;]", _WEEKDAY.sub("", written)):
        ends = _UNTIL.split(part.strip())
        if len(ends) > 2:
            raise _unreadable(written)
        first = _day(ends[0], last, written)
        last = _day(ends[-1], first, written)
        if not 0 <= (last - first).days < LONGEST_RANGE:
            text = _("“{written}”的起止不对：应从早到晚，且不超过 {most} 天")
            raise ValueError(text.format(written=written[:40], most=LONGEST_RANGE))
        yield from (first + timedelta(days=count) for count in range((last - first).days + 1))


def _day(written: str, before: date | None, cell: str) -> date:
    found = _DAY.fullmatch(written.strip())
    if found is None:
        raise _unreadable(cell)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        return date(year or (before.year if before else 0), month or (before.month if before else 0), day)
    except ValueError:
        raise _unreadable(cell) from None


def _unreadable(cell: str) -> ValueError:
    return ValueError(_("看不懂日期“{written}”，请写成 2013-10-01，或“2013-10-01至2013-10-07”").format(written=cell[:40]))


def _contradictions(lines: list[_Line]) -> Iterator[RowMistake]:
    said: dict[date, KeptDay] = {}
    years = {day.year for line in lines[:1] for day in line.days[:1]}
    for line in lines:
        for day in line.days:
            if day.year not in years:
                yield RowMistake(line.row, _("{day}不在 {year} 年；一份名单只写一年").format(day=day_words(day), year=min(years)), "日期")
            if line.kept.is_working and day.weekday() < 5:
                yield RowMistake(line.row, _("{day}是周一至周五，本来上班，不能再记为补班").format(day=day_words(day)), "日期")
            if said.setdefault(day, line.kept).is_working is not line.kept.is_working:
                yield RowMistake(line.row, _("{day}既写了休又写了班").format(day=day_words(day)), "类型")


def _notes(lines: list[_Line], days: Mapping[date, KeptDay]) -> Iterator[str]:
    for line in lines:
        if len(line.days) == 1 and line.days[0] not in days:
            yield _("第 {row} 行：{day}是周末，本来休息，不必列出").format(row=line.row, day=day_words(line.days[0]))
    count = sum(not kept.is_working for kept in days.values())
    if count < FEWEST_DAYS:
        yield _("全年只有 {count} 个工作日改为休息，少于 {fewest} 个，请核对名单是否完整").format(count=count, fewest=FEWEST_DAYS)
