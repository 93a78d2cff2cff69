"""Looks at what keeps an installation running, for `duban doctor`: store, database server, back-ups, log, and who can reach it from outside."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import day_of
from runtime.context import Context
from runtime.database import reading
from runtime.machine_health import Look
from runtime.nearness import is_loopback
from runtime.settings import Settings
from services.ledger import ACCESS

_MOST_APART_SECONDS = 60
_OLDEST_SERVER = 14
# Pages, a scheduler's runs and commands beside each other; and some that the server keeps for its own people.
_POOLS, _SPARE = 2, 5


def check_operations(context: Context, at: datetime) -> Iterator[Look]:
    """Give the lines; only the store is written to, a small file that is removed again."""
    yield from _store(context)
    yield from _backup_place(context.settings)
    if context.engine.dialect.name == "postgresql":
        yield from _postgresql(context, at)
    yield from _retention(context)
    yield from _log(context.settings)
    yield from _reach(context.settings)


def _store(context: Context) -> Iterator[Look]:
    try:
        context.store.prove()
    except DubanError as error:
        yield "store", "problem", error.message, _("检查 DUBAN_STORE_ 各项设置、网络和磁盘")
        return
    yield "store", "ok", _("存档文件库 {where} 可读可写").format(where=context.store.where), ""
    if context.store.folder is None:
        text = _("存档文件在 {where}，备份里只有清单")
        yield "store", "warning", text.format(where=context.store.where), _("让存储服务器保留旧版本，或定期 duban store copy 到另一处")


def _backup_place(settings: Settings) -> Iterator[Look]:
    folder = settings.backups if settings.backups.exists() else settings.backups.parent
    if folder.exists() and settings.home.exists() and folder.stat().st_dev == settings.home.stat().st_dev:
        text = _("备份与数据在同一块磁盘上：{folder}")
        yield "backup", "warning", text.format(folder=settings.backups), _("把 DUBAN_BACKUP_FOLDER 指向另一台机器或另一块磁盘")


def _postgresql(context: Context, at: datetime) -> Iterator[Look]:
    with reading(context.engine) as session:
        version, most = (int(_shown(session, name)) for name in ("server_version_num", "max_connections"))
        told_at = session.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    major, needed = version // 10_000, context.settings.pool_size * _POOLS + _SPARE
    if major < _OLDEST_SERVER:
        yield "postgresql", "warning", _("PostgreSQL {major} 已停止维护").format(major=major), _("升级数据库服务器")
    if most < needed:
        text = _("PostgreSQL 最多 {most} 个连接，两个进程可能用到 {needed} 个")
        yield "postgresql", "warning", text.format(most=most, needed=needed), _("调大 max_connections")
    else:
        yield "postgresql", "ok", _("PostgreSQL {major}，最多 {most} 个连接").format(major=major, most=most), ""
    if abs((told_at - at).total_seconds()) > _MOST_APART_SECONDS:
        text = _("数据库服务器的时钟与本机相差 {seconds} 秒")
        yield "clock", "problem", text.format(seconds=int(abs((told_at - at).total_seconds()))), _("两台都用 NTP 校准")
    yield from _pg_dump(major)


def _pg_dump(major: int) -> Iterator[Look]:
    program = shutil.which("pg_dump")
    found = _major_of(program) if program else None
    if found is None:
        yield "pg_dump", "warning", _("没有找到 pg_dump，升级前不能自动备份旧版数据库"), _("安装与服务器同版的 postgresql-client")
    elif found < major:
        text = _("pg_dump 是 {found} 版，比服务器（{major}）旧，用不了")
        yield "pg_dump", "warning", text.format(found=found, major=major), _("安装与服务器同版的 postgresql-client")
    else:
        yield "pg_dump", "ok", _("pg_dump {found} 可用").format(found=found), ""


def _major_of(program: str) -> int | None:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    numbers = [word.partition(".")[0] for word in told.split() if word[:1].isdigit()]
    return int(numbers[0]) if numbers and numbers[0].isdigit() else None


def _retention(context: Context) -> Iterator[Look]:
    chain = sa.select(sa.func.min(col(LedgerEntry.at)), sa.func.min(col(LedgerEntry.seq)), sa.func.count()).where(
        col(LedgerEntry.chain) == ACCESS
    )
    with reading(context.engine) as session:
        since, first, count = session.execute(chain).tuples().one()
    if since is None:
        yield "retention", "ok", _("还没有访问记录"), ""
    elif first != 1:
        yield "retention", "problem", _("访问记录缺了开头，最早的是第 {first} 条").format(first=first), _("与备份核对，查明谁能改数据库")
    else:
        text = _("访问记录自 {day} 起都在，共 {count} 条；程序从不删除")
        yield "retention", "ok", text.format(day=day_of(since), count=count), ""


def _log(settings: Settings) -> Iterator[Look]:
    if settings.log_level in ("warning", "error"):
        text = _("运行日志只记 {level} 以上，请求和流程的运行不在里面")
        yield "log", "warning", text.format(level=settings.log_level), _("设置 DUBAN_LOG_LEVEL=info")
    if settings.log_file is None:
        yield "log", "ok", _("运行日志写到标准错误输出（{form}）").format(form=settings.log.value), ""
    elif not _is_writable(settings.log_file):
        yield "log", "problem", _("运行日志写不进 {file}").format(file=settings.log_file), _("改正 DUBAN_LOG_FILE 或文件夹的权限")
    else:
        yield "log", "ok", _("运行日志写到 {file}（{form}）").format(file=settings.log_file, form=settings.log.value), ""


def _is_writable(file: Path) -> bool:
    try:
        with file.open("a"):
            return True
    except OSError:
        return False


def _reach(settings: Settings) -> Iterator[Look]:
    if not is_loopback(settings.host) and settings.public_url is None:
        text = _("监听 {host}，但没有设置对外的地址，什么主机名都会应答，消息里也没有链接")
        yield "reach", "warning", text.format(host=settings.host), _("设置 DUBAN_PUBLIC_URL")
    if settings.plain_http and not is_loopback(settings.host):
        yield "reach", "warning", _("网页不加密就能从别的机器访问"), _("在前面放一个提供 https 的反向代理，去掉 DUBAN_PLAIN_HTTP")
    if settings.public_url and is_loopback(settings.host) and not settings.proxies:
        text = _("对外的地址是 {url}，但没有设置可信的反向代理，访问记录里全是代理的地址")
        yield "reach", "warning", text.format(url=settings.public_url), _("设置 DUBAN_PROXIES")
    who = _("带有令牌的机器和本机") if settings.metrics_token else _("只有本机")
    yield "metrics", "ok", _("谁能读取 /metrics：{who}").format(who=who), ""


def _shown(session: Session, name: str) -> str:
    return str(session.execute(sa.text("SELECT current_setting(:name)"), {"name": name}).scalar_one())
