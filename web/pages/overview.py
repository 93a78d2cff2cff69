"""`/overview`: the whole house on a day, by plan, level and unit over the quarters. Plans are judged some at a time and kept, so the first look fills up as one watches.

What each unit has in hand is there at once: it is counted as acts are done.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from models.plan import PlanState
from models.unit import UnitLevel
from rules.errors import DubanError
from rules.texts import _
from services.plan_boards import looks_until
from services.plan_list import PlanLine, followed_plans
from services.rule_sets import rule_set_on
from web.board_shelf import BoardQuestion, BoardShelf, boards_of
from web.kept import kept
from web.overview_loads import loads_of
from web.overview_maps import Asked, Overview, read_register
from web.overview_view import overview_page
from web.rendering import Page
from web.system_view import state_words
from web.visiting import Visiting, Visitor

router = APIRouter()

# So many tasks are judged for one answer: somewhat more than a second.
MOST_JUDGED = 4000


@router.get("/overview", response_class=HTMLResponse)
def overview(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show the overview as of a day, of one plan or all, of one level or all."""
    day, board = visitor.day(request), request.app.state.board

    def make(session: Session) -> Page:
        plans = followed_plans(session, visitor.actor)
        seen = _seen(request, session, visitor, _asked(request, visitor, plans), plans)
        view = overview_page(session, seen, rule_set_on(session, day), state_words(board), loads_of(session, seen, visitor.actor))
        # What is not whole yet is shown and not kept.
        return Page("overview/overview.html.j2", view, _("概况"), 202 if seen.boards.missing else 200)

    return kept(request, visitor, None, make, lambda _connection: state_words(board))


def _seen(request: Request, session: Session, visitor: Visitor, asked: Asked, plans: list[PlanLine]) -> Overview:
    followed = [plan for plan in plans if plan.state is PlanState.IN_FORCE]
    chosen = [asked.plan] if asked.plan else followed
    begun = [plan.starts_on for plan in chosen if plan.starts_on]
    looks = looks_until(session, asked.day, min(begun, default=asked.day))
    shelf: BoardShelf = request.app.state.boards
    sizes = {plan.id: plan.task_count for plan in chosen}
    boards = boards_of(shelf, session, BoardQuestion(sizes, looks, visitor.actor, MOST_JUDGED))
    return Overview(asked, followed, looks, boards, read_register(session))


def _asked(request: Request, visitor: Visitor, plans: list[PlanLine]) -> Asked:
    """Read what is asked for. Codes: bad-filter, unknown-plan (also one the visitor may not see)."""
    said = request.query_params
    try:
        level = UnitLevel(said["level"]) if said.get("level") else None
    except ValueError:
        raise DubanError("bad-filter", _("筛选条件看不懂，请重新选择")) from None
    plan = next((one for one in plans if str(one.id) == said.get("plan")), None)
    if said.get("plan") and plan is None:
        raise DubanError("unknown-plan", _("没有这份计划，或者它不归您查看。"))
    return Asked(
        visitor.day(request), plan, level, _row(said.get("units_from")), _row(said.get("items_from")), _row(said.get("loads_after"))
    )


def _row(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) < 6 else 0
