"""What `duban doctor` looks at, line by line: each says how one part stands and what to do. Nothing is changed and nothing is sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from models.notice import MessageState
from models.publication import SlotState
from models.unit import Unit
from rules.calendar import calendar_is_known, working_days_until
from rules.errors import DubanError
from rules.texts import _
from runtime.backing_up import is_own_backup
from runtime.clock import day_of
from runtime.context import Context
from runtime.database import reading
from runtime.jobs import JOBS
from runtime.machine_health import check_channels, check_disk, check_fonts, check_secrets
from runtime.operations_health import check_operations
from runtime.operators import failures
from runtime.sealing import seal_words, seals_that_do_not_fit
from runtime.template_health import check_templates
from services.health import Health, health_of
from services.seals import last_seal_day
from services.unit_loads import wrong_counts

_LATE_DAYS = 3
_MINUTES_AHEAD = timedelta(minutes=5)
_MOST_NAMED = 5


class Level(StrEnum):
    """How grave a line is: `PROBLEM` is something that does not work now."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Line:
    """How one part stands. `advice` says what to do, empty where nothing is to be done."""

    part: str
    level: Level
    words: str
    advice: str = ""


def examine(context: Context, at: datetime) -> list[Line]:
    """Return the lines about this installation at an instant. A look that breaks down is a line itself."""
    with reading(context.engine) as session:
        health = health_of(session)
        broken = [seal_words(one) for one in seals_that_do_not_fit(session, context.settings)]
    day = day_of(at)
    looks: Sequence[Callable[[], Iterator[Line]]] = (
        partial(_ledger, health, broken),
        partial(_clock, health, at),
        partial(_machine, context),
        partial(_operations, context, at),
        partial(_holidays, day),
        partial(_addresses, health),
        partial(_unit_counts, context),
        partial(_messages, health, day),
        partial(_flows, context, health, day),
        partial(_seal_and_backup, context, health, day),
    )
    return [Line("database", Level.OK, _("数据库可用，版本相符")), *(line for look in looks for line in look())]


def refused_line(error: DubanError) -> Line:
    """Return the line of a database or setting that lets nothing else be looked at."""
    return Line("database", Level.PROBLEM, error.message, _("先改正这一项，其他的才能检查"))


def _ledger(health: Health, broken: Sequence[str]) -> Iterator[Line]:
    if health.headless_chains:
        named = _("、").join(health.headless_chains[:_MOST_NAMED])
        yield Line(
            "ledger", Level.PROBLEM, _("台账的链与链尾不符：{chains}").format(chains=named), _("运行 duban ledger verify，并与备份核对")
        )
    else:
        yield Line("ledger", Level.OK, _("台账 {count} 条，各链与链尾相符（逐条核对用 duban ledger verify）").format(count=health.entries))
    for words in broken:
        yield Line("seal", Level.PROBLEM, words, _("停止办理，查明谁能改数据库"))


def _clock(health: Health, at: datetime) -> Iterator[Line]:
    if health.last_entry_at and health.last_entry_at > at + _MINUTES_AHEAD:
        text = _("时钟比台账最后一条慢 {minutes} 分钟").format(minutes=int((health.last_entry_at - at).total_seconds() // 60))
        yield Line("clock", Level.PROBLEM, text, _("校准服务器时钟（NTP），校准前不要办理"))
    else:
        yield Line("clock", Level.OK, _("时钟不早于台账最后一条"))


def _machine(context: Context) -> Iterator[Line]:
    for look in (check_channels, check_secrets, check_disk, check_fonts, check_templates):
        for part, level, words, advice in look(context.settings):
            yield Line(part, Level(level), words, advice)


def _operations(context: Context, at: datetime) -> Iterator[Line]:
    for part, level, words, advice in check_operations(context, at):
        yield Line(part, Level(level), words, advice)


def _holidays(day: date) -> Iterator[Line]:
    for year in (day.year, day.year + 1):
        if calendar_is_known(date(year, 1, 1)):
            yield Line("holidays", Level.OK, _("{year} 年的节假日已知").format(year=year))
        elif year == day.year or day.month >= 10:
            text = _("{year} 年的节假日不知道，只按周一至周五计算").format(year=year)
            yield Line("holidays", Level.WARNING, text, _("国务院的放假通知印发后运行 duban holidays import"))


def _addresses(health: Health) -> Iterator[Line]:
    if health.unreached:
        names = _("、").join(health.unreached[:_MOST_NAMED])
        text = _("{count} 个有任务的单位没有联系人：{names}").format(count=len(health.unreached), names=names)
        yield Line("units", Level.WARNING, text, _("用 duban unit contact 登记"))
    else:
        yield Line("units", Level.OK, _("有任务的单位都有联系人"))
    if health.office_with_address:
        names = _("、").join(health.office_with_address[:_MOST_NAMED])
        yield Line("office", Level.OK, _("收每日摘要的账号：{names}").format(names=names))
    else:
        yield Line("office", Level.WARNING, _("督查和计划部门没有人收每日摘要"), _("用 duban account address 登记"))


def _unit_counts(context: Context) -> Iterator[Line]:
    with reading(context.engine) as session:
        wrong = sorted({unit_id for (unit_id, _state, _due_on), _kept, _counted in wrong_counts(session)})
        names = [session.get_one(Unit, unit_id).name for unit_id in wrong[:_MOST_NAMED]]
    if not wrong:
        yield Line("unit-counts", Level.OK, _("各单位的任务数与任务相符"))
        return
    text = _("{count} 个单位的任务数与任务不符：{names}").format(count=len(wrong), names=_("、").join(names))
    advice = _("查明谁绕过程序改了数据库；duban ledger verify 指出哪里不符，duban ledger rebuild 照台账重做各表和任务数")
    yield Line("unit-counts", Level.PROBLEM, text, advice)


def _messages(health: Health, day: date) -> Iterator[Line]:
    words = {MessageState.UNCERTAIN: _("不知是否送达"), MessageState.FAILED: _("没有送出"), MessageState.BOUNCED: _("被退回")}
    found = [_("{word} {count} 封").format(word=words[state], count=count) for state, count in health.messages.items() if count]
    if found:
        yield Line("messages", Level.WARNING, _("，").join(found), _("用 duban message list 查看，改正地址或决定是否重发"))
    if health.waiting_since and working_days_until(health.waiting_since, day) > 1:
        text = _("发件箱里有 {day} 的消息还没有送出").format(day=health.waiting_since)
        yield Line("messages", Level.PROBLEM, text, _("检查邮件设置和 duban serve，再运行 duban remind"))
    elif not found:
        yield Line("messages", Level.OK, _("没有送不出的消息"))


def _flows(context: Context, health: Health, day: date) -> Iterator[Line]:
    failed = {failure.flow: failure for failure in failures(context.settings) if not failure.is_over}
    for job in JOBS:
        slot, failure = health.slots.get(job.name), failed.get(job.name)
        if failure is not None:
            untold = _("；没能告诉运维人员：{why}").format(why=failure.untold) if failure.untold else ""
            text = _("{flow} {day} 没有办成：{words}").format(flow=job.name, day=failure.day, words=failure.words)
            yield Line("flows", Level.PROBLEM, text + untold, _("改正后运行 duban flows run {flow}").format(flow=job.name))
        elif slot is None:
            yield Line(
                "flows", Level.WARNING, _("{flow} 还没有运行过").format(flow=job.name), _("让 duban serve 或 duban flows worker 一直运行")
            )
        elif slot.state is SlotState.FAILED:
            text = _("{flow} 在 {slot} 没有办成：{why}").format(flow=job.name, slot=slot.slot, why=slot.summary.get("error", ""))
            yield Line("flows", Level.PROBLEM, text, _("改正后运行 duban flows run {flow}").format(flow=job.name))
        elif job.is_for_its_day and working_days_until(day_of(slot.started_at), day) > _LATE_DAYS:
            text = _("{flow} 最近一次在 {slot}").format(flow=job.name, slot=slot.slot)
            yield Line("flows", Level.WARNING, text, _("看 duban serve 或 duban flows worker 是否在运行"))
        else:
            yield Line("flows", Level.OK, _("{flow} 最近一次在 {slot}").format(flow=job.name, slot=slot.slot))


def _seal_and_backup(context: Context, health: Health, day: date) -> Iterator[Line]:
    del health
    sealed_on = last_seal_day(context.settings.seal_folders[-1])
    yield _fresh("seal", _("封存"), sealed_on, day, _("运行 duban ledger seal"))
    own = [place for place in context.settings.backups.glob("*.zip") if is_own_backup(place)]
    newest = max(own, default=None, key=lambda place: place.name)
    made_on = date.fromisoformat(newest.name[6:16]) if newest else None
    yield _fresh("backup", _("备份"), made_on, day, _("运行 duban flows run back-up"))


def _fresh(part: str, word: str, last: date | None, day: date, advice: str) -> Line:
    if last is None:
        return Line(part, Level.WARNING, _("还没有{word}").format(word=word), advice)
    level = Level.WARNING if (day - last).days > _LATE_DAYS else Level.OK
    return Line(part, level, _("最近一次{word}：{day}").format(word=word, day=last), advice if level is Level.WARNING else "")
