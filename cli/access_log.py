"""`duban access-log`: who came in, from where, and who was turned away."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, note, print_json, print_table, say
from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import TIMEZONE
from services.access.access_log import LogFilter, export_access_log, read_access_log

app = typer.Typer(no_args_is_help=True, add_completion=False)

AccountOption = Annotated[str | None, typer.Option("--of", metavar="ACCOUNT", help=_("只看这个账号"))]
ActOption = Annotated[str | None, typer.Option("--act", metavar="ACT", help=_("只看这种事项，如 log-in-failed"))]
AddressOption = Annotated[str | None, typer.Option("--address", metavar="ADDRESS", help=_("只看来自这个地址的"))]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DATE", help=_("自哪一天（含）"))]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("至哪一天（含）"))]


@app.command("list", help=_("列出访问记录，新的在前（审计管理员）"))
def list_all(
    account: AccountOption = None,
    act: ActOption = None,
    address: AddressOption = None,
    from_day: FromOption = None,
    until_day: UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=_("最多列出几条"))] = 100,
    before: Annotated[int | None, typer.Option(metavar="NUMBER", help=_("接着往前看：只看序号小于它的"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List entries."""
    wanted = _filter(account, act, address, (from_day, until_day))
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = read_access_log(session, wanted, before, limit, actor)
    if as_json:
        print_json(rows)
        return
    heads = [_("序号"), _("时间"), _("事项"), _("账号"), _("地址"), _("说明")]
    print_table(
        heads,
        [
            (row.seq, f"{row.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}", row.words, row.account, row.address, row.detail_words)
            for row in rows
        ],
    )
    if len(rows) == limit:
        note(_("还有更早的：加 --before {seq} 接着看").format(seq=rows[-1].seq))


@app.command("export", help=_("导出为 CSV 文件；导出本身也记入访问记录（审计管理员）"))
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("写到哪个文件"))],
    account: AccountOption = None,
    act: ActOption = None,
    address: AddressOption = None,
    from_day: FromOption = None,
    until_day: UntilOption = None,
) -> None:
    """Write entries to a file."""
    wanted = _filter(account, act, address, (from_day, until_day))
    count = 0
    with open_desk() as desk, desk.acting() as (session, occasion):
        lines = export_access_log(session, wanted, occasion)
        with file.open("w", encoding="utf-8", newline="") as written:
            for count, line in enumerate(lines):  # noqa: B007  (the head is no entry: the last number is their count)
                written.write(line)
    say(_("已写入 {path}：{count} 条").format(path=file, count=count))


def _filter(account: str | None, act: str | None, address: str | None, days: tuple[str | None, str | None]) -> LogFilter:
    if act is not None and act not in set(AccessAct):
        text = _("没有事项“{act}”，可用的有：{acts}")
        raise DubanError("unknown-access-act", text.format(act=act, acts=_("、").join(one.value for one in AccessAct)))
    first, last = (parse_day(day) if day else None for day in days)
    return LogFilter(account, AccessAct(act) if act else None, address, first, last)
