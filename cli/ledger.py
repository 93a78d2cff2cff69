"""`duban ledger`: proof that nothing was changed, lost or slipped in."""

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, say
from rules.errors import DubanError
from rules.texts import _
from services.ledger import count_entries, first_break

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def ledger() -> None:
    """Keep `verify` a command of its own."""


@app.command("verify", help=_("逐条核对台账；指出第一条对不上的记录"))
def verify(as_json: JsonOption = False) -> None:
    """Verify every chain."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        found, count = first_break(session), count_entries(session)
    if as_json:
        print_json({"entries": count, "break": found})
        if found:
            raise typer.Exit(1)
    elif found:
        reasons = {"missing": _("前面缺少记录"), "unlinked": _("与前一条对不上"), "changed": _("内容被改动")}
        text = _("{chain} 的第 {seq} 条记录：{why}").format(chain=found.chain, seq=found.seq, why=reasons[found.why])
        raise DubanError("ledger-broken", text)
    else:
        say(_("台账完整：共 {count} 条记录，逐条相符").format(count=count))
