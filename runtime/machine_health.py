"""Looks at the machine for `duban doctor`: can the mail server be reached, may others read the secrets, is there room, which fonts are papers set in.

Connects, and sends nothing.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from notify.channel import DeliveryError
from reports.fonts import advice, role_name, servings
from rules.errors import DubanError
from rules.texts import _
from runtime.channels import channels_file, routes_of
from runtime.settings import Settings

# Part, level (`ok`, `warning`, `problem`), words, advice.
Look = tuple[str, str, str, str]

_LITTLE_BYTES, _TOO_LITTLE_BYTES = 2 << 30, 200 << 20


def check_channels(settings: Settings) -> Iterator[Look]:
    """Open the mail and close it again; read the file of robots."""
    if settings.smtp_host is None:
        yield (
            "mail",
            "warning",
            _("没有设置邮件服务器，信件写成文件放在 {folder}").format(folder=settings.home / "outbox"),
            _("设置 DUBAN_SMTP_HOST"),
        )
    try:
        routes = routes_of(settings)
    except DubanError as error:
        yield "channels", "problem", error.message, _("改正通道文件或设置")
        return
    try:
        routes.mail.open()
        routes.mail.close()
    except DeliveryError as error:
        yield "mail", "problem", _("邮件送不出去：{why}").format(why=error), _("检查 DUBAN_SMTP_ 各项设置和网络")
    else:
        if settings.smtp_host is not None:
            yield "mail", "ok", _("邮件服务器 {host}:{port} 可用").format(host=settings.smtp_host, port=settings.smtp_port), ""
    if routes.robots:
        names = _("、").join(sorted(routes.robots))
        yield "channels", "ok", _("通道文件可读：{names}（试发用 duban channel test）").format(names=names), ""
    if settings.operator is None:
        yield "operator", "warning", _("没有设置运维人员的邮箱，流程失败时没有人知道"), _("设置 DUBAN_OPERATOR")


def check_secrets(settings: Settings) -> Iterator[Look]:
    """Look who may read the files that hold keys or the whole house."""
    if os.name != "posix":
        return
    database = settings.resolved_database_url.removeprefix("sqlite:///")
    places = [settings.home, settings.home / "prefect" / "api-key", channels_file(settings)]
    places += [Path(database)] if settings.resolved_database_url.startswith("sqlite:///") else []
    open_ = [place for place in places if place and place.exists() and place.stat().st_mode & _bits(place)]
    for place in open_:
        if place != settings.home and _is_shut(settings.home) and settings.home in place.parents:
            continue
        yield "secrets", "warning", _("别的用户能读 {path}").format(path=place), _("chmod go-rwx {path}").format(path=place)
    if not open_:
        yield "secrets", "ok", _("密钥和数据库只有本用户能读"), ""


def check_disk(settings: Settings) -> Iterator[Look]:
    """Look how much room there is where the house and its back-ups lie."""
    for place in dict.fromkeys((settings.home, *(one for one in (settings.backups,) if one.exists()))):
        free = shutil.disk_usage(place).free
        words = _("{path} 剩余 {size} MB").format(path=place, size=free >> 20)
        if free < _LITTLE_BYTES:
            yield "disk", "problem" if free < _TOO_LITTLE_BYTES else "warning", words, _("腾出空间，或把备份放到别的磁盘")
        else:
            yield "disk", "ok", words, ""


def check_fonts(settings: Settings) -> Iterator[Look]:
    """Look which typefaces PDF papers are set in: the ones the standard names, stand-ins, or none."""
    if settings.fonts is not None and not settings.fonts.is_dir():
        yield "fonts", "problem", _("没有 {folder} 这个字体文件夹").format(folder=settings.fonts), _("改正 DUBAN_FONTS")
    found = servings(settings.fonts)
    if not all(one.family for one in found):
        yield "fonts", "problem", _("没有中文字体，不能输出 PDF"), advice()
        return
    standard = [_("{role}用 {family}").format(role=role_name(one.role), family=one.family) for one in found if one.is_standard]
    stand_ins = [_("{role}用 {family}").format(role=role_name(one.role), family=one.family) for one in found if not one.is_standard]
    if standard:
        yield "fonts", "ok", _("PDF 用标准所列的字体：{fonts}").format(fonts=_("，").join(standard)), ""
    if stand_ins:
        words = _("PDF 用代替的字体：{fonts}").format(fonts=_("，").join(stand_ins))
        yield "fonts", "warning", words, _("要与标准一致，把单位有授权的字体放进 DUBAN_FONTS 所指的文件夹")


def _bits(place: Path) -> int:
    # Whoever may enter a folder, but not list it, still needs to know names.
    return stat.S_IRWXG | stat.S_IRWXO if place.is_file() else stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH


def _is_shut(home: Path) -> bool:
    return not home.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH)
