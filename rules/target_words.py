"""Targets in words: what is wanted, what was reached, and what is still missing, the same in lists, papers and refusals."""

from models.task import Comparator
from rules.targets import Direction, TargetFacts, is_beyond, is_met
from rules.texts import _

_SIGNS = {Comparator.GE: "≥", Comparator.GT: ">", Comparator.LE: "≤", Comparator.LT: "<"}
_DASH = "—"


def wanted_words(target: TargetFacts) -> str:
    """Return what the target asks for: ≥10个, 4—6个, 200个左右, 全部（11个）, 由10%到5%, 每个县≥1家, 高于另一指标."""
    words = _figure_words(target)
    if target.baseline is not None:
        words = _("由{baseline}到{wanted}").format(baseline=figure(target.baseline, target.unit_of_measure), wanted=words)
    return _("{scope}{wanted}").format(scope=target.scope, wanted=words) if target.scope and target.parts_wanted else words


def _figure_words(target: TargetFacts) -> str:
    if target.comparator is Comparator.EXCEEDS_SERIES:
        name = target.against or _("另一指标")
        if target.wanted is None:
            return _("高于{series}").format(series=name)
        return _("高于{series}（{value}）").format(series=name, value=figure(target.wanted, target.unit_of_measure))
    if target.wanted is None:
        return _DASH
    value = figure(target.wanted, target.unit_of_measure)
    if target.comparator is Comparator.RANGE and target.high is not None:
        return _("{low}—{high}").format(low=_number(target.wanted), high=figure(target.high, target.unit_of_measure))
    if target.comparator is Comparator.ABOUT:
        return _("{value}左右").format(value=value)
    if target.comparator is Comparator.ALL:
        return _("全部（{value}）").format(value=value)
    return _SIGNS.get(target.comparator, "") + value


def actual_words(target: TargetFacts) -> str | None:
    """Return what was reached, None where nothing is known; of a target for each of many the worst part by name, and the total beside it."""
    if target.parts_wanted:
        return _parts_words(target)
    if target.actual is None:
        return None
    value = figure(target.actual, target.unit_of_measure)
    return _("{value}（超出范围）").format(value=value) if is_beyond(target) else value


def _parts_words(target: TargetFacts) -> str | None:
    total = None if target.total is None else figure(target.total, target.unit_of_measure)
    if target.actual is None:
        return _("分项未报，合计 {total}").format(total=total) if total else None
    worst = next((name for name, value in target.parts if value == target.actual), None)
    if worst is None:
        return figure(target.actual, target.unit_of_measure)
    pattern = _("最多 {value}（{part}）") if target.direction in (Direction.FALLING, Direction.HELD) else _("最少 {value}（{part}）")
    words = pattern.format(value=figure(target.actual, target.unit_of_measure), part=worst)
    return _("{words}，合计 {total}").format(words=words, total=total) if total else words


def missing_words(target: TargetFacts) -> str | None:
    """Return what is missing for the target to be met, None where it is."""
    if is_met(target):
        return None
    if target.comparator is Comparator.EXCEEDS_SERIES and (target.actual is None or target.wanted is None):
        text = _("{measure} 目标为{wanted}，两个指标同一时间的数值还不齐，无法比较")
        return text.format(measure=target.measure, wanted=wanted_words(target))
    actual = actual_words(target)
    text = _("{measure} 目标 {wanted}，已完成 {actual}") if actual else _("{measure} 目标 {wanted}，还没有填报数量")
    return text.format(measure=target.measure, wanted=wanted_words(target), actual=actual)


def figure(value: float, unit_of_measure: str | None) -> str:
    """Return a figure with its unit, with four decimals at most and without needless zeros: 1500人次, 0.3百分点."""
    return f"{_number(value)}{unit_of_measure or ''}"


def _number(value: float) -> str:
    written = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written
