"""What always holds, numbered as in docs/invariants.md. Each function looks through one house and fails where its sentence is not true."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.account import Account
from models.ledger import LedgerEntry, LedgerHead
from models.plan import Plan, PlanState
from models.progress import Evidence, ProgressReport
from models.publication import Publication
from models.request import Request, RequestKind, RequestState
from models.roster import Quota, RosterEntry, RosterState
from models.task import Assignment, AssignmentRole, Basis, Target, Task, TaskState
from models.unit import Unit, UnitAlias
from rules.cascade import Measure, loosens
from rules.periods import parse_period
from rules.requests import may_be_granted
from rules.transitions import TRANSITIONS, TaskEvent
from runtime.database import open_engine, transaction
from services.asking_tasks import asking_among, asking_on, in_force
from services.bulletins.counting import BulletinOrder
from services.changes import SECRET, table_of
from services.children import ENDED
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import first_break
from services.ledgered import LEDGERED
from services.lives import lives_of
from services.missing_reports import REPORT_MISSED, read_missing
from services.rebuilding import differences, rebuild
from services.report_values import latest_values
from services.reported import reporting_limit
from services.rule_sets import rule_set_on
from services.shares import figure_of
from services.units import units_by_name
from services.verifying import verify
from tests.homes import new_home, url_of
from tests.life.house import House
from tests.services.figures_judge import refuse_difference

Check = Callable[[House, Session], None]


def one_lead(_house: House, session: Session) -> None:
    """1."""
    leads = sa.select(sa.func.count()).where(col(Assignment.task_id) == Task.id, col(Assignment.role) == AssignmentRole.LEAD)
    without = session.execute(sa.select(col(Task.id)).where(leads.scalar_subquery() != 1)).scalars().all()
    assert not without, f"tasks without exactly one lead: {without}"


def stored_state_is_folded_state(house: House, session: Session) -> None:
    """2 and 4: the state, and how often a task was returned, are what the ledger tells."""
    lives = lives_of(session, house.day, house.day)
    for task in session.exec(select(Task)):
        assert (task.state, task.return_count) == (lives[task.id].state, lives[task.id].return_count), f"task {task.id}"


def only_by_the_table(_house: House, session: Session) -> None:
    """3: no state is reached but by the table of transitions."""
    acts = select(LedgerEntry).where(col(LedgerEntry.act).in_([event.value for event in TaskEvent]), LedgerEntry.act != TaskEvent.REPORT)
    standing: dict[int | None, TaskState] = defaultdict(lambda: TaskState.DRAFT)
    for entry in session.exec(acts.order_by(col(LedgerEntry.chain), col(LedgerEntry.seq))):
        before, after = TaskState(entry.before["state"]), TaskState(entry.after["state"])
        assert standing[entry.task_id] is before, f"entry {entry.chain} {entry.seq}"
        assert TRANSITIONS[before, TaskEvent(entry.act)] is after
        standing[entry.task_id] = after


def days_are_in_order(house: House, session: Session) -> None:
    """5 and 6: no task is due before it starts, and the day first promised never moves."""
    for task in session.exec(select(Task)):
        assert task.due_on >= task.starts_on
        assert house.seen_due_on.setdefault(task.id or 0, task.original_due_on) == task.original_due_on


def requests_in_order(_house: House, session: Session) -> None:
    """7 and 8: one of a kind waits, only where it could still be granted; answered ones say by whom; extensions keep to the most there may be."""
    waiting = set()
    extended: dict[int, int] = defaultdict(int)
    states = dict(session.exec(select(Task.id, Task.state)).all())
    for request in session.exec(select(Request).order_by(col(Request.decided_on), col(Request.id))):
        if request.state is RequestState.FILED:
            assert (request.task_id, request.kind) not in waiting
            assert may_be_granted(request.kind, states[request.task_id]), f"request {request.id} waits for nothing"
            waiting.add((request.task_id, request.kind))
            continue
        assert request.decided_on
        assert request.decided_by
        if (request.kind, request.state) == (RequestKind.EXTENSION, RequestState.APPROVED):
            extended[request.task_id] += 1
            assert extended[request.task_id] <= rule_set_on(session, request.decided_on).most_extensions


def names_count_once(_house: House, session: Session) -> None:
    """9: a name stands once in a quota and is confirmed once for a measure over the years of its item; whoever counts has evidence."""
    columns = (RosterEntry, Target.measure, Task.item_id)
    rows = select(*columns).join(Quota, col(Quota.id) == RosterEntry.quota_id).join(Target, col(Target.id) == Quota.target_id)
    standing, counted = set(), set()
    with_evidence = set(session.exec(select(Evidence.roster_entry_id)).all())
    for entry, measure, item_id in session.exec(rows.join(Task, col(Task.id) == Target.task_id).where(Task.state != TaskState.CANCELLED)):
        if entry.state is RosterState.WITHDRAWN:
            assert entry.withdrawn_on
            continue
        assert (entry.quota_id, entry.name) not in standing
        standing.add((entry.quota_id, entry.name))
        if entry.state is RosterState.CONFIRMED:
            assert (item_id, measure, entry.name) not in counted, f"{entry.name} counts twice"
            assert entry.id in with_evidence
            counted.add((item_id, measure, entry.name))


def children_never_looser(_house: House, session: Session) -> None:
    """10: an open task handed down lies within the days of its open parent, and asks for no less where each must reach the figure."""
    tasks = {task.id: task for task in session.exec(select(Task))}
    targets: dict[int | None, dict[str, Target]] = defaultdict(dict)
    for target in session.exec(select(Target)):
        targets[target.task_id][target.measure] = target
    for child in tasks.values():
        parent = tasks.get(child.parent_id)
        if parent is None or {parent.state, child.state} & set(ENDED):
            continue
        assert parent.starts_on <= child.starts_on, f"task {child.id} starts before task {parent.id}"
        assert child.due_on <= parent.due_on, f"task {child.id} is due after task {parent.id}"
        for measure in targets[child.id].keys() & targets[parent.id].keys():
            assert not _is_looser(targets[child.id][measure], targets[parent.id][measure]), f"{measure} of task {child.id}"


def _is_looser(target: Target, above: Target) -> bool:
    figure, wanted = figure_of(target), figure_of(above)
    if figure is None or wanted is None:
        return False
    measure = Measure(above.measure, above.unit_of_measure, above.comparator, wanted, above.basis, above.scope, above.baseline)
    return not measure.adds_up and loosens(measure, figure)


def sums_never_fall(_house: House, session: Session) -> None:
    """11: what was reported as a sum since the start falls from no quarter to a later one."""
    kinds = dict(session.exec(select(Target.id, Target.basis)).all())
    for task_id in session.exec(select(ProgressReport.task_id).distinct()).all():
        last: dict[object, float] = {}
        ends = select(ProgressReport.period_ends_on).where(ProgressReport.task_id == task_id).distinct()
        for ends_on in sorted(session.exec(ends).all()):
            now = latest_values(session, task_id, before=ends_on + timedelta(days=1))
            for key, value in now.items():
                if kinds[key[0]] in (Basis.PERIOD, Basis.CUMULATIVE):
                    assert value >= last.get(key, 0.0), f"task {task_id}, target {key}: {last.get(key)} fell to {value}"
            last |= now


def units_lead_on(_house: House, session: Session) -> None:
    """12: every name once used leads to a unit that has not ended; one that has ended has no account and no open task."""
    ended = set(session.exec(select(Unit.id).where(col(Unit.successor_id).is_not(None))).all())
    names = [*session.exec(select(Unit.name)).all(), *session.exec(select(UnitAlias.alias)).all()]
    leads_to = units_by_name(session, names)
    assert leads_to.keys() == set(names)
    assert not ended & set(leads_to.values())
    assert not ended & set(session.exec(select(Account.unit_id)).all())
    open_tasks = select(Assignment.unit_id).join(Task).where(col(Task.state).not_in(ENDED))
    assert not ended & set(session.exec(open_tasks).all())


def closed_plans_rest(_house: House, session: Session) -> None:
    """13: a closed plan has no open task."""
    left = select(Task.id).join(Plan).where(Plan.state == PlanState.CLOSED, col(Task.state).not_in(ENDED))
    assert session.exec(left).all() == []


def tables_are_what_the_ledger_tells(_house: House, session: Session) -> None:
    """14."""
    assert differences(session) == []


def chains_are_whole(_house: House, session: Session) -> None:
    """15: every chain is whole, and the days on which rows were written never go back in it."""
    assert first_break(session) is None
    last: dict[str, object] = {}
    wrote = select(LedgerEntry.chain, LedgerEntry.acted_on).where(col(LedgerEntry.changes).is_not(None))
    for chain, acted_on in session.exec(wrote.order_by(col(LedgerEntry.chain), col(LedgerEntry.seq))):
        assert last.get(chain, acted_on) <= acted_on
        last[chain] = acted_on


def reports_stand(house: House, session: Session) -> None:
    """16: what was reported at the end of a day is reported of that day for ever, bulletins that were published among it."""
    for kept in (*house.remembered, *house.published):
        now = house.seen(kept.period, kept.as_of, kept.known_on, kept.plan_ids)
        for before, after in zip(kept.records, now.records, strict=True):
            assert after == before, f"task {before.name.id} on {kept.as_of} as known on {kept.known_on}"
        differ = [(name, kept.bulletin[name], value) for name, value in now.bulletin.items() if value != kept.bulletin[name]]
        assert not differ, f"{kept.period} as written on {kept.known_on}: {differ}"
    views = [paper.view for paper in session.exec(select(Publication).order_by(col(Publication.id)))]
    assert [{name: view[name] for name in view if name != "ledger_head"} for view in views] == [kept.bulletin for kept in house.published]
    assert verify(session).is_whole


def rebuilt_is_the_same(house: House, session: Session) -> None:
    """17: the tables made again from the ledger are the same, row for row."""
    engine = open_engine(url_of(new_home(house.place / "again")))
    with transaction(engine) as again:
        rebuild(session, again)
        for kind in (*LEDGERED, LedgerEntry, LedgerHead):
            assert list(_rows(session, kind)) == list(_rows(again, kind)), kind
    engine.dispose()


def _rows(session: Session, kind: type) -> Iterator[dict[str, object]]:
    table = table_of(kind)
    for row in session.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings():
        yield {name: value for name, value in row.items() if name not in SECRET}


def read_alone_is_the_same(house: House, session: Session) -> None:
    """20: some tasks read without the rest are what they are among all, on whatever day, by whatever was known."""
    for number, kept in enumerate(house.remembered):
        wanted = {record.name.id for record in kept.records if record.name.id % 4 == number % 4}
        view = Viewpoint(kept.as_of, kept.known_on)
        alone = read_tasks(session, view, rule_set_on(session, kept.known_on), task_ids=sorted(wanted))
        assert alone == [record for record in kept.records if record.name.id in wanted], f"{view} {sorted(wanted)}"


def reminders_ask_the_few(house: House, session: Session) -> None:
    """21: the tasks that ask for something on a day, and those a report was missed on, are the same whether the database names them or all are read and judged."""
    plan_ids = in_force(session)
    for number in (0, 1, 5, 20, 60, 92, 130, 400):
        day = house.day + timedelta(days=number)
        rules = rule_set_on(session, day)
        records = read_tasks(session, Viewpoint(day, day), rules, plan_ids)
        assert list(asking_on(session, day, rules, plan_ids)) == list(asking_among(records, day)), day
        named = [record for some in read_missing(session, day, rules, plan_ids) for record in some]
        assert [one for one in named if _missed(session, one, day)] == [one for one in records if _missed(session, one, day)], day


def _missed(session: Session, record: TaskRecord, day: date) -> bool:
    noted = select(LedgerEntry.after).where(LedgerEntry.task_id == record.name.id, LedgerEntry.act == REPORT_MISSED)
    known = {after["period"] for after in session.exec(noted)} | record.reported.first_filed_on.keys()
    missed = [period for period in record.owed if period.code not in known and reporting_limit(period, record.rules) < day]
    return bool(missed) and record.facts.state is not TaskState.CANCELLED


def figures_are_counted_alike(house: House, session: Session) -> None:
    """22: the database counts a bulletin as the rules do, on whatever day, by whatever was known."""
    for kept in house.remembered[:: -(-len(house.remembered) // 5)]:
        rules = rule_set_on(session, kept.known_on)
        refuse_difference(session, BulletinOrder(parse_period(kept.period), kept.plan_ids, rules), kept.known_on)


AFTER_EACH_STEP: tuple[Check, ...] = (
    *(one_lead, stored_state_is_folded_state, only_by_the_table, days_are_in_order, requests_in_order, names_count_once),
    *(children_never_looser, sums_never_fall, units_lead_on, closed_plans_rest, tables_are_what_the_ledger_tells),
)
AT_THE_END: tuple[Check, ...] = (chains_are_whole, reports_stand, read_alone_is_the_same, reminders_ask_the_few, figures_are_counted_alike)
