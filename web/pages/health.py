"""`GET /healthz` and `GET /readyz`, for whoever watches the machine: does this process live, and can it do its work. They tell nothing of plans and ask for no log-in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from runtime.flow_board import FlowBoard, SchedulerState
from runtime.readiness import is_ready

router = APIRouter()


@router.get("/healthz")
async def health(request: Request) -> JSONResponse:
    """Return that the process answers, and how its schedule stands: always 200, and nothing is asked of anybody, since a restart is the remedy for no other trouble."""
    board: FlowBoard = request.app.state.board
    is_well = board.view.state in (SchedulerState.READY, SchedulerState.OFF)
    answer = {
        "status": "ok" if is_well else "degraded",
        "scheduler": board.view.state.value,
        # What kind of error only: its words may name places of the machine, and administrators read them on /system.
        "problem": board.view.problem.partition(":")[0] if board.view.problem else None,
        "flows": {line.flow: line.next_at.isoformat() if line.next_at else None for line in board.view.lines},
    }
    return JSONResponse(answer)


@router.get("/readyz")
def readiness(request: Request) -> JSONResponse:
    """Return whether requests should be sent here: 503 where database, store or a schedule that is wanted cannot be used, with the code of what is wrong."""
    checks = request.app.state.readiness.checks()
    is_well = is_ready(checks)
    return JSONResponse({"status": "ready" if is_well else "not-ready", "checks": checks}, 200 if is_well else 503)
