"""What the access log tells of: coming, going, being turned away, and what changes how one comes in."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.texts import _

_HERE = ZoneInfo("Asia/Shanghai")


class AccessAct(StrEnum):
    """One kind of entry. The words never change: exports and archived logs hold them."""

    LOG_IN = "log-in"
    LOG_IN_FAILED = "log-in-failed"
    LOCKED_OUT = "locked-out"
    LOG_OUT = "log-out"
    LOG_IN_ENDED = "log-in-ended"
    SET_PASSWORD = "set-own-password"
    GIVE_PASSWORD = "give-password"
    SET_UP_SECOND_FACTOR = "set-up-second-factor"
    REMOVE_SECOND_FACTOR = "remove-second-factor"
    INVITE = "invite"
    USE_INVITATION = "use-invitation"
    MAKE_TOKEN = "make-token"
    USE_TOKEN = "use-token"
    END_TOKEN = "end-token"
    TURNED_AWAY = "turned-away"
    READ_LOG = "export-access-log"


def access_act_word(act: str) -> str:
    """Return what people call an entry's act; one of a later version is shown as it is."""
    words: dict[str, str] = {
        AccessAct.LOG_IN: _("登录"),
        AccessAct.LOG_IN_FAILED: _("登录失败"),
        AccessAct.LOCKED_OUT: _("多次失败，暂时锁定"),
        AccessAct.LOG_OUT: _("退出"),
        AccessAct.LOG_IN_ENDED: _("登录被终止"),
        AccessAct.SET_PASSWORD: _("设置口令"),
        AccessAct.GIVE_PASSWORD: _("重置口令"),
        AccessAct.SET_UP_SECOND_FACTOR: _("启用动态码"),
        AccessAct.REMOVE_SECOND_FACTOR: _("停用动态码"),
        AccessAct.INVITE: _("发出邀请"),
        AccessAct.USE_INVITATION: _("使用邀请"),
        AccessAct.MAKE_TOKEN: _("建立接口令牌"),
        AccessAct.USE_TOKEN: _("首次使用接口令牌"),
        AccessAct.END_TOKEN: _("停用接口令牌"),
        AccessAct.TURNED_AWAY: _("越权访问被拒"),
        AccessAct.READ_LOG: _("导出访问记录"),
    }
    return words.get(act, act)


def access_detail_word(detail: str) -> str:
    """Return a reason in words; whatever else is told (a path, a name) stays as it is."""
    words: dict[str, str] = {
        "idle": _("闲置超时"),
        "too-old": _("登录时间已满"),
        "unknown": _("没有这个账号"),
        "wrong-password": _("口令不对"),
        "stale-password": _("一次性口令已过期"),
        "wrong-code": _("动态码不对"),
        "not-active": _("账号停用或待批准"),
        "own": _("本人"),
        "by-security-administrator": _("由安全管理员"),
    }
    return words.get(detail, detail)


def day_here(instant: datetime) -> date:
    """Return the day in Asia/Shanghai that an aware instant falls on."""
    return instant.astimezone(_HERE).date()
