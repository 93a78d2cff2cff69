"""Who may do what: one table of acts, roles and how far each right reaches. Callers ask; none decides for itself.

Powers stay apart: the plan office hands out and changes duties, units do them, supervisors judge what was done. An office's account that is bound to a unit (a
prefecture's own office) has its rights only on what units below that one lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models.account import AccountRole as R
from models.account import AccountState
from rules.errors import DubanError
from rules.texts import _


class Act(StrEnum):
    """Everything that needs a right. An act on a task is asked for with the task's `Parties`, one on the house without."""

    MANAGE_ACCOUNTS = "manage-accounts"
    GRANT_RIGHTS = "grant-rights"
    LOCK_ACCOUNT = "lock-account"
    READ_ACCESS_LOG = "read-access-log"
    READ_SYSTEM = "read-system"
    INVITE = "invite"
    MANAGE_UNITS = "manage-units"
    REORGANISE_UNITS = "reorganise-units"
    ADOPT_RULES = "adopt-rules"
    KEEP_CALENDAR = "keep-calendar"
    SET_ABSENCE = "set-absence"
    KEEP_FEED = "keep-feed"
    ISSUE_PLAN = "issue-plan"
    AMEND_PLAN = "amend-plan"
    CLOSE_PLAN = "close-plan"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    HAND_IN = "hand-in"
    DECOMPOSE = "decompose"
    SUBMIT = "submit"
    RETURN = "return"
    COMPLETE = "complete"
    CLOSE = "close"
    REOPEN = "reopen"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REASSIGN = "reassign"
    REVIEW_REPORT = "review-report"
    NOTE_MISSED_REPORTS = "note-missed-reports"
    FILE_REQUEST = "file-request"
    WITHDRAW_REQUEST = "withdraw-request"
    DECIDE_REQUEST = "decide-request"
    KEEP_ELIGIBLE_LIST = "keep-eligible-list"
    SET_QUOTA = "set-quota"
    NOMINATE_MEMBER = "nominate-member"
    SELECT_MEMBER = "select-member"
    CONFIRM_MEMBER = "confirm-member"
    WITHDRAW_MEMBER = "withdraw-member"
    OBSERVE_INDICATOR = "observe-indicator"
    LINK_INDICATOR = "link-indicator"
    PLAN_PACE = "plan-pace"
    REACH_MILESTONE = "reach-milestone"
    SET_CRITERION = "set-criterion"
    EXPORT_FORM = "export-form"
    IMPORT_FORM = "import-form"
    SEAL = "seal"
    READ = "read"
    REMIND = "remind"
    PUBLISH = "publish"
    PREPARE_NOTICES = "prepare-notices"
    ISSUE_NOTICE = "issue-notice"
    SET_ASIDE_NOTICE = "set-aside-notice"
    RECEIVE_NOTICE = "receive-notice"
    DRAFT_BULLETIN = "draft-bulletin"
    APPROVE_BULLETIN = "approve-bulletin"
    ISSUE_AGREEMENT = "issue-agreement"
    ISSUE_ASSIGNMENT = "issue-assignment"
    ISSUE_REPLY = "issue-reply"
    URGE = "urge"
    OPEN_CASE = "open-case"
    STATE_ON_CASE = "state-on-case"
    CONCLUDE_CASE = "conclude-case"
    APPROVE_CASE = "approve-case"
    RECTIFY_CASE = "rectify-case"
    ADOPT_SCHEME = "adopt-scheme"
    MARK = "mark"
    ISSUE_SCORECARD = "issue-scorecard"


class Scope(StrEnum):
    """How far a right reaches.

    `ALL` every task (of a bound office: those led from below its unit), `LEAD` those the actor's unit leads, `SUPPORT` those it takes part in without leading,
    `RESPONSIBLE` either, `BELOW` either, and those of the units below its own.
    """

    ALL = "all"
    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"
    BELOW = "below"


RIGHTS: Mapping[Act, Mapping[R, Scope]] = MappingProxyType(
    {
        Act.MANAGE_ACCOUNTS: {R.ADMINISTRATOR: Scope.ALL},
        Act.GRANT_RIGHTS: {R.SECURITY_ADMINISTRATOR: Scope.ALL},
        Act.LOCK_ACCOUNT: {R.ADMINISTRATOR: Scope.ALL, R.SECURITY_ADMINISTRATOR: Scope.ALL},
        Act.READ_ACCESS_LOG: {R.AUDIT_ADMINISTRATOR: Scope.ALL},
        Act.READ_SYSTEM: {R.ADMINISTRATOR: Scope.ALL},
        Act.INVITE: {R.ADMINISTRATOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.MANAGE_UNITS: {R.ADMINISTRATOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.REORGANISE_UNITS: {R.PLAN_OFFICE: Scope.ALL},
        Act.ADOPT_RULES: {R.SUPERVISOR: Scope.ALL},
        Act.KEEP_CALENDAR: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL},
        Act.SET_ABSENCE: {R.UNIT: Scope.LEAD, R.PLAN_OFFICE: Scope.ALL},
        Act.KEEP_FEED: {R.UNIT: Scope.LEAD, R.PLAN_OFFICE: Scope.ALL},
        Act.ISSUE_PLAN: {R.PLAN_OFFICE: Scope.ALL},
        Act.AMEND_PLAN: {R.PLAN_OFFICE: Scope.ALL},
        Act.CLOSE_PLAN: {R.PLAN_OFFICE: Scope.ALL},
        Act.ACKNOWLEDGE: {R.UNIT: Scope.LEAD},
        Act.REPORT: {R.UNIT: Scope.LEAD},
        Act.HAND_IN: {R.UNIT: Scope.SUPPORT},
        Act.DECOMPOSE: {R.UNIT: Scope.LEAD},
        Act.SUBMIT: {R.UNIT: Scope.LEAD},
        Act.RETURN: {R.SUPERVISOR: Scope.ALL},
        Act.COMPLETE: {R.SUPERVISOR: Scope.ALL},
        Act.CLOSE: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.REOPEN: {R.SUPERVISOR: Scope.ALL},
        Act.SUSPEND: {R.PLAN_OFFICE: Scope.ALL},
        Act.RESUME: {R.PLAN_OFFICE: Scope.ALL},
        Act.CANCEL: {R.PLAN_OFFICE: Scope.ALL},
        Act.REASSIGN: {R.PLAN_OFFICE: Scope.ALL},
        Act.REVIEW_REPORT: {R.SUPERVISOR: Scope.ALL},
        Act.NOTE_MISSED_REPORTS: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.FILE_REQUEST: {R.UNIT: Scope.LEAD},
        Act.WITHDRAW_REQUEST: {R.UNIT: Scope.LEAD},
        Act.DECIDE_REQUEST: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL},
        Act.KEEP_ELIGIBLE_LIST: {R.PLAN_OFFICE: Scope.ALL},
        Act.SET_QUOTA: {R.PLAN_OFFICE: Scope.ALL},
        Act.NOMINATE_MEMBER: {R.UNIT: Scope.RESPONSIBLE, R.PLAN_OFFICE: Scope.ALL},
        Act.SELECT_MEMBER: {R.UNIT: Scope.LEAD, R.PLAN_OFFICE: Scope.ALL},
        Act.CONFIRM_MEMBER: {R.SUPERVISOR: Scope.ALL},
        Act.WITHDRAW_MEMBER: {R.UNIT: Scope.LEAD, R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL},
        Act.OBSERVE_INDICATOR: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL},
        Act.LINK_INDICATOR: {R.PLAN_OFFICE: Scope.ALL},
        Act.PLAN_PACE: {R.PLAN_OFFICE: Scope.ALL},
        Act.REACH_MILESTONE: {R.UNIT: Scope.LEAD},
        Act.SET_CRITERION: {R.PLAN_OFFICE: Scope.ALL},
        Act.EXPORT_FORM: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL, R.UNIT: Scope.LEAD},
        Act.IMPORT_FORM: {R.PLAN_OFFICE: Scope.ALL, R.UNIT: Scope.LEAD, R.SYSTEM: Scope.ALL},
        Act.SEAL: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.READ: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL, R.SYSTEM: Scope.ALL, R.UNIT: Scope.BELOW},
        Act.REMIND: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.PUBLISH: {R.SUPERVISOR: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.PREPARE_NOTICES: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.ISSUE_NOTICE: {R.SUPERVISOR: Scope.ALL},
        Act.SET_ASIDE_NOTICE: {R.SUPERVISOR: Scope.ALL},
        Act.RECEIVE_NOTICE: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL, R.UNIT: Scope.LEAD},
        Act.DRAFT_BULLETIN: {R.SUPERVISOR: Scope.ALL, R.SYSTEM: Scope.ALL},
        Act.APPROVE_BULLETIN: {R.SUPERVISOR: Scope.ALL},
        Act.ISSUE_AGREEMENT: {R.PLAN_OFFICE: Scope.ALL},
        Act.ISSUE_ASSIGNMENT: {R.PLAN_OFFICE: Scope.ALL},
        Act.ISSUE_REPLY: {R.PLAN_OFFICE: Scope.ALL, R.SUPERVISOR: Scope.ALL},
        Act.URGE: {R.SUPERVISOR: Scope.ALL, R.PLAN_OFFICE: Scope.ALL},
        Act.OPEN_CASE: {R.SUPERVISOR: Scope.ALL},
        Act.STATE_ON_CASE: {R.UNIT: Scope.LEAD, R.SUPERVISOR: Scope.ALL},
        Act.CONCLUDE_CASE: {R.SUPERVISOR: Scope.ALL},
        Act.APPROVE_CASE: {R.SUPERVISOR: Scope.ALL},
        Act.RECTIFY_CASE: {R.UNIT: Scope.LEAD, R.SUPERVISOR: Scope.ALL},
        Act.ADOPT_SCHEME: {R.SUPERVISOR: Scope.ALL},
        Act.MARK: {R.SUPERVISOR: Scope.ALL},
        Act.ISSUE_SCORECARD: {R.SUPERVISOR: Scope.ALL},
    }
)

# One account is one of these and nothing else, and none of them does business.
ADMINISTRATORS = (R.ADMINISTRATOR, R.SECURITY_ADMINISTRATOR, R.AUDIT_ADMINISTRATOR)

# What is judged here was done by the lead unit; nobody of that unit judges it, whatever his account's role.
JUDGEMENTS = frozenset(
    {
        *(Act.RETURN, Act.COMPLETE, Act.REOPEN, Act.REVIEW_REPORT, Act.DECIDE_REQUEST, Act.CONFIRM_MEMBER),
        *(Act.ISSUE_NOTICE, Act.SET_ASIDE_NOTICE),
        *(Act.OPEN_CASE, Act.CONCLUDE_CASE, Act.APPROVE_CASE, Act.MARK),
    }
)


@dataclass(frozen=True)
class Actor:
    """Who acts, and as whom: the account's name and id, its role, and the unit it acts for. An office without a unit reaches everything."""

    account_id: int | None
    name: str
    role: R
    unit_id: int | None = None


@dataclass(frozen=True)
class Parties:
    """The units of a task: its lead and those beside it; `above_lead` and `above_support` are these and all units above them."""

    lead_id: int
    support_ids: frozenset[int] = frozenset()
    above_lead: frozenset[int] = frozenset()
    above_support: frozenset[int] = frozenset()


def refuse_without_right(actor: Actor, act: Act, parties: Parties | None = None) -> None:
    """Refuse `act` unless the actor's role has it and it reaches the task that `parties` are of; without them the act is on the house as a whole.

    Codes: no-right, not-your-task (a unit's), not-your-area (a bound office's), own-submission (a judgement on one's own unit).
    """
    scope = RIGHTS[act].get(actor.role)
    if scope is None:
        raise DubanError("no-right", _("账号 {name}（{role}）无权办理此事").format(name=actor.name, role=role_name(actor.role)))
    if _judges_itself(actor, act, parties):
        raise DubanError(
            "own-submission", _("账号 {name} 属于这项任务的牵头单位，不能审核本单位的事，请由另一单位的人办理").format(name=actor.name)
        )
    if not _reaches(scope, actor, act, parties):
        raise _beyond(scope, actor, parties)


def may(actor: Actor, act: Act, parties: Parties | None = None) -> bool:
    """Tell whether `refuse_without_right` would let the actor do it."""
    scope = RIGHTS[act].get(actor.role)
    return scope is not None and not _judges_itself(actor, act, parties) and _reaches(scope, actor, act, parties)


def _judges_itself(actor: Actor, act: Act, parties: Parties | None) -> bool:
    return act in JUDGEMENTS and parties is not None and actor.unit_id == parties.lead_id


def _beyond(scope: Scope, actor: Actor, parties: Parties | None) -> DubanError:
    if scope is Scope.ALL:
        return DubanError("not-your-area", _("账号 {name} 只能办理本单位所辖范围内的事，请由上一级办理").format(name=actor.name))
    if scope is Scope.LEAD:
        return DubanError("not-your-task", _("账号 {name} 的单位不是这项任务的牵头单位，不能办理").format(name=actor.name))
    if scope is Scope.SUPPORT and parties is not None and actor.unit_id == parties.lead_id:
        return DubanError("lead-reports", _("账号 {name} 的单位是这项任务的牵头单位，请直接填报").format(name=actor.name))
    return DubanError("not-your-task", _("账号 {name} 的单位没有承担这项任务，不能办理").format(name=actor.name))


def _reaches(scope: Scope, actor: Actor, act: Act, parties: Parties | None) -> bool:
    if scope is Scope.ALL and actor.unit_id is None:
        return True
    if parties is None or actor.unit_id is None:
        return False
    leads, supports = actor.unit_id == parties.lead_id, actor.unit_id in parties.support_ids
    is_above = actor.unit_id in parties.above_lead
    sees = leads or supports or is_above or actor.unit_id in parties.above_support
    return {
        Scope.ALL: sees if act is Act.READ else leads or is_above,
        Scope.LEAD: leads,
        Scope.SUPPORT: supports and not leads,
        Scope.RESPONSIBLE: leads or supports,
        Scope.BELOW: sees,
    }[scope]


def role_name(role: R) -> str:
    """Return the role's name for users."""
    return {
        R.ADMINISTRATOR: _("系统管理员"),
        R.SECURITY_ADMINISTRATOR: _("安全管理员"),
        R.AUDIT_ADMINISTRATOR: _("审计管理员"),
        R.PLAN_OFFICE: _("计划管理部门"),
        R.SUPERVISOR: _("督查部门"),
        R.UNIT: _("责任单位"),
        R.SYSTEM: _("系统"),
    }[role]


def state_name(state: AccountState) -> str:
    """Return an account's state for users."""
    return {AccountState.WAITING: _("待批准"), AccountState.ACTIVE: _("正常"), AccountState.LOCKED: _("停用")}[state]
