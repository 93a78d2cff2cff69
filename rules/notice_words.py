"""The words of notices that papers, messages and lists use alike. They name rules and facts, never guilt."""

from datetime import date

from models.notice import NoticeLevel, NoticeState
from rules.escalation import Matter, Moot
from rules.texts import _
from rules.words import day_words


def level_name(level: NoticeLevel) -> str:
    """Return what a notice of this level is called."""
    return {
        NoticeLevel.BLUE: _("蓝色督办通知单"),
        NoticeLevel.ORANGE: _("橙色督办通知单"),
        NoticeLevel.RED: _("红色督办通知单"),
        NoticeLevel.ACCOUNTABILITY: _("问责建议"),
    }[level]


def notice_state_name(state: NoticeState) -> str:
    """Return how far a notice has got."""
    return {
        NoticeState.PREPARED: _("待签发"),
        NoticeState.ISSUED: _("已签发，待签收"),
        NoticeState.RECEIVED: _("已签收"),
        NoticeState.SET_ASIDE: _("已搁置"),
    }[state]


def matter_name(matter: Matter) -> str:
    """Return the rule that called for a notice, in a few words."""
    return {
        Matter.OVERDUE: _("逾期未完成"),
        Matter.FIRST_RED: _("进展亮红灯"),
        Matter.LIMIT_MISSED: _("上一件督办的时限已过，仍为红灯"),
        Matter.RED_TWO_PERIODS: _("连续两个季度末为红灯"),
        Matter.RED_THREE_PERIODS: _("连续三个季度末为红灯"),
        Matter.RED_AT_Q3: _("第三季度末为红灯"),
        Matter.YEAR_MISSED: _("年度任务跨年未完成"),
    }[matter]


def moot_words(moot: Moot) -> str:
    """Return why a prepared notice has no ground any more."""
    return {
        Moot.NOT_OPEN: _("任务已提交、办结、挂起或终止"),
        Moot.DUE_DAY_MOVED: _("任务期限已经改变"),
        Moot.OTHER_LEAD: _("任务已由另一单位牵头"),
        Moot.NOT_RED: _("任务已不在应督办的红灯之列"),
        Moot.HIGHER_ONE: _("同一事项已有更高一级的通知单"),
    }[moot]


def usual_demand(level: NoticeLevel, limit_on: date | None, *, is_overdue: bool) -> str:
    """Return what a notice of this level demands where the issuing person says nothing else: to finish what is overdue, to catch up with what is not.

    A proposal has no limit.
    """
    if level is NoticeLevel.ACCOUNTABILITY or limit_on is None:
        return _("请依照规定和程序，研究是否就上述情况启动问责程序；研究时请听取责任单位的说明和申辩。")
    words = _to_finish(level) if is_overdue else _to_catch_up(level)
    return words.format(limit=day_words(limit_on))


def _to_finish(level: NoticeLevel) -> str:
    return {
        NoticeLevel.BLUE: _(
            "请分管负责人阅办，查明原因，于{limit}（含当日）前完成任务并申请办结；"
            "届时确实不能完成的，请同样在此前书面说明原因、已采取的措施和预计完成时间。"
        ),
        NoticeLevel.ORANGE: _(
            "请主要负责人阅处、分管负责人督促落实，于{limit}（含当日）前完成任务并申请办结，"
            "同时提交经主要负责人签批的书面说明，写明未按期完成的原因、整改措施和完成时间。"
        ),
        NoticeLevel.RED: _(
            "请主要负责人牵头研究解决，于{limit}（含当日）前完成任务并申请办结，并书面报告办理结果。"
            "督查机构建议就此事约谈，是否约谈及时间另行通知；本事项列入督查通报。"
        ),
    }[level]


def _to_catch_up(level: NoticeLevel) -> str:
    return {
        NoticeLevel.BLUE: _(
            "请分管负责人阅办，查明原因，采取措施，于{limit}（含当日）前消除上述红灯情形并填报进展；"
            "届时确实不能消除的，请同样在此前书面说明原因、已采取的措施和预计赶上进度的时间。"
        ),
        NoticeLevel.ORANGE: _(
            "请主要负责人阅处、分管负责人督促落实，于{limit}（含当日）前消除上述红灯情形并填报进展，"
            "同时提交经主要负责人签批的书面说明，写明原因、整改措施和预计赶上进度的时间。"
        ),
        NoticeLevel.RED: _(
            "请主要负责人牵头研究解决，于{limit}（含当日）前消除上述红灯情形，并书面报告办理结果。"
            "督查机构建议就此事约谈，是否约谈及时间另行通知；本事项列入督查通报。"
        ),
    }[level]
