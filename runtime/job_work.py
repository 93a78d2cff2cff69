"""The work of each job that runs by itself: one service put together with its folder, channels and clock, and its result in figures and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.notice import MessageState
from models.publication import DraftState
from rules.calendar import is_working_day, nth_working_day
from rules.errors import DubanError
from rules.periods import parse_period, period_after, period_before, quarter_of
from rules.rule_set import DEFAULT_RULE_SET, RuleSet
from rules.sending_hours import is_sending_hour
from rules.texts import _
from runtime.backing_up import back_up_by_itself
from runtime.channels import routes_of
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import reading, transaction
from runtime.gate import Outcome, OutcomeTable
from runtime.reminding import run_delivery
from runtime.sealing import seal_now
from services.bulletins.counting import BulletinOrder
from services.bulletins.drafting import bulletin_of, draft_bulletin, open_draft
from services.bulletins.publishing import addressees, is_published, publish_draft
from services.delivery_rows import MessageRow, message_rows
from services.occasion import SYSTEM, Occasion
from services.once import forget_old
from services.papers.filing import write_files
from services.remind_report import RemindedMessage, RemindReport


@dataclass(frozen=True)
class When:
    """The day a run works for, and the aware instant it was scheduled for."""

    day: date
    at: datetime


def nothing_against(_context: Context, _when: When) -> None:
    """Find nothing that speaks against running."""
    return


def rest_day(_context: Context, when: When) -> str | None:
    """Say that nobody is reminded or urged on a rest day."""
    return None if is_working_day(when.day) else _("{day} 不是工作日，不办理").format(day=when.day)


def rest_or_quiet(context: Context, when: When) -> str | None:
    """Say that nothing leaves the house by itself on a rest day, or at an hour that is not for sending."""
    at = now()
    quiet = None if is_sending_hour(at, context.rules_on(when.day)) else _("现在不是发送时段，不办理")
    return rest_day(context, when) or quiet


def outcome_of_reminding(report: RemindReport, when: When) -> Outcome:
    """Return what came of the day's reminders.

    Messages that a mail server did not take yet are tried again; while some still wait the work is not done, which is refused with reminders-waiting.
    """
    waiting = [message for message in report.not_sent if message.code in ("waiting", "postponed")]
    if waiting:
        text = _("{count} 件提醒还没有发出（{reason}），请检查邮件设置，再运行 duban remind")
        raise DubanError("reminders-waiting", text.format(count=len(waiting), reason=waiting[0].reason))
    groups = {_("已发"): report.sent, _("未发"): report.not_sent, _("不知是否送达"): report.uncertain}
    tables = [OutcomeTable.of(word, _reminded_heads(), [_reminded(one) for one in told]) for word, told in groups.items() if told]
    return Outcome({_("日期"): when.day.isoformat()} | {word: len(told) for word, told in groups.items()}, tuple(tables))


def _reminded_heads() -> Sequence[str]:
    return (_("编号"), _("收件"), _("地址"), _("提醒"), _("说明"))


def _reminded(message: RemindedMessage) -> tuple[object, ...]:
    who = message.name if message.unit in ("", message.name) else _("{unit} {name}").format(unit=message.unit, name=message.name)
    return (message.message_id or "", who, message.address, len(message.lines), message.reason or "")


def deliver_waiting(context: Context, when: When) -> Outcome:
    """Hand over what waits in the outbox. Refused with channel-down where a channel could not be used and nothing left the house."""
    report = run_delivery(context.settings, context.engine, when.day)
    if report.channel_errors and not report.sent:
        raise DubanError("channel-down", _("有消息在等，渠道不能用：{why}").format(why=_("；").join(report.channel_errors.values())))
    told = [*report.sent, *report.failed, *report.uncertain, *report.postponed]
    with reading(context.engine) as session:
        rows = message_rows(session, told)
    sent = [row for row in rows if row.state is MessageState.SENT]
    others = [row for row in rows if row.state is not MessageState.SENT]
    tables = [OutcomeTable.of(word, _message_heads(), [_row(one) for one in some]) for word, some in _sent_or_not(sent, others) if some]
    figures = {_("已发"): len(report.sent), _("未发"): len(report.failed), _("稍后再试"): len(report.postponed)}
    return Outcome({**figures, _("不知是否送达"): len(report.uncertain)}, tuple(tables))


def _sent_or_not(sent: Sequence[MessageRow], others: Sequence[MessageRow]) -> Sequence[tuple[str, Sequence[MessageRow]]]:
    return ((_("已发"), sent), (_("未发"), others))


def _message_heads() -> Sequence[str]:
    return (_("编号"), _("收件"), _("地址"), _("渠道"), _("标题"), _("说明"))


def _row(row: MessageRow) -> tuple[object, ...]:
    return (row.id, row.name, row.address, row.channel, row.subject, row.error)


def seal_ledger(context: Context, when: When) -> Outcome:
    """Prove the ledger whole, the seals of earlier days too, and seal it."""
    sealed = seal_now(context, Occasion(SYSTEM, when.day, now()))
    figures: dict[str, str | int] = {_("日期"): when.day.isoformat(), _("记录"): sealed.seal.content["entries"]}
    return Outcome({**figures, _("链"): len(sealed.seal.content["chains"]), _("封存"): sealed.seal.sha256})


def back_up(context: Context, when: When) -> Outcome:
    """Write a back-up of the day, read it back, and remove the oldest ones; forms' keys that are past use are forgotten before."""
    with transaction(context.engine) as session:
        forget_old(session, now())
    made = back_up_by_itself(context, when.day)
    figures: dict[str, str | int] = {_("文件"): made.place.name, _("行"): made.manifest.row_count, _("存档文件"): made.manifest.file_count}
    return Outcome({**figures, _("字节"): made.place.stat().st_size, _("清理旧备份"): len(made.removed)})


def bulletin_slot(when: When) -> str:
    """Return the slot of the bulletin that a run publishes: the quarter before its day."""
    return period_before(quarter_of(when.day)).code


def bulletin_opens_on(period: str, rules: RuleSet = DEFAULT_RULE_SET) -> date:
    """Return the first day on which the bulletin of `period` is published: a number of working days into the next period."""
    return nth_working_day(period_after(parse_period(period)).starts_on, rules.bulletin_day)


def no_bulletin_yet(context: Context, when: When, period: str | None = None) -> str | None:
    """Say that the bulletin's day has not come, or that its draft waits for a person."""
    asked = parse_period(period or bulletin_slot(when)).code
    opened_on = bulletin_opens_on(asked, context.rules_on(when.day))
    if when.day < opened_on:
        return _("{period} 的通报自 {day} 起办理").format(period=asked, day=opened_on)
    with reading(context.engine) as session:
        draft = open_draft(session, asked)
    if draft is not None and draft.state is DraftState.DRAFT:
        return _("{period} 的通报稿已于 {day} 拟好，等待批准").format(period=asked, day=draft.drafted_on)
    return None


def advance_bulletin(context: Context, when: When, period: str | None = None) -> Outcome:
    """Take the bulletin of all plans one step further: draft it, or publish the draft that a person has approved.

    A draft that waits for a person is left alone; a bulletin that a person has published already stays the only one.
    """
    asked = parse_period(period or bulletin_slot(when))
    order = BulletinOrder(asked, None, context.rules_on(asked.ends_on))
    with transaction(context.engine) as session:
        if is_published(session, asked.code):
            return Outcome({_("期间"): asked.code, _("结果"): _("此前已印发")})
        draft = open_draft(session, asked.code)
        if draft is None:
            draft = draft_bulletin(session, order, Occasion(SYSTEM, when.day, now()))
        if draft.state is not DraftState.APPROVED or draft.approved_on is None:
            return Outcome({_("期间"): asked.code, _("结果"): _("已拟稿，等待批准")}, is_final=False)
        # A run that was suspended keeps its day; nothing is published before it was approved.
        occasion = Occasion(SYSTEM, max(when.day, draft.approved_on), now())
        plan = addressees(session, bulletin_of(draft), routes_of(context.settings), occasion.day)
        published = publish_draft(session, draft, context.press, occasion, plan)
    files = write_files(published.files, context.store, context.bulletin_folder)
    figures: dict[str, str | int] = {_("期间"): asked.code, _("期号"): published.number}
    left_out = {_("未编的格式"): _("；").join(published.left_out.values())} if published.left_out else {}
    return Outcome(
        {**figures, _("任务"): published.view.totals.tasks, _("文件"): len(files), _("待发消息"): len(published.messages), **left_out}
    )


def is_over(when: When) -> bool:
    """Tell whether a run comes too late for its day: what it would do, today's run does."""
    return when.day < today()
