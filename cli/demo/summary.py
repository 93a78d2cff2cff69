"""The end of the example: a short table of what happened, and where every file is."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from cli.output import print_table, say
from models.ledger import LedgerEntry
from models.notice import Message, MessageState, Reminder
from models.publication import Publication
from models.task import Task
from reports.bulletin import BUCKETS
from rules.texts import _
from rules.words import bucket_word
from runtime.context import Context
from runtime.database import reading
from services.ledger import first_break


def print_summary(context: Context, home: Path) -> None:
    """Print what the database says happened, the last bulletin's counts, and the files."""
    with reading(context.engine) as session:
        print_table([_("经过"), _("数量")], _happenings(session), title=_("示例：2012 年 11 月下达，2013 年前三季度"))
        last = session.execute(select(col(Publication.period), col(Publication.view)).order_by(col(Publication.id).desc()).limit(1)).one()
    totals, shares = last.view["totals"], last.view["shares"]
    rows = [(bucket_word(name), totals[name], f"{shares[name]:.1f}%") for name in BUCKETS]
    print_table([_("{period} 通报").format(period=last.period), _("任务数"), _("占比")], rows)
    for name, place in _places(context, home):
        say(_("{name}：{place}").format(name=name, place=place))


def print_accounts(home: Path, passwords: Mapping[str, str]) -> None:
    """Print who can log in to the example's pages, each with a password that is good once."""
    say(_("看网页：DUBAN_HOME={home} duban serve，用下面的账号登录").format(home=home))
    print_table([_("账号"), _("一次性口令")], list(passwords.items()))


def _happenings(session: Session) -> list[tuple[str, object]]:
    def count(table: type, *where: object) -> int:
        return int(session.execute(select(func.count()).select_from(table).where(*where)).scalar_one())  # type: ignore[arg-type]

    def acts(act: str) -> int:
        return count(LedgerEntry, col(LedgerEntry.act) == act)

    return [
        (_("下达任务"), count(Task)),
        (_("签收"), acts("acknowledge")),
        (_("进展填报"), acts("report")),
        (_("申请办结"), acts("submit")),
        (_("退回"), acts("return")),
        (_("办结"), acts("complete")),
        (_("提醒事项"), count(Reminder)),
        (_("提醒邮件（已发）"), count(Message, col(Message.state) == MessageState.SENT)),
        (_("印发通报"), count(Publication)),
        (_("台账记录"), count(LedgerEntry)),
        (_("台账核对"), _("逐条相符") if first_break(session) is None else _("有记录对不上")),
    ]


def _places(context: Context, home: Path) -> list[tuple[str, Path]]:
    return [
        (_("审核工作簿"), home / "draft-review.xlsx"),
        (_("提醒邮件"), home / "outbox"),
        (_("通报文件"), context.bulletin_folder),
        (_("数据库"), home / "duban.db"),
    ]
