"""Whether this process can do its work now: each thing it needs, looked at one by one, by name only. Answers are kept for some seconds, since anybody may ask."""

from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from rules.errors import DubanError
from runtime.context import Context
from runtime.database import refuse_outdated
from runtime.flow_board import FlowBoard, SchedulerState

OK = "ok"
_KEPT_SECONDS = 5.0


class Readiness:
    """The looks at one installation."""

    def __init__(self, context: Context, board: FlowBoard) -> None:
        self._context, self._board = context, board
        self._lock = Lock()
        self._looked_at = float("-inf")
        self._found: Mapping[str, str] = {}

    def checks(self) -> Mapping[str, str]:
        """Return each part's state: `ok`, or the code of what is wrong. The scheduler is `off` where this process has none, which is well."""
        with self._lock:
            if monotonic() - self._looked_at > _KEPT_SECONDS:
                self._found = {"database": _state(lambda: refuse_outdated(self._context.engine)), "store": _state(self._prove_store)}
                self._looked_at = monotonic()
            return {**self._found, "scheduler": self._scheduler()}

    def _prove_store(self) -> None:
        self._context.store.prove()

    def _scheduler(self) -> str:
        state = self._board.view.state
        return OK if state is SchedulerState.READY else state.value


def is_ready(checks: Mapping[str, str]) -> bool:
    """Tell whether everything that is needed is there."""
    return all(state in (OK, SchedulerState.OFF) for state in checks.values())


def _state(look: Callable[[], None]) -> str:
    try:
        look()
    except DubanError as error:
        return error.code
    except (SQLAlchemyError, OSError):
        return "unreachable"
    return OK
