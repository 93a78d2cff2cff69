"""The gate that all scheduled work passes, with Prefect or without: one slot for each flow and day in duban's own database.

Correctness lives here; a scheduler only says when, and may say it twice, late, or from two machines.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from rules.errors import DubanError
from rules.texts import _
from runtime.clock import now
from runtime.context import Context
from runtime.database import transaction
from runtime.logs import log
from runtime.processes import is_gone, this_process
from services.job_slots import SlotAnswer, SlotClaim, fail_slot, finish_slot, give_slot_back, show_life, take_slot

MOST_ROWS = 300
_LIFE_SECONDS = 30.0
_logger = logging.getLogger("duban.jobs")


@dataclass(frozen=True)
class OutcomeTable:
    """What a run did, row by row, for people: at most `MOST_ROWS` of the `total`."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    total: int

    @classmethod
    def of(cls, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> "OutcomeTable":
        """Return the table of these rows, cut where they are too many for a page."""
        return cls(title, heads, rows[:MOST_ROWS], len(rows))


@dataclass(frozen=True)
class Outcome:
    """What a run did: figures by name, which its slot keeps, and tables for whoever looks at the run.

    `is_final` is False where a person has to do something first: the slot is given back, and a later run goes on.
    """

    figures: Mapping[str, str | int]
    tables: tuple[OutcomeTable, ...] = ()
    is_final: bool = True

    @property
    def sentence(self) -> str:
        """Return the figures in a line."""
        return _("；").join(_("{name} {value}").format(name=name, value=value) for name, value in self.figures.items())


@dataclass(frozen=True)
class Skipped:
    """A run that had nothing to do, and why."""

    why: str


def pass_gate(context: Context, flow: str, slot: str, work: Callable[[], Outcome], run: str = "") -> Outcome | Skipped:
    """Do the work of a slot unless it is done, and return what came of it. `run` is the scheduler's name of the run.

    1. The slot is taken, in a transaction of its own. 2. The work is done. 3. The slot is marked done with its figures, given back where a person has to act
    first, or failed when the work raised or was stopped, so that the next run takes it up. A run killed outright leaves the slot to whoever finds its process gone.
    """
    claim, begun = SlotClaim(flow, slot, this_process(), now(), run), monotonic()
    with transaction(context.engine) as session:
        answer = take_slot(session, claim, is_gone)
    if answer is SlotAnswer.DONE:
        return Skipped(_("{slot} 已办理过").format(slot=slot))
    if answer is SlotAnswer.HELD:
        return Skipped(_("{slot} 正由另一次运行办理").format(slot=slot))
    try:
        with _showing_life(context, claim):
            outcome = work()
    except BaseException as error:  # a run that is being stopped gives its slot back too
        with transaction(context.engine) as session:
            fail_slot(session, claim, now(), {"error": str(error) or type(error).__name__})
        _logger.error("job", exc_info=error, extra={"fields": _fields(claim, begun, "failed")})
        raise
    with transaction(context.engine) as session:
        if outcome.is_final:
            finish_slot(session, claim, now(), outcome.figures)
        else:
            give_slot_back(session, claim)
    log(_logger, "job", _fields(claim, begun, "done" if outcome.is_final else "waiting"))
    return outcome


def _fields(claim: SlotClaim, begun: float, state: str) -> Mapping[str, object]:
    return {"flow": claim.flow, "slot": claim.slot, "state": state, "ms": round((monotonic() - begun) * 1000)}


@contextmanager
def _showing_life(context: Context, claim: SlotClaim) -> Iterator[None]:
    """Write down every half minute that this process is at work: another machine cannot see it otherwise."""
    ended = Event()

    def show() -> None:
        while not ended.wait(_LIFE_SECONDS):
            # One that does not get through is made up for by the next.
            with suppress(DubanError, SQLAlchemyError), transaction(context.engine) as session:
                show_life(session, claim, now())

    showing = Thread(target=show, name="duban-slot", daemon=True)
    showing.start()
    try:
        yield
    finally:
        ended.set()
        showing.join()
