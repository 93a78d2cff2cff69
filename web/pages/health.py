"""`GET /healthz`: how the parts stand, for whoever watches the machine. It tells nothing of plans and asks for no log-in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from runtime.context import Context
from runtime.database import reading
from runtime.flow_board import FlowBoard, SchedulerState

router = APIRouter()


@router.get("/healthz")
def health(request: Request) -> JSONResponse:
    """Return how the parts stand: 503 only where the pages themselves cannot work, since a restart does not help a schedule that is degraded."""
    context: Context = request.app.state.context
    board: FlowBoard = request.app.state.board
    is_open = _is_database_open(context)
    is_well = is_open and board.view.state in (SchedulerState.READY, SchedulerState.OFF)
    answer = {
        "status": "ok" if is_well else "degraded",
        "database": "ok" if is_open else "unreachable",
        "scheduler": board.view.state.value,
        # What kind of error only: its words may name places of the machine, and administrators read them on /system.
        "problem": board.view.problem.partition(":")[0] if board.view.problem else None,
        "flows": {line.flow: line.next_at.isoformat() if line.next_at else None for line in board.view.lines},
    }
    return JSONResponse(answer, 200 if is_open else 503)


def _is_database_open(context: Context) -> bool:
    try:
        with reading(context.engine) as session:
            session.execute(text("SELECT 1 FROM plan LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True
