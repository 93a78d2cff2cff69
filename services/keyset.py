"""A page of a list that grows without end, chosen by the database: rows after the last one shown, in the order of their numbers, so many and no more.

Nothing is counted off: the tenth page costs what the first does, and who follows the pages misses none that was there when he began.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.account import AccountRole
from models.notice import Notice, NoticeLevel, NoticeState
from models.request import Request, RequestState
from rules.rights import Actor
from services.notice_list import GONE_OUT
from services.task_pages import readable

PAGE_ROWS = 100


@dataclass(frozen=True)
class KeyPage:
    """The numbers of a page's rows in their order, and the one that the next page goes on after (None: there is none)."""

    ids: tuple[int, ...]
    next: int | None


def request_keys(session: Session, state: RequestState | None, after: int | None, actor: Actor, most: int = PAGE_ROWS) -> KeyPage:
    """Return a page of the requests that the actor may see: those that wait from the oldest, all others from the newest."""
    conditions = [] if state is None else [col(Request.state) == state]
    own = readable(actor)
    if own is not None:
        # Whoever filed one sees it after losing the task, too.
        conditions.append((col(Request.unit_id) == actor.unit_id) | col(Request.task_id).in_(own))
    wanted = select(col(Request.id)).where(*conditions)
    return _found(session, _page(wanted, col(Request.id), after, most, is_rising=state is RequestState.FILED), most)


def notice_keys(session: Session, state: NoticeState | None, after: int | None, actor: Actor, most: int = PAGE_ROWS) -> KeyPage:
    """Return a page of the notices that the actor may see: those that wait for a person from the oldest, all others from the newest."""
    conditions = [] if state is None else [col(Notice.state) == state]
    own = readable(actor)
    if own is not None:
        conditions.append(col(Notice.task_id).in_(own))
    if actor.role is AccountRole.UNIT:
        conditions += [col(Notice.state).in_(GONE_OUT), col(Notice.level) != NoticeLevel.ACCOUNTABILITY]
    wanted = select(col(Notice.id)).where(*conditions)
    return _found(session, _page(wanted, col(Notice.id), after, most, is_rising=state is NoticeState.PREPARED), most)


def _page(wanted: Select[Any], key: Any, after: int | None, most: int, *, is_rising: bool) -> Select[Any]:
    """Return the question for a page and one row more, which tells whether there is a next one."""
    if after is not None:
        wanted = wanted.where(key > after if is_rising else key < after)
    return wanted.order_by(key if is_rising else key.desc()).limit(most + 1)


def _found(session: Session, page: Select[Any], most: int) -> KeyPage:
    ids = tuple(session.execute(page).scalars())
    return KeyPage(ids[:most], ids[most - 1] if len(ids) > most else None)
