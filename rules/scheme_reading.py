"""A scheme of appraisal read from plain values, with everything that does not fit named by its path.

A scheme that counts leaders' instructions or media items is refused unless the house states on what basis, which every scorecard prints.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from models.notice import NoticeLevel
from models.plan import SourceKind
from rules.errors import DubanError
from rules.scheme_faults import fault_words
from rules.scoring_scheme import GUARDED_EVENTS, SIZED_EVENTS, EventKind, EventRule, Item, ItemKind, Scheme
from rules.texts import _


def scheme_from(content: Mapping[str, Any]) -> Scheme:
    """Return the scheme that plain values (as read from JSON) say.

    Codes: bad-scheme (every fault with its path), guard-rail (leaders' instructions or media items counted without a stated basis).
    """
    try:
        scheme = Scheme.model_validate_json(json.dumps(content, ensure_ascii=False))
    except ValidationError as error:
        raise _bad(fault_words(one) for one in error.errors(include_url=False)) from None
    except ValueError as error:
        raise _bad([str(error)]) from None
    faults = list(_misfits(scheme))
    if faults:
        raise _bad(faults)
    _refuse_unfounded(scheme)
    return scheme


def guarded_parts(scheme: Scheme) -> tuple[str, ...]:
    """Return the titles of what counts leaders' instructions or media items: the rules of 2024-08 forbid it without a basis of its own."""
    parts: tuple[Item | EventRule, ...] = (*scheme.items, *scheme.events)
    found = [part for part in parts if SourceKind.INSTRUCTION in part.counts.sources]
    found += [rule for rule in scheme.events if set(rule.on) & set(GUARDED_EVENTS)]
    return tuple(dict.fromkeys(part.title for part in found))


def _refuse_unfounded(scheme: Scheme) -> None:
    guarded = guarded_parts(scheme)
    if guarded and not scheme.guard_rail_basis.strip():
        text = _(
            "“{titles}”把领导批示或媒体报道计入考评，2024年8月的规定不允许；确有依据的，请在 guard_rail_basis 写明依据，依据会印在考评表上"
        )
        raise DubanError("guard-rail", text.format(titles=_("、").join(guarded)))


def _bad(faults: Iterable[str]) -> DubanError:
    return DubanError("bad-scheme", _("考评办法有误：{faults}").format(faults=_("；").join(faults)))


def _misfits(scheme: Scheme) -> Iterator[str]:
    yield from _doubles(scheme)
    yield from _group_misfits(scheme)
    for number, item in enumerate(scheme.items):
        yield from (_("items[{number}].{what}").format(number=number, what=what) for what in _item_misfits(item, scheme))
    for number, rule in enumerate(scheme.events):
        yield from (_("events[{number}].{what}").format(number=number, what=what) for what in _event_misfits(rule))
    if scheme.cap is not None and scheme.floor is not None and scheme.floor > scheme.cap:
        yield _("floor：不能大于 cap")
    if not (scheme.items or scheme.events):
        yield _("items：没有计分项目，也没有加减分（events）")


def _doubles(scheme: Scheme) -> Iterator[str]:
    seen: set[str] = set()
    codes = [part.code for parts in (scheme.groups, scheme.items, scheme.events) for part in parts]
    for code in codes:
        if code in seen:
            yield _("code：“{code}”用了两次").format(code=code)
        seen.add(code)


def _group_misfits(scheme: Scheme) -> Iterator[str]:
    parents = {group.code: group.parent for group in scheme.groups}
    used = {item.group for item in scheme.items} | set(parents.values())
    for number, group in enumerate(scheme.groups):
        if group.parent and group.parent not in parents:
            yield _("groups[{number}].parent：没有“{code}”这一组").format(number=number, code=group.parent)
        elif _goes_round(group.code, parents):
            yield _("groups[{number}].parent：绕回到了自己").format(number=number)
        if group.code not in used:
            yield _("groups[{number}]：“{code}”里没有项目").format(number=number, code=group.code)


def _goes_round(code: str, parents: Mapping[str, str]) -> bool:
    above, seen = parents[code], {code}
    while above in parents and above not in seen:
        seen.add(above)
        above = parents[above]
    return above in seen


def _item_misfits(item: Item, scheme: Scheme) -> Iterator[str]:
    if item.group and item.group not in {group.code for group in scheme.groups}:
        yield _("group：没有“{code}”这一组").format(code=item.group)
    if item.over == "each" and (item.group or item.kind is ItemKind.MANUAL):
        yield _("over：逐项计分（each）的不能放在组里，也不能是人工评分")
    if item.kind is ItemKind.THRESHOLD and list(item.steps) != sorted(item.steps, key=lambda step: step.at):
        yield _("steps：应按 at 从小到大")
    if item.out_of is not None and item.kind is not ItemKind.MANUAL:
        yield _("out_of：只用于人工评分（manual）")
    if item.of != "reached" and item.kind not in (ItemKind.THRESHOLD, ItemKind.RATIO):
        yield _("of：只用于 threshold 和 ratio")
    if item.kind is ItemKind.RATIO and item.of == "reached":
        yield _("of：比率（ratio）须写明 done、on-time 或 reports")
    if item.contribution_percent and (item.kind is not ItemKind.GROWTH or not item.counts.measure):
        yield _("contribution_percent：只用于增长类（growth），并须写明 counts.measure")
    if item.cap is not None and item.floor > item.cap:
        yield _("floor：不能大于 cap")


def _event_misfits(rule: EventRule) -> Iterator[str]:
    signs = {one > 0 for one in (rule.points, *(band.points for band in rule.bands)) if one}
    if not signs:
        yield _("points：加分写正数，扣分写负数，不能为 0")
    elif len(signs) > 1:
        yield _("bands：与 points 一加一扣，应一致")
    if rule.bands and not set(rule.on) <= set(SIZED_EVENTS):
        yield _("bands：只用于 done-early 和 over-target")
    if list(rule.bands) != sorted(rule.bands, key=lambda band: band.at):
        yield _("bands：应按 at 从小到大")
    if rule.levels and EventKind.NOTICE not in rule.on:
        yield _("levels：只用于 notice")
    if NoticeLevel.ACCOUNTABILITY in rule.levels:
        yield _("levels：问责建议只在内部，不发给单位，不能计分")
