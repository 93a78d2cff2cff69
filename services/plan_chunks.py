"""The plans in force in chunks of about as many tasks each, for work on the whole house that goes chunk by chunk, each in a transaction of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import Plan, PlanState
from models.task import Task

MOST_CHUNKS = 10
# A small house is one chunk: each costs its own queries.
_TASKS_A_CHUNK = 5_000
_SIZES = (
    sa.select(col(Plan.id), sa.func.count(col(Task.id)))
    .outerjoin(Task, col(Task.plan_id) == col(Plan.id))
    .where(col(Plan.state) == PlanState.IN_FORCE)
    .group_by(col(Plan.id))
    .order_by(col(Plan.id))
)


@dataclass(frozen=True)
class PlanChunk:
    """Some plans, in the order of their ids, and how many tasks they have."""

    number: int
    plan_ids: tuple[int, ...]
    tasks: int


def plan_chunks(session: Session) -> list[PlanChunk]:
    """Return the chunks, one plan in one chunk: the same list however often it is asked for, as long as no task is issued."""
    return chunked([(plan_id or 0, size) for plan_id, size in session.execute(_SIZES).tuples()])


def chunked(plans: Sequence[tuple[int, int]]) -> list[PlanChunk]:
    """Return the chunks of plans given with their numbers of tasks."""
    total = sum(size for _plan_id, size in plans)
    count = max(1, min(MOST_CHUNKS, -(-total // _TASKS_A_CHUNK)))
    before, dealt = 0, defaultdict(list)
    for plan_id, size in plans:
        # By where a plan's middle lies in the row of all tasks.
        place = (2 * before + size) * count // (2 * total) if total else 0
        dealt[min(place, count - 1)].append((plan_id, size))
        before += size
    return [
        PlanChunk(number, tuple(plan_id for plan_id, _size in some), sum(size for _plan_id, size in some))
        for number, some in enumerate(dealt.values(), start=1)
    ]
