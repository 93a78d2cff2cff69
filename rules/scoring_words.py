"""How points came about, as a formula with the numbers put in: 满分 42 × 得分率 83.33% ＝ 35."""

from fractions import Fraction
from functools import lru_cache

from rules.scoring import ItemScore, UnitScore, rounded
from rules.scoring_events import Case, RuleScore
from rules.scoring_facts import Matter
from rules.scoring_scheme import Item, ItemKind, Scheme
from rules.scoring_shares import MatterShare, judged_targets
from rules.target_words import actual_words, wanted_words
from rules.targets import TargetFacts
from rules.texts import _


def points_words(points: Fraction | float) -> str:
    """Return points with at most four decimals and no idle zeros; a true minus."""
    value = rounded(points, 4) if isinstance(points, Fraction) else points
    return f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "−")


@lru_cache(8192)
def share_words(share: Fraction) -> str:
    """Return a share in per cent, with two decimals at most."""
    return f"{rounded(share * 100, 2):.2f}".rstrip("0").rstrip(".").replace("-", "−") + "%"


def item_words(score: ItemScore, scheme: Scheme) -> str:
    """Return how an item's points came about."""
    item, share = score.item, score.share
    if share.share is None:
        return _("还没有评分") if item.kind is ItemKind.MANUAL else _("没有这类事项，不计分")
    if item.over == "each":
        return _each_words(score)
    if share.mark is not None:
        text = _("满分 {full} × 评分 {mark} ÷ {out_of} ＝ {points}")
        return text.format(
            full=points_words(score.full or 0), mark=points_words(share.mark), out_of=_out_of(item), points=points_words(score.points)
        )
    rate = _("得分率 {share}").format(share=share_words(share.share))
    if share.contribution is not None:
        text = _("得分率 {share}（含贡献 {contribution}，占 {part:g}%）")
        rate = text.format(share=share_words(share.share), contribution=share_words(share.contribution), part=item.contribution_percent)
    elif len(share.matters) > 1:
        support = scheme.support_percent if item.support_percent is None else item.support_percent
        helps = any(one.matter.role == "support" for one in share.matters)
        text = _("平均得分率 {share}（{count} 项，配合按 {support:g}%）") if helps else _("平均得分率 {share}（{count} 项）")
        rate = text.format(share=share_words(share.share), count=len(share.matters), support=support)
    if not share.matters:
        rate = _("没有这类事项，按 {share} 计").format(share=share_words(share.share))
    return _("满分 {full} × {rate} ＝ {points}").format(full=points_words(score.full or 0), rate=rate, points=points_words(score.points))


def _each_words(score: ItemScore) -> str:
    gained = sum((one.points for one in score.share.matters), Fraction(0))
    text = _("{count} 项合计 {points}").format(count=len(score.share.matters), points=points_words(gained))
    if gained != score.points:
        return _("{words}，限为 {limit}").format(words=text, limit=points_words(score.points))
    return text


def matter_words(item: Item, one: MatterShare) -> str:
    """Return how one matter counted under an item."""
    facts = _facts_words(item, one.matter)
    if item.over == "each":
        text = _("{facts}：{weight:g} × {share}{part} ＝ {points}")
        return text.format(
            facts=facts, weight=item.weight, share=share_words(one.share), part=_part_words(one.weight), points=points_words(one.points)
        )
    return _("{facts}：得分率 {share}{part}").format(facts=facts, share=share_words(one.share), part=_part_words(one.weight))


def _facts_words(item: Item, matter: Matter) -> str:
    if item.kind is ItemKind.RATIO and item.of == "reports":
        return _("应报 {due} 次，按时 {on_time} 次").format(due=matter.reports_due, on_time=matter.reports_on_time)
    if item.of == "on-time":
        return _("按期办结") if matter.is_on_time else _("未按期办结")
    targets = judged_targets(item, matter)
    if item.of == "done" or not targets:
        return _state_words(matter)
    words = _("；").join(_target_words(target) for target in targets)
    if matter.pace < 100 and not matter.is_done:
        return _("{words}，按序时进度 {pace:.1f}% 折算").format(words=words, pace=matter.pace)
    return words


def _state_words(matter: Matter) -> str:
    if matter.is_done:
        return _("已办结")
    if not matter.is_begun:
        return _("未启动")
    return _("节点完成 {share:.1f}%").format(share=matter.milestones) if matter.milestones is not None else _("未办结")


def _target_words(target: TargetFacts) -> str:
    reached = actual_words(target)
    if reached is None:
        return _("{measure}目标 {wanted}，未报").format(measure=target.measure, wanted=wanted_words(target))
    text = _("{measure}目标 {wanted}，完成 {actual}")
    return text.format(measure=target.measure, wanted=wanted_words(target), actual=reached)


def _part_words(weight: Fraction) -> str:
    return "" if weight == 1 else _(" × 配合 {share}").format(share=share_words(weight))


def _out_of(item: Item) -> str:
    return points_words(item.out_of or item.weight)


def rule_words(score: RuleScore) -> str:
    """Return how a rule's points came about."""
    counted = [case for case in score.cases if not case.passed]
    summed = sum((case.points for case in counted), Fraction(0))
    text = _("{count} 件合计 {points}").format(count=len(counted), points=points_words(summed))
    return text if summed == score.points else _("{words}，限为 {limit}").format(words=text, limit=points_words(score.points))


def case_words(case: Case, score: RuleScore) -> str:
    """Return how one event counted under a rule, or why it did not."""
    why = {"twice": _("已在另一条计分，不重复计"), "most": _("超出年度次数，不计")}.get(case.passed)
    if why:
        return _("{words}：{why}").format(words=case.event.words, why=why)
    times = _(" × {times} 次").format(times=case.event.times) if case.event.times > 1 else ""
    small = _(" × 事项少 {times} 倍").format(times=points_words(score.times)) if score.times != 1 else ""
    if not (small or times) and case.share == 1:
        return _("{words}：{points}").format(words=case.event.words, points=points_words(case.points))
    text = _("{words}：{each}{part}{times}{small} ＝ {points}")
    return text.format(
        words=case.event.words,
        each=points_words(case.each),
        part=_part_words(case.share),
        times=times,
        small=small,
        points=points_words(case.points),
    )


def total_words(score: UnitScore) -> str:
    """Return the sum that the total comes from; nothing where there is no total."""
    if score.total is None:
        return ""
    items = sum((one.points for one in score.items), Fraction(0))
    parts = [_("基础分 {points}").format(points=points_words(score.base))] if score.base else []
    parts += [_("计分项目 {points}").format(points=points_words(items))] if score.items else []
    plus = _(" ＋ ").join(parts) or "0"
    if score.additions:
        plus = _("{sum} ＋ 加分 {points}").format(sum=plus, points=points_words(score.additions))
    if score.deductions:
        plus = _("{sum} − 扣分 {points}").format(sum=plus, points=points_words(score.deductions))
    return _("{sum} ＝ {total}").format(sum=plus, total=points_words(score.exact_total))


def total_notes(score: UnitScore, scheme: Scheme) -> list[str]:
    """Return what moved the total away from the plain sum of its parts."""
    notes = []
    by_matters = {group.code for group in scheme.groups if group.share_by == "matters"}
    spread = [one for one in score.items if one.share.share is None and one.item.over == "average" and one.item.group not in by_matters]
    if spread and any(one.full for one in score.items):
        notes.append(_("没有事项或没有评分的项目，其分值并入旁边的项目"))
    lost = -sum((one.points for one in score.events if one.points < 0), Fraction(0))
    gained = sum((one.points for one in score.events if one.points > 0), Fraction(0))
    kept = score.tie_break or score.additions
    if lost != score.deductions:
        notes.append(_("扣分合计 {sum}，最多扣 {cap}").format(sum=points_words(lost), cap=points_words(score.deductions)))
    if gained != kept:
        notes.append(_("加分合计 {sum}，最多加 {cap}").format(sum=points_words(gained), cap=points_words(kept)))
    if score.tie_break:
        notes.append(_("加分 {points} 只用于同分排序，不计入总分").format(points=points_words(score.tie_break)))
    if scheme.cap is not None and score.exact_total > Fraction(str(scheme.cap)):
        notes.append(_("总分以 {cap:g} 分为限").format(cap=scheme.cap))
    if scheme.floor is not None and score.exact_total < Fraction(str(scheme.floor)):
        notes.append(_("总分最低为 {floor:g} 分").format(floor=scheme.floor))
    if any(one.times != 1 and one.points for one in score.events) and scheme.small_units:
        text = _("事项不足 {count} 项，扣分按 {times:g} 倍计")
        notes.append(text.format(count=scheme.small_units.fewer_than, times=scheme.small_units.deductions_times))
    return notes
