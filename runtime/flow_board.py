"""What the pages know of the flows: a board that the scheduler writes and the web reads, so that neither needs the other.

The view on the board is replaced whole, never changed: a reader in another thread sees the old one or the new one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SchedulerState(StrEnum):
    """How the scheduler stands. `DEGRADED`: flows do not run by themselves now; pages and commands still work."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    DEGRADED = "degraded"


@dataclass(frozen=True)
class FlowLine:
    """One flow: when it runs next and how its last run ended. `last_state` is the run's state by name, `Skipped` where it had nothing to do."""

    flow: str
    next_at: datetime | None = None
    last_at: datetime | None = None
    last_state: str | None = None
    last_message: str | None = None


@dataclass(frozen=True)
class BoardView:
    """The board at a moment; `problem` says why the scheduler is degraded."""

    state: SchedulerState = SchedulerState.OFF
    lines: tuple[FlowLine, ...] = ()
    problem: str | None = None


class FlowBoard:
    """Holds the latest view."""

    def __init__(self, state: SchedulerState = SchedulerState.OFF) -> None:
        self._view = BoardView(state)

    @property
    def view(self) -> BoardView:
        """Return what was shown last."""
        return self._view

    def show(self, view: BoardView) -> None:
        """Replace the view."""
        self._view = view
