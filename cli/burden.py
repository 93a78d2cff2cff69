"""`duban burden`: how much each unit was asked for in a quarter."""

from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table
from rules.errors import DubanError
from rules.periods import parse_period, quarter_of
from rules.texts import _
from services.burden import read_burden

app = typer.Typer(add_completion=False)


@app.command()
def burden(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help=_("哪一季度，如 2013Q3"))],
    as_json: JsonOption = False,
) -> None:
    """Show the burden of a quarter."""
    quarter = parse_period(period)
    if quarter_of(quarter.starts_on) != quarter:
        raise DubanError("bad-period", _("负担按季度计，期间请写成 {code}").format(code=quarter_of(quarter.ends_on).code))
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = read_burden(session, quarter, desk.day, actor)
    if as_json:
        print_json([{**vars(row), "change": row.change} for row in rows])
        return
    heads = [_("单位"), _("应填项数"), _("比上季"), _("次数"), _("签收"), _("填报"), _("督办单"), _("填报表")]
    cells = [(r.unit, r.fields, f"{r.change:+d}" if r.change else "0", r.askings, r.receipts, r.reports, r.notices, r.forms) for r in rows]
    print_table(heads, cells)
    note(_("应填项数按所提的要求计算：签收 1 项，进展为指标数加 3 项，督办单 1 项，填报表按格计；“没有变化”一次即可答完"))
