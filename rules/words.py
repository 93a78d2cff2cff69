"""Words that every paper, message and page uses alike: buckets, lights, days, periods and titles."""

import re
from datetime import date

from models.plan import SourceKind
from models.unit import ContactDuty
from rules.texts import _


def bucket_word(bucket: str) -> str:
    """Return the word for one of the seven buckets a bulletin counts in."""
    return {
        "done": _("已完成"),
        "ahead": _("超序时进度"),
        "on_pace": _("达序时进度"),
        "behind": _("滞后序时进度"),
        "overdue": _("逾期未完成"),
        "not_started": _("未启动"),
        "suspended": _("暂缓"),
    }[bucket]


def light_word(light: str) -> str:
    """Return the colour with its word, so that a black and white print says as much; an unknown light is shown as it is stored."""
    return {"green": _("绿灯"), "yellow": _("黄灯"), "red": _("红灯"), "grey": _("灰灯")}.get(light, light)


def period_words(period: str) -> str:
    """Return `2013Q3`, `2013H1`, `2013` or `2013-09` in words; anything else as written."""
    found = re.fullmatch(r"(\d{4})(?:Q([1-4])|H([12])|-(\d{2}))?", period)
    if not found:
        return period
    year, quarter, half, month = found.groups()
    if quarter:
        return (_("{year}年第一季度"), _("{year}年第二季度"), _("{year}年第三季度"), _("{year}年第四季度"))[int(quarter) - 1].format(
            year=year
        )
    if half:
        return (_("{year}年上半年"), _("{year}年下半年"))[int(half) - 1].format(year=year)
    if month:
        return _("{year}年{month}月").format(year=year, month=int(month))
    return _("{year}年").format(year=year)


def day_words(day: date) -> str:
    """Return the day in Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5)."""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def quoted(title: str) -> str:
    """Return a document's title in book title marks; marks inside it become single ones (GB/T 15834-2011, 4.15)."""
    bare = title.strip()
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        bare = bare[1:-1]
    return _("《{title}》").format(title=bare.replace("《", "〈").replace("》", "〉"))


def source_kind_word(kind: SourceKind) -> str:
    """Return what kind of document a plan is."""
    return {
        SourceKind.PLAN: _("计划"),
        SourceKind.DOCUMENT: _("文件"),
        SourceKind.MINUTES: _("会议纪要"),
        SourceKind.INSTRUCTION: _("领导批示"),
        SourceKind.PROPOSAL: _("建议提案"),
    }[kind]


def duty_word(duty: ContactDuty) -> str:
    """Return what a contact does in the unit."""
    return {
        ContactDuty.HANDLER: _("经办人"),
        ContactDuty.LIAISON: _("联络员"),
        ContactDuty.OFFICE: _("办公室"),
        ContactDuty.LEADER: _("分管领导"),
        ContactDuty.HEAD: _("主要负责人"),
    }[duty]


def channel_word(name: str) -> str:
    """Return the channel a message goes by in words: the house's mail, its folder of messages, else the robot's own name."""
    return {"mail": _("邮件"), "smtp": _("邮件"), "mail-folder": _("发件夹")}.get(name, name)
