"""Plans judged for the overview, kept for all visitors: each plan at each quarter's end once, and anew only where an act changes what was known then.

An act entered today leaves the quarters before as they were kept; one entered for an earlier day takes away what was judged by that day's knowledge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import sqlalchemy as sa
from cachetools import LRUCache
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from rules.rights import Actor
from services.ledger import HOUSE, chain_of
from services.plan_boards import Look, PlanBoard, judge_plan

_MOST_PAIRS = 1_500_000

# Of one plan for the readers of one area (a unit's id, None for the whole house), at one look.
Key = tuple[int, int | None, date, date]


@dataclass(frozen=True)
class KeptBoard:
    """A board, and how far the plan's chain and the house's had come when it was judged, or last found unchanged."""

    board: PlanBoard
    plan_seq: int
    house_seq: int


@dataclass
class BoardShelf:
    """The boards of one process, the least asked for thrown away first."""

    boards: LRUCache[Key, KeptBoard] = field(
        default_factory=lambda: LRUCache(_MOST_PAIRS, getsizeof=lambda kept: 1 + len(kept.board.counts))
    )
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class BoardQuestion:
    """Which plans (with their sizes) are looked at, when, and by whom. `most` tasks at the most are judged for one answer."""

    sizes: Mapping[int, int]
    looks: Sequence[Look]
    actor: Actor
    most: int


@dataclass(frozen=True)
class Boards:
    """The boards that are known, by plan and look; `missing` of `wanted` are not judged yet."""

    found: Mapping[tuple[int, Look], PlanBoard]
    wanted: int
    missing: int


def boards_of(shelf: BoardShelf, session: Session, asked: BoardQuestion) -> Boards:
    """Return those boards that are kept, and of the others as many as may be judged now.

    The latest look comes first, so that the present is whole before the past; where nothing is kept, at least one is judged.
    """
    keeper = _Keeper(shelf, session, asked.actor)
    found: dict[tuple[int, Look], PlanBoard] = {}
    left, is_first = asked.most, True
    wanted = [(plan_id, look) for look in reversed(asked.looks) for plan_id in asked.sizes]
    for plan_id, look in wanted:
        board = keeper.kept(plan_id, look)
        if board is None and (is_first or asked.sizes[plan_id] <= left):
            left, is_first = left - asked.sizes[plan_id], False
            board = keeper.judged(plan_id, look)
        if board is not None:
            found[plan_id, look] = board
    return Boards(found, len(wanted), len(wanted) - len(found))


class _Keeper:
    """The shelf as one session sees it. What a chain's newer acts change is asked once for each place it had come to."""

    def __init__(self, shelf: BoardShelf, session: Session, actor: Actor) -> None:
        self._shelf, self._session, self._actor = shelf, session, actor
        self._heads = dict(session.execute(sa.select(col(LedgerHead.chain), col(LedgerHead.seq))).tuples().all())
        self._since: dict[tuple[str, int], date] = {}

    def kept(self, plan_id: int, look: Look) -> PlanBoard | None:
        """Return the board that is kept, None where there is none or an act has changed it."""
        with self._shelf.lock:
            found = self._shelf.boards.get(self._key(plan_id, look))
        if found is None:
            return None
        changed_on = min(self._changed_since(chain_of(plan_id), found.plan_seq), self._changed_since(HOUSE, found.house_seq))
        if changed_on <= look.known_on:
            return None
        if (found.plan_seq, found.house_seq) != self._seqs(plan_id):
            self._keep(plan_id, look, found.board)
        return found.board

    def judged(self, plan_id: int, look: Look) -> PlanBoard:
        """Judge the plan and keep the board."""
        board = judge_plan(self._session, plan_id, look, self._actor)
        self._keep(plan_id, look, board)
        return board

    def _keep(self, plan_id: int, look: Look, board: PlanBoard) -> None:
        if len(board.counts) < _MOST_PAIRS:
            with self._shelf.lock:
                self._shelf.boards[self._key(plan_id, look)] = KeptBoard(board, *self._seqs(plan_id))

    def _key(self, plan_id: int, look: Look) -> Key:
        return plan_id, self._actor.unit_id, look.as_of, look.known_on

    def _seqs(self, plan_id: int) -> tuple[int, int]:
        return self._heads.get(chain_of(plan_id), 0), self._heads.get(HOUSE, 0)

    def _changed_since(self, chain: str, seq: int) -> date:
        """Return the earliest day that the chain's acts after `seq` are of."""
        if self._heads.get(chain, 0) <= seq:
            return date.max
        if (chain, seq) not in self._since:
            days = sa.select(sa.func.min(col(LedgerEntry.acted_on))).where(col(LedgerEntry.chain) == chain, col(LedgerEntry.seq) > seq)
            self._since[chain, seq] = self._session.scalars(days).one() or date.max
        return self._since[chain, seq]
