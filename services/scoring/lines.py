"""A unit's score as lines that people read: every item and event with its formula in words and its entries."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from reports.scorecard import EntryMark, LineDetail, PartScore, ScoreLine, UnitCard
from rules.scoring import ItemScore, UnitScore, rounded
from rules.scoring_events import Case, RuleScore
from rules.scoring_facts import Ref
from rules.scoring_scheme import Scheme
from rules.scoring_words import case_words, item_words, matter_words, rule_words, total_notes, total_words
from rules.texts import _

_SHOWN_PLACES = 4


def unit_card(scheme: Scheme, score: UnitScore, rank: int | None) -> UnitCard:
    """Return a unit's score as it is read. Parts are shown to four places; only the total is rounded to two."""
    facts = score.facts
    led = sum(matter.role == "lead" for matter in facts.matters)
    return UnitCard(
        unit_id=facts.unit_id,
        name=facts.name,
        rank=rank,
        lead_matters=led,
        support_matters=len(facts.matters) - led,
        base=shown(score.base),
        items=shown(sum((one.points for one in score.items), Fraction(0))),
        additions=shown(score.additions),
        deductions=shown(score.deductions),
        tie_break=shown(score.tie_break),
        total=score.total,
        formula=total_words(score),
        parts=tuple(
            PartScore(one.group.code, one.group.title, one.group.parent, shown(one.full), shown(one.points)) for one in score.groups
        ),
        lines=(*_item_lines(scheme, score), *_event_lines(scheme, score)),
        notes=tuple(total_notes(score, scheme)),
    )


def shown(points: Fraction) -> float:
    """Return points as a part of a sum is shown."""
    return rounded(points, _SHOWN_PLACES)


def _item_lines(scheme: Scheme, score: UnitScore) -> Iterator[ScoreLine]:
    titles = {group.code: group.title for group in scheme.groups}
    for one in score.items:
        yield ScoreLine(
            part=titles.get(one.item.group, _("计分项目")),
            code=one.item.code,
            title=one.item.title,
            formula=item_words(one, scheme),
            full=None if one.full is None else shown(one.full),
            points=shown(one.points),
            is_counted=one.share.share is not None,
            details=tuple(_item_details(one)),
        )


def _item_details(score: ItemScore) -> Iterator[LineDetail]:
    share = score.share
    if share.mark is not None:
        yield LineDetail(_("评分理由"), "", share.reason, None, entry_marks(share.refs))
    for one in share.matters:
        points = shown(one.points) if score.item.over == "each" else None
        yield LineDetail(one.matter.title, one.matter.role, matter_words(score.item, one), points, entry_marks(one.matter.refs))


def _event_lines(scheme: Scheme, score: UnitScore) -> Iterator[ScoreLine]:
    for one in score.events:
        is_tie_break = one.points > 0 and scheme.bonus.counts == "tie-break"
        if one.cases:
            part = _("扣分") if one.points < 0 else _("加分（只用于同分排序）") if is_tie_break else _("加分")
            details = tuple(_event_detail(case, one) for case in one.cases)
            yield ScoreLine(part, one.rule.code, one.rule.title, rule_words(one), None, shown(one.points), not is_tie_break, details)


def _event_detail(case: Case, score: RuleScore) -> LineDetail:
    return LineDetail(case.event.title, case.event.role, case_words(case, score), shown(case.points), entry_marks(case.event.refs))


def entry_marks(refs: Sequence[Ref]) -> tuple[EntryMark, ...]:
    """Return entries as the view names them."""
    return tuple(EntryMark(ref.chain, ref.seq, ref.hash) for ref in refs)
