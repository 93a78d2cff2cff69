"""The list of plans in words: those in force with their lights, the closed ones below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.plan import PlanState
from rules.texts import _
from rules.words import day_words
from services.plan_lights import LightCounts
from services.plan_list import PlanLine
from web.light_bar import LightBar, light_bar


@dataclass(frozen=True)
class PlanLineView:
    """A plan. `bar` is None where its lights are still to be judged; the page asks for them by itself."""

    id: int
    title: str
    imprint: str
    period: str
    bar: LightBar | None


@dataclass(frozen=True)
class PlanListView:
    """The list."""

    in_force: tuple[PlanLineView, ...]
    closed: tuple[PlanLineView, ...]
    nothing: str
    may_import: bool


def plan_list_view(lines: Sequence[PlanLine], counted: Mapping[int, LightCounts], *, may_import: bool) -> PlanListView:
    """Return the list; `counted` are the lights known so far."""
    views = [(line.state, _line(line, counted.get(line.id))) for line in lines]
    nothing = _("还没有计划。请先导入一份计划文件，核对后下达。") if may_import else _("目前没有您单位承担任务的计划。")
    return PlanListView(
        in_force=tuple(view for state, view in views if state is PlanState.IN_FORCE),
        closed=tuple(view for state, view in views if state is PlanState.CLOSED),
        nothing="" if lines else nothing,
        may_import=may_import,
    )


def _line(line: PlanLine, counted: LightCounts | None) -> PlanLineView:
    period = (
        _("{start}至{end}").format(start=day_words(line.starts_on), end=day_words(line.ends_on)) if line.starts_on and line.ends_on else ""
    )
    imprint = _("　").join(part for part in (line.doc_no, line.issuer) if part)
    return PlanLineView(line.id, line.title, imprint, period, light_bar(counted) if counted else None)
