"""The scorecard of a year: every unit's facts scored by the scheme into a frozen view. Made again for the same days it is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from reports.bulletin import RuleSetMark
from reports.scorecard import SchemeMark, Scorecard, UnitCard
from rules.errors import DubanError
from rules.periods import parse_period
from rules.rights import Act, Actor, may
from rules.scheme_reading import guarded_parts
from rules.scoring import UnitScore, ranks_of, score_units
from rules.scoring_facts import UnitFacts
from rules.scoring_scheme import Scheme
from rules.texts import _
from services.ledger import head_of
from services.reach import read_tree
from services.rule_sets import rule_set_on
from services.scoring.adopting import EARLIEST, LATEST, SchemeRow, scheme_for
from services.scoring.happened import happened
from services.scoring.lines import unit_card
from services.scoring.marking import Marked, marks_of
from services.scoring.matters import House, Year, matters_of, read_house, year_of


@dataclass(frozen=True)
class ScorecardOrder:
    """What is asked for: the year, the scheme's code (None: the only one adopted), whether units are ranked, and for whose eyes it is (None: everything).

    `unit_ids` are the units wanted; all are scored all the same, since one may be measured against another.
    """

    year: int
    scheme: str | None = None
    is_ranked: bool = False
    reader: Actor | None = None
    unit_ids: tuple[int, ...] | None = None


def compile_scorecard(session: Session, order: ScorecardOrder, written_on: date) -> Scorecard:
    """Return the scorecard as it stands when written on `written_on`, judged at the end of the year or of that day within it.

    Codes: bad-year, year-not-begun, unknown-scheme, which-scheme, ranking-off (the scheme has no ranking), ranking-whole (asked for by who sees only a part).
    """
    year = _year(order.year, written_on)
    row = scheme_for(session, order.scheme, order.year, written_on)
    scheme = row.scheme
    if order.is_ranked and not scheme.ranking:
        raise DubanError("ranking-off", _("考评办法“{code}”不排名次；要排名次须在办法中写明 ranking").format(code=scheme.code))
    house = read_house(session, year)
    scores = score_units(scheme, _facts(session, house, year, scheme))
    wanted = _seen(session, scores, order)
    if order.is_ranked and order.reader is not None and order.reader.unit_id is not None:
        raise DubanError("ranking-whole", _("名次只给能看到全部单位的账号；请去掉 --rank"))
    ranks = ranks_of(scores) if order.is_ranked else {}
    rules = rule_set_on(session, year.view.as_of)
    cards = [unit_card(scheme, score, ranks.get(score.facts.unit_id)) for score in wanted]
    return Scorecard(
        year=order.year,
        as_of=year.view.as_of,
        written_on=written_on,
        scheme=_scheme_mark(row),
        is_ranked=order.is_ranked,
        units=tuple(_by_rank(cards) if order.is_ranked else cards),
        unmarked=tuple(_unmarked(scheme, wanted)),
        rule_set=RuleSetMark(rules.version, rules.sha256),
        ledger_head=head_of(session, house.plan_ids),
    )


def _year(year: int, written_on: date) -> Year:
    if not EARLIEST <= year <= LATEST:
        raise DubanError("bad-year", _("年度 {year} 不对，请写四位数的年份").format(year=year))
    if written_on < date(year, 1, 1):
        raise DubanError("year-not-begun", _("{year} 年还没有开始，不能评分").format(year=year))
    return year_of(parse_period(str(year)), written_on)


def _facts(session: Session, house: House, year: Year, scheme: Scheme) -> list[UnitFacts]:
    """Return the facts of every unit that had anything to do in the year, or was marked, in the register's order."""
    matters, events = matters_of(house, year), happened(session, house, year)
    marked = marks_of(session, scheme, year.period.starts_on.year, year.view.known_on)
    facts = []
    for unit_id, name in house.units.items():
        mine = marked.get(unit_id, Marked())
        one = UnitFacts(unit_id, name, tuple(matters.get(unit_id, ())), (*events.get(unit_id, ()), *mine.events), mine.marks)
        if one.matters or one.occurrences or one.marks:
            facts.append(one)
    return facts


def _seen(session: Session, scores: Sequence[UnitScore], order: ScorecardOrder) -> list[UnitScore]:
    """Return the scores asked for that the reader may see: his unit's and those below it."""
    wanted = [score for score in scores if order.unit_ids is None or score.facts.unit_id in order.unit_ids]
    if order.reader is None:
        return wanted
    tree, reader = read_tree(session), order.reader
    return [score for score in wanted if may(reader, Act.READ, tree.parties(score.facts.unit_id))]


def _by_rank(cards: Sequence[UnitCard]) -> list[UnitCard]:
    return sorted(cards, key=lambda card: (card.rank is None, card.rank or 0))


def _unmarked(scheme: Scheme, scores: Sequence[UnitScore]) -> list[str]:
    """Return the manual items nobody has marked, each with its unit."""
    text = _("{unit}：{item}")
    return [
        text.format(unit=score.facts.name, item=item.title)
        for score in scores
        for item in scheme.manual_items
        if item.code not in {mark.item for mark in score.facts.marks}
    ]


def _scheme_mark(row: SchemeRow) -> SchemeMark:
    scheme = row.scheme
    return SchemeMark(
        scheme.code,
        scheme.version,
        scheme.title,
        row.first_year,
        scheme.sha256,
        scheme.basis,
        scheme.guard_rail_basis,
        guarded_parts(scheme),
    )
