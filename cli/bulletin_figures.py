"""`duban bulletin PERIOD --figures`: the figures without the lists of tasks, written as they are counted, whatever the number of tasks."""

import json
from typing import Any

from cli.desk import Desk
from cli.output import print_table, say
from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, as_json, item_json
from rules.texts import _
from rules.words import bucket_word
from services.bulletins.compiling import compile_figures
from services.bulletins.counting import BulletinOrder

_spelt = json.JSONEncoder(ensure_ascii=False).encode


def print_figures(desk: Desk, order: BulletinOrder, *, as_json_: bool) -> None:
    """Print a period's figures: for people by bucket, unit and item, else one document `duban/bulletin-figures/1`."""
    if as_json_:
        _print_document(desk, order)
        return
    lines: list[str] = []
    with desk.reading() as (session, _actor):
        view = compile_figures(session, order, desk.day, lambda item: lines.append(_item_words(item)))
    print_buckets(view)
    heads = [_("单位"), _("牵头"), _("配合"), *map(bucket_word, BUCKETS), _("应报"), _("按时"), _("缺报")]
    rows = [
        (
            unit.name,
            unit.lead_tasks,
            unit.support_tasks,
            *_numbers(unit.counts),
            unit.reports_due,
            unit.reports_on_time,
            unit.reports_missing,
        )
        for unit in view.units
    ]
    print_table(heads, rows)
    say("\n".join(lines))


def print_buckets(view: Bulletin) -> None:
    """Print how many tasks there are in each bucket."""
    say(_("{period} 督查通报（截至 {as_of}）：共 {tasks} 项任务").format(period=view.period, as_of=view.as_of, tasks=view.totals.tasks))
    rows = [
        (bucket_word(name), getattr(view.totals, name), f"{getattr(view.shares, name):.1f}%", f"{getattr(view.change, name):+d}")
        for name in BUCKETS
    ]
    print_table([_("情况"), _("任务数"), _("占比"), _("比上期")], rows)


def _item_words(item: ItemLine) -> str:
    counted = _("，").join(f"{bucket_word(name)} {count}" for name, count in zip(BUCKETS, _numbers(item.counts), strict=True) if count)
    return f"{item.number or ''}\t{item.title}\t{counted}"


def _numbers(counts: Counts) -> list[int]:
    return [getattr(counts, name) for name in BUCKETS]


def _print_document(desk: Desk, order: BulletinOrder) -> None:
    # The items come first: what is counted over all of them is known when the last one has come.
    print('{"schema": "duban/bulletin-figures/1", "items": [', end="")
    between = "\n"

    def write(item: ItemLine) -> None:
        nonlocal between
        print(between + _spelt(item_json(item)), end="")
        between = ",\n"

    with desk.reading() as (session, _actor):
        view = compile_figures(session, order, desk.day, write)
    rest: dict[str, Any] = {name: part for name, part in as_json(view).items() if name not in ("schema", "items", "lagging", "next")}
    print("],", _spelt(rest)[1:])
