"""`duban doctor`: what is misconfigured, broken or about to be, and what to do about it."""

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import now
from runtime.doctor import Level, Line, examine, refused_line

app = typer.Typer(add_completion=False)


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Look at the installation."""
    lines = _lines()
    if as_json:
        print_json([{"part": line.part, "level": line.level.value, "message": line.words, "advice": line.advice} for line in lines])
    else:
        words = {Level.OK: _("正常"), Level.WARNING: _("注意"), Level.PROBLEM: _("问题")}
        print_table(
            [_("结果"), _("项目"), _("情况"), _("办法")], [(words[line.level], line.part, line.words, line.advice) for line in lines]
        )
    if any(line.level is Level.PROBLEM for line in lines):
        raise typer.Exit(3)


def _lines() -> list[Line]:
    try:
        with open_desk() as desk:
            return examine(desk.context, now())
    except DubanError as error:
        return [refused_line(error)]
