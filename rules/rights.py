"""Who may do what: one table of acts and roles. A unit acts only on tasks it leads; that is part of the table, not of the callers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models.account import AccountRole as R
from models.account import AccountState
from rules.errors import DubanError
from rules.texts import _


class Act(StrEnum):
    """Acts that need a right, beside those that are open to every account (reading what concerns it)."""

    MANAGE_ACCOUNTS = "manage-accounts"
    MANAGE_UNITS = "manage-units"
    ISSUE_PLAN = "issue-plan"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    SUBMIT = "submit"
    RETURN = "return"
    COMPLETE = "complete"
    CLOSE = "close"
    REOPEN = "reopen"
    SEE_ALL = "see-all"
    REMIND = "remind"
    PUBLISH = "publish"
    ADOPT_RULES = "adopt-rules"


class Scope(StrEnum):
    """What a right reaches: every task, or only the tasks the actor's unit leads."""

    ALL = "all"
    LEAD = "lead"


RIGHTS: Mapping[Act, Mapping[R, Scope]] = MappingProxyType(
    {
        Act.MANAGE_ACCOUNTS: {R.ADMINISTRATOR: Scope.ALL},
        Act.MANAGE_UNITS: {R.ADMINISTRATOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.ISSUE_PLAN: {R.PLAN_OFFICE: Scope.ALL},
        Act.ACKNOWLEDGE: {R.UNIT: Scope.LEAD},
        Act.REPORT: {R.UNIT: Scope.LEAD},
        Act.SUBMIT: {R.UNIT: Scope.LEAD},
        Act.RETURN: {R.SUPERVISOR: Scope.ALL},
        Act.COMPLETE: {R.SUPERVISOR: Scope.ALL},
        Act.CLOSE: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.REOPEN: {R.SUPERVISOR: Scope.ALL},
        Act.SEE_ALL: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.REMIND: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.PUBLISH: {R.SUPERVISOR: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.ADOPT_RULES: {R.SUPERVISOR: Scope.ALL},
    }
)


@dataclass(frozen=True)
class Actor:
    """Who acts, and as whom: the account's name and id, its role, and the unit it acts for (None for offices)."""

    account_id: int | None
    name: str
    role: R
    unit_id: int | None = None


def refuse_without_right(actor: Actor, act: Act, lead_unit_id: int | None = None) -> None:
    """Refuse `act` unless the actor's role has it; `lead_unit_id` is the unit that leads the task the act is about."""
    scope = RIGHTS[act].get(actor.role)
    if scope is None:
        raise DubanError("no-right", _("账号 {name}（{role}）无权办理此事").format(name=actor.name, role=role_name(actor.role)))
    if scope is Scope.LEAD and (actor.unit_id is None or actor.unit_id != lead_unit_id):
        raise DubanError("not-your-task", _("账号 {name} 的单位不是这项任务的牵头单位，不能办理").format(name=actor.name))


def role_name(role: R) -> str:
    """Return the role's name for users."""
    return {
        R.ADMINISTRATOR: _("系统管理员"),
        R.PLAN_OFFICE: _("计划管理部门"),
        R.SUPERVISOR: _("督查部门"),
        R.UNIT: _("责任单位"),
        R.SYSTEM: _("系统"),
    }[role]


def state_name(state: AccountState) -> str:
    """Return an account's state for users."""
    return {AccountState.ACTIVE: _("正常"), AccountState.LOCKED: _("停用")}[state]
