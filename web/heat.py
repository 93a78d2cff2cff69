"""Heat maps as tables: every cell is coloured by the share of red and yellow in it, and says its numbers in words, so that colour is never alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.texts import _
from rules.words import day_words, light_word, period_words
from services.plan_boards import COUNTED, Counts, Look
from web.views import Share

_TONES = (*(light.value for light in COUNTED), "done")
# As on a plan's page: what is done first, then from bad to good.
_SHOWN = (len(COUNTED), *range(len(COUNTED)))


@dataclass(frozen=True)
class HeatCell:
    """One cell: its shade, its numbers in words, the bar of its lights and the whole of it in a sentence. No words: not counted yet; a dash: no task."""

    shade: str
    words: tuple[str, ...]
    told: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class HeatRow:
    """One row: what it is of, where more is told of it, and its cells by quarter."""

    name: str
    note: str
    to: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """A map ready for its template. `key` is its place on the page; `columns` are the quarters, the last one the day itself. `more` leads to further rows."""

    key: str
    heading: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    empty: str
    more: str = ""


def columns_of(looks: Iterable[Look]) -> tuple[str, ...]:
    """Return the heads of the columns."""
    return tuple(period_words(look.period.code) if look.period else _("{day}止").format(day=day_words(look.as_of)) for look in looks)


def cells_of(looks: Sequence[Look], counted: Mapping[Look, Counts | None]) -> tuple[HeatCell, ...]:
    """Return a row's cells; a look whose boards are not all judged yet (None) stays open."""
    return tuple(_cell(counted.get(look)) for look in looks)


def _cell(counts: Counts | None) -> HeatCell:
    if counts is None:
        return HeatCell("open", (), _("还没有汇总到"), ())
    whole = sum(counts)
    if not whole:
        return HeatCell("none", ("—",), _("没有任务"), ())
    words = count_words()
    said = [_("{word} {count}").format(word=words[place], count=counts[place]) for place in _SHOWN if counts[place]]
    told = _("，").join([_("任务 {count} 项").format(count=whole), *said])
    return HeatCell(_shade(counts), tuple(said), told, shares_of(counts))


def count_words() -> tuple[str, ...]:
    """Return the words of what is counted, in the order of `Counts`."""
    return (*(light_word(light) for light in COUNTED), _("已办结"))


def _shade(counts: Counts) -> str:
    """Return the shade by the share of red among all; without red, yellow or green by what there is."""
    red = counts[0] / sum(counts)
    if red:
        return next((shade for most, shade in ((0.1, "red-1"), (0.3, "red-2"), (0.6, "red-3")) if red <= most), "red-4")
    if counts[1]:
        return "yellow-1"
    return "green-1" if counts[2] or counts[4] else "none"


def shares_of(counts: Counts) -> tuple[Share, ...]:
    """Return the pieces of a bar of these counts; none where nothing is counted."""
    whole, start, shares = sum(counts), 0.0, []
    for place in _SHOWN:
        if count := counts[place]:
            shares.append(Share(_TONES[place], round(start, 2), round(100 * count / whole, 2)))
        start += 100 * count / whole
    return tuple(shares)
