"""The links at the head of every page: what each role works with, most used first."""

from dataclasses import dataclass

from models.account import AccountRole as R
from rules.texts import _
from web.visiting import Visitor

_OFFICES = {R.PLAN_OFFICE, R.SUPERVISOR}
_READERS = {R.PLAN_OFFICE, R.SUPERVISOR, R.UNIT}


@dataclass(frozen=True)
class Link:
    """One link; `is_here` where the page belongs to it."""

    to: str
    text: str
    is_here: bool


def home_of(role: R) -> str:
    """Return the page that somebody begins at."""
    return {
        R.UNIT: "/work",
        R.SUPERVISOR: "/desk",
        R.PLAN_OFFICE: "/plans",
        R.ADMINISTRATOR: "/accounts",
        R.SECURITY_ADMINISTRATOR: "/accounts",
        R.AUDIT_ADMINISTRATOR: "/access-log",
    }.get(role, "/profile")


def links_of(visitor: Visitor, path: str) -> tuple[Link, ...]:
    """Return the links of the visitor's role in their order."""
    return tuple(Link(to, text, path == to or path.startswith(f"{to}/")) for to, text, roles in _links() if visitor.role in roles)


def _links() -> tuple[tuple[str, str, set[R]], ...]:
    return (
        ("/work", _("我的事项"), {R.UNIT}),
        ("/desk", _("督办台"), _OFFICES),
        ("/reviews", _("审核"), {R.SUPERVISOR}),
        ("/plans", _("计划"), _READERS),
        ("/drafts", _("导入"), {R.PLAN_OFFICE}),
        ("/tasks", _("任务"), _READERS),
        ("/requests", _("申请"), _OFFICES),
        ("/notices", _("通知单"), {R.SUPERVISOR, R.UNIT}),
        ("/cases", _("案卷"), {R.SUPERVISOR}),
        ("/bulletins", _("通报"), _OFFICES),
        ("/overview", _("概况"), _READERS),
        ("/accounts", _("账号"), {R.ADMINISTRATOR, R.SECURITY_ADMINISTRATOR}),
        ("/system", _("系统"), {R.ADMINISTRATOR}),
        ("/access-log", _("访问记录"), {R.AUDIT_ADMINISTRATOR}),
    )
