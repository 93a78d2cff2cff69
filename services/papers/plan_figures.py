"""Plans in figures: how many of their tasks stand how on a day, and how they were reported on. What was handed down counts in its parent."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col

from models.plan import Plan
from models.task import TaskState
from reports.bulletin import BUCKETS, Counts, Shares
from reports.comparison import MARKS, Figures, PlanFigures
from rules.lights import bucket_of, days_overdue, is_done
from rules.rights import Actor
from rules.rounding import shares_of
from rules.rule_set import RuleSet
from services.facts import TaskRecord, Viewpoint, read_tasks, uppermost
from services.ledger import head_of
from services.past import past_on
from services.queries import seen_by
from services.rule_sets import rule_set_on
from services.task_rows import columns_of, selected


def figures_of(session: Session, plan_ids: Sequence[int], day: date, actor: Actor | None) -> Figures:
    """Return the plans in figures at the end of `day`, in the order given."""
    rules = rule_set_on(session, day)
    records = standing_records(session, plan_ids, day, actor)
    found = selected(session, columns_of(Plan, "id", "title"), col(Plan.id), plan_ids)
    titles: Mapping[int, str] = {row["id"]: row["title"] for row in past_on(session, day, plan_ids).rows(Plan, found)}
    plans = []
    for mark, plan_id in zip(MARKS, plan_ids, strict=False):
        own = [record for record in records if record.name.plan_id == plan_id]
        plans.append(_plan_figures((mark, plan_id, titles.get(plan_id, "")), own, day, rules))
    return Figures(day, tuple(plans), rules.version, rules.sha256, head_of(session, plan_ids))


def standing_records(session: Session, plan_ids: Sequence[int], day: date, actor: Actor | None) -> list[TaskRecord]:
    """Return the uppermost tasks of these plans that the actor may see, without the cancelled ones."""
    records = read_tasks(session, Viewpoint(day, day), rule_set_on(session, day), plan_ids)
    return [record for record in uppermost(seen_by(session, actor, records)) if record.facts.state is not TaskState.CANCELLED]


def _plan_figures(named: tuple[str, int, str], records: Sequence[TaskRecord], day: date, rules: RuleSet) -> PlanFigures:
    mark, plan_id, title = named
    begun = [record for record in records if record.facts.starts_on <= day or is_done(record.facts)]
    counted = dict.fromkeys(BUCKETS, 0)
    for record in begun:
        bucket = bucket_of(record.facts, day, rules)
        assert bucket, "cancelled tasks are left out"
        counted[bucket] += 1
    done = [record for record in begun if is_done(record.facts)]
    tallies = [record.tally for record in begun]
    return PlanFigures(
        mark=mark,
        id=plan_id,
        title=title,
        counts=Counts(tasks=len(begun), **counted),
        shares=Shares(**shares_of(counted)),
        later=len(records) - len(begun),
        done_on_time=sum(not days_overdue(record.facts, day) for record in done),
        reports_due=sum(tally.due for tally in tallies),
        reports_on_time=sum(tally.on_time for tally in tallies),
        reports_missing=sum(tally.missing for tally in tallies),
    )
