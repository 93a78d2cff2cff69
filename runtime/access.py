"""The house's rules of coming in, as the settings say: a profile, and what is set otherwise. Limits may be made shorter than the profile's freely, longer not everywhere."""

from dataclasses import replace
from datetime import timedelta

from models.account import AccountRole
from rules.access_policy import DENGBAO, PROFILES, AccessPolicy
from rules.errors import DubanError
from rules.texts import _
from runtime.settings import Settings


def policy_of(settings: Settings) -> AccessPolicy:
    """Return the policy of these settings. Codes: bad-setting (a role that there is not), unsafe-setting (`dengbao` with longer idling than it allows)."""
    policy = PROFILES[settings.policy]
    idle = timedelta(minutes=settings.session_idle_minutes) if settings.session_idle_minutes else policy.idle
    if policy is DENGBAO and idle > DENGBAO.idle:
        text = _("DUBAN_POLICY=dengbao 时 DUBAN_SESSION_IDLE_MINUTES 最多 {most}，请改小或不填")
        raise DubanError("unsafe-setting", text.format(most=int(DENGBAO.idle.total_seconds() // 60)))
    absolute = timedelta(hours=settings.session_hours) if settings.session_hours else policy.absolute
    words = (settings.office,) if settings.office else ()
    return replace(policy, idle=idle, absolute=absolute, second_factor_roles=_roles(settings.second_factor_roles), words=words)


def _roles(written: str) -> frozenset[AccountRole]:
    names = [name.strip() for name in written.replace("，", ",").split(",") if name.strip()]
    unknown = [name for name in names if name not in set(AccountRole)]
    if unknown:
        why = _("没有角色 {name}").format(name=unknown[0])
        raise DubanError("bad-setting", _("设置 {variable} 不能用：{why}").format(variable="DUBAN_SECOND_FACTOR_ROLES", why=why))
    return frozenset(AccountRole(name) for name in names)
