"""Plans compared: two documents item by item as they were issued or amended, and any number of plans in figures as they stand on a day.

Items are matched by the one matcher there is (`intake.review.pairing`), as in an amendment; ids name places in one document, so those of another plan never match.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from intake.draft import DraftPlan, ItemDraft, draft_from_json
from intake.review.differences import Difference, differences, field_name
from intake.review.pairing import paired
from models.plan import Plan, PlanItem, PlanVersion
from reports.bulletin import TargetLine
from reports.comparison import MARKS, Comparison, FieldDifference, Figures, ItemSide, Pair, Side, Standing
from rules.errors import DubanError
from rules.lights import bucket_of, is_done
from rules.rights import RIGHTS, Act, Actor, refuse_without_right
from rules.rule_set import RuleSet
from rules.texts import _
from services.amendment import registered_names
from services.facts import TaskRecord
from services.papers.plan_figures import figures_of, standing_records
from services.plan_reading import draft_of_rows
from services.plans import plan_of
from services.rule_sets import rule_set_on
from services.target_lines import target_lines

_BEHIND = ("behind", "overdue", "not_started")


@dataclass(frozen=True)
class Wanted:
    """A plan to be compared, in one of its versions; None is the one in force on the day."""

    plan_id: int
    version: int | None = None


def compare_figures(session: Session, plan_ids: Sequence[int], day: date, actor: Actor | None = None) -> Figures:
    """Return these plans in figures, over the tasks the actor may see. Codes: unknown-plan, nothing-to-compare, no-right."""
    _refuse_reader(actor)
    if len(set(plan_ids)) < 2 or len(set(plan_ids)) != len(plan_ids) or len(plan_ids) > len(MARKS):
        raise _nothing_to_compare()
    for plan_id in plan_ids:
        plan_of(session, plan_id)
    return figures_of(session, plan_ids, day, actor)


def compare_documents(session: Session, first: Wanted, second: Wanted, day: date, actor: Actor | None = None) -> Comparison:
    """Return two documents side by side; of an actor's plans only the items that have tasks he may see.

    Codes: unknown-plan, unknown-version, nothing-to-compare, no-right.
    """
    _refuse_reader(actor)
    plans = [plan_of(session, wanted.plan_id) for wanted in (first, second)]
    documents = [_document(session, plan, wanted, day) for plan, wanted in zip(plans, (first, second), strict=True)]
    if first.plan_id == second.plan_id and documents[0].version == documents[1].version:
        raise _nothing_to_compare()
    rules = rule_set_on(session, day)
    are_versions = first.plan_id == second.plan_id
    # Ids name places in a document: those of another plan mean something else, those of another version the same.
    marks = [_Mark(mark, "" if are_versions else f"{mark}:") for mark in MARKS[:2]]
    a, b = (_look(session, document, mark, (day, rules), actor) for document, mark in zip(documents, marks, strict=True))
    said = _by_item(differences(a.draft, b.draft))
    pairs, only_a, only_b = [], [], []
    for old, new in paired(a.draft.items, b.draft.items):
        if old and new:
            pairs.append(Pair(a.item(old), b.item(new), tuple(said.get(new.id, ()))))
        elif old:
            only_a.append(a.item(old))
        elif new:
            only_b.append(b.item(new))
    return Comparison(
        as_of=day,
        a=a.side,
        b=b.side,
        plan_differences=tuple(said.get(None, ())),
        pairs=tuple(pairs),
        only_a=tuple(only_a),
        only_b=tuple(only_b),
        figures=None if are_versions else figures_of(session, [first.plan_id, second.plan_id], day, actor),
    )


@dataclass(frozen=True)
class _Document:
    """A version of a plan's document."""

    plan: Plan
    version: int
    draft: DraftPlan


@dataclass(frozen=True)
class _Mark:
    """What a document is called in the tables, and what its items' ids begin with."""

    letter: str
    prefix: str


@dataclass(frozen=True)
class _Look:
    """A document as the reader sees it: its side, the draft with ids that no other document has, and how its items stand, by those ids."""

    side: Side
    draft: DraftPlan
    standings: Mapping[str, Standing]

    def item(self, item: ItemDraft) -> ItemSide:
        """Return an item as it is shown."""
        return ItemSide(item.number, item.title, item.text, tuple(unit.name for unit in item.units), self.standings.get(item.id))


def _refuse_reader(actor: Actor | None) -> None:
    if actor is not None and actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)


def _nothing_to_compare() -> DubanError:
    return DubanError("nothing-to-compare", _("请写两个以上不同的计划；同一计划的两个版本，请写一个计划并用 --version 写明版本"))


def _document(session: Session, plan: Plan, wanted: Wanted, day: date) -> _Document:
    versions = select(col(PlanVersion.version), col(PlanVersion.draft)).where(col(PlanVersion.plan_id) == plan.id)
    if wanted.version is None:
        versions = versions.where(col(PlanVersion.made_on) <= day)
    else:
        versions = versions.where(col(PlanVersion.version) == wanted.version)
    found = session.execute(versions.order_by(col(PlanVersion.version).desc()).limit(1)).tuples().first()
    if found is None and wanted.version not in (None, plan.version):
        text = _("计划 {plan} 没有第 {version} 版；现在是第 {current} 版")
        raise DubanError("unknown-version", text.format(plan=plan.id, version=wanted.version, current=plan.version))
    if found and found[1]:
        return _Document(plan, found[0], draft_from_json(found[1], plan.source_name))
    standing = (
        select(PlanItem).where(col(PlanItem.plan_id) == plan.id, col(PlanItem.until_version).is_(None)).order_by(col(PlanItem.position))
    )
    return _Document(plan, plan.version, draft_of_rows(session, plan, list(session.execute(standing).scalars())))


def _look(session: Session, document: _Document, mark: _Mark, judged: tuple[date, RuleSet], actor: Actor | None) -> _Look:
    plan_id = document.plan.id or 0
    day, rules = judged
    records = standing_records(session, [plan_id], day, actor)
    keys = dict(session.execute(select(col(PlanItem.id), col(PlanItem.key)).where(col(PlanItem.plan_id) == plan_id)).tuples().all())
    by_key: dict[str, list[TaskRecord]] = defaultdict(list)
    for record in records:
        by_key[keys[record.name.item_id]].append(record)
    is_bound = actor is not None and actor.unit_id is not None
    items = [item for item in document.draft.items if item.issue and (item.id in by_key or not is_bound)]
    named = _named(session, items, mark.prefix)
    facts = document.draft.plan
    side = Side(
        mark=mark.letter,
        id=plan_id,
        title=facts.title or document.plan.title,
        doc_no=facts.doc_no or document.plan.doc_no,
        issuer=facts.issuer,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        version=document.version,
        items=len(items),
    )
    standings = {f"{mark.prefix}{key}": _standing(found, day, rules) for key, found in by_key.items()}
    return _Look(side, document.draft.model_copy(update={"items": named, "findings": ()}), standings)


def _named(session: Session, items: Sequence[ItemDraft], prefix: str) -> tuple[ItemDraft, ...]:
    """Return the items with their units under the registered names, so that a unit spelt otherwise is no difference, and with ids of their own."""
    names = registered_names(session, items)
    return tuple(
        item.model_copy(
            update={
                "id": f"{prefix}{item.id}",
                "units": tuple(unit.model_copy(update={"name": names.get(unit.name, unit.name)}) for unit in item.units),
            }
        )
        for item in items
    )


def _standing(records: Sequence[TaskRecord], day: date, rules: RuleSet) -> Standing:
    begun = [record for record in records if record.facts.starts_on <= day or is_done(record.facts)]
    return Standing(
        tasks=len(begun),
        done=sum(is_done(record.facts) for record in begun),
        behind=sum(bucket_of(record.facts, day, rules) in _BEHIND for record in begun),
        measures=tuple(_measure_words(line) for line in target_lines(begun, day)),
    )


def _measure_words(line: TargetLine) -> str:
    text = _("{measure} {reached}／{wanted}")
    return text.format(measure=line.measure, reached=line.reached or _("未填报"), wanted=line.wanted or "")


def _by_item(found: Sequence[Difference]) -> Mapping[str | None, list[FieldDifference]]:
    by_item: dict[str | None, list[FieldDifference]] = defaultdict(list)
    for one in found:
        if one.change == "changed" and one.field:
            by_item[one.item].append(FieldDifference(one.field, field_name(one.field), one.before, one.after))
    return by_item
