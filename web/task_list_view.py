"""The list of tasks as it is shown: a page of rows with what they were looked for by, and where the next page begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from sqlmodel import Session

from models.task import TaskState
from rules.errors import DubanError
from rules.lights import Light
from rules.rights import Actor
from rules.texts import _
from rules.words import day_words, light_word
from runtime.clock import today
from services.plan_list import followed_plans
from services.queries import TaskFilter, TaskRow
from services.rule_sets import rule_set_on
from services.task_search import Mark, TaskPage, TaskSearch, search_tasks
from web.day_steps import DaySteps, day_steps
from web.rendering import url
from web.task_head import progress_words
from web.words import distance_words, task_state_word

_ASKED = ("plan", "unit", "year", "state", "light", "text", "on")


@dataclass(frozen=True)
class ListedTask:
    """One row. `why` are the facts behind the light."""

    id: int
    title: str
    label: str
    number: str
    lead: str
    due: str
    distance: str
    state: str
    tone: str
    light: str
    why: tuple[str, ...]
    progress: str
    to: str


@dataclass(frozen=True)
class TaskListPage:
    """The page. `asked` is what the filters hold, `told` what came of it in a sentence, `more` the address of the next page (empty at the end)."""

    rows: tuple[ListedTask, ...]
    asked: dict[str, str]
    plans: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    lights: tuple[tuple[str, str], ...]
    steps: DaySteps
    told: str
    more: str
    more_text: str
    is_following: bool


def task_list_page(session: Session, request: Request, actor: Actor, day: date) -> TaskListPage:
    """Return the page that the address asks for. Codes: no-right, and unreadable for a filter that cannot be read."""
    asked = {name: request.query_params.get(name, "").strip()[:100] for name in _ASKED}
    after = _mark(request.query_params.get("after", ""))
    search = TaskSearch(_wanted(asked), asked["text"], after)
    found = search_tasks(session, search, day, rule_set_on(session, day), actor)
    plans = followed_plans(session, actor)
    return TaskListPage(
        rows=tuple(_row(row, day) for row in found.rows),
        asked=asked,
        plans=(("", _("全部计划")), *((str(plan.id), plan.title) for plan in plans)),
        states=(("", _("全部状态")), *((state.value, task_state_word(state)) for state in TaskState if state is not TaskState.DRAFT)),
        lights=(("", _("全部灯号")), *((light.value, light_word(light)) for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY))),
        steps=day_steps(day, today()),
        told=_told(found, is_first=after is None),
        more=_more(asked, found.following),
        more_text=_("继续往下找") if found.is_cut else _("下一页"),
        is_following=after is not None,
    )


def _told(found: TaskPage, *, is_first: bool) -> str:
    if found.is_cut:
        text = _("已查看 {judged} 项，本页找到 {count} 项，后面的还没有查看")
        return text.format(judged=found.judged, count=len(found.rows))
    if not found.rows:
        return _("没有符合条件的任务") if is_first else _("后面没有了")
    return _("本页 {count} 项，按期限先后排列").format(count=len(found.rows))


def _wanted(asked: dict[str, str]) -> TaskFilter:
    try:
        return TaskFilter(
            plan_id=_number(asked["plan"]),
            unit=asked["unit"] or None,
            year=_year(asked["year"]),
            state=TaskState(asked["state"]) if asked["state"] else None,
            light=Light(asked["light"]) if asked["light"] else None,
        )
    except ValueError:
        raise DubanError("bad-filter", _("筛选条件看不懂，请重新选择")) from None


def _number(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise ValueError(written)
    return int(written)


def _year(written: str) -> int | None:
    year = _number(written)
    if year is not None and not 1949 <= year <= 2100:
        raise ValueError(written)
    return year


def _mark(written: str) -> Mark | None:
    """Read where a page begins, as `_more` wrote it; anything else begins at the beginning."""
    day, dot, number = written.partition(".")
    try:
        return (date.fromisoformat(day), _number(number) or 0) if dot else None
    except ValueError:
        return None


def _more(asked: dict[str, str], following: Mark | None) -> str:
    return url("/tasks", **asked, after=f"{following[0].isoformat()}.{following[1]}") if following else ""


def _row(row: TaskRow, day: date) -> ListedTask:
    on: Sequence[str] = () if day == today() else (day.isoformat(),)
    return ListedTask(
        id=row.id,
        title=row.title,
        label=row.label,
        number=row.number or "",
        lead=row.lead,
        due=day_words(row.due_on),
        distance=distance_words(row.due_on, day) if row.state not in (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED) else "",
        state=task_state_word(row.state),
        tone=row.light.value,
        light=light_word(row.light),
        why=row.why,
        progress=progress_words(row.reached, row.pace),
        to=url(f"/tasks/{row.id}", on=on[0] if on else None),
    )
