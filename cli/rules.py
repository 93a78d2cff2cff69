"""`duban rules`: the numbers that judge, by the day from which they hold."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET, RuleSet
from rules.texts import _
from services.rule_sets import adopt_rule_set, list_rule_sets, rule_set_on

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", help=_("列出各版规则和生效日"))
def list_all(as_json: JsonOption = False) -> None:
    """List the rule sets in the order they take effect."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        rows = list_rule_sets(session)
    if as_json:
        print_json([{"version": row.rules.version, "effective_on": row.effective_on, "sha256": row.rules.sha256} for row in rows])
        return
    heads = [_("版本"), _("生效日"), "SHA-256"]
    print_table(heads, [(row.rules.version, row.effective_on or _("程序自带"), row.rules.sha256[:12]) for row in rows])


@app.command("show", help=_("查看一版规则；不写版本则为当天所用的"))
def show(version: Annotated[str | None, typer.Argument(metavar="VERSION", help=_("版本名"))] = None, as_json: JsonOption = False) -> None:
    """Show a rule set, each number beside the program's own."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        rules = _named([row.rules for row in list_rule_sets(session)], version) if version else rule_set_on(session, desk.day)
    if as_json:
        print_json({**asdict(rules), "sha256": rules.sha256})
        return
    own = asdict(DEFAULT_RULE_SET)
    rows = [(name, _said(value), "" if value == own[name] else _said(own[name])) for name, value in asdict(rules).items()]
    print_table([_("项目"), _("数值"), _("程序自带的不同值")], rows)


@app.command("adopt", help=_("从某日起采用一版新规则；只写要改的项目"))
def adopt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("JSON：版本名 version 和要改的数值"))],
    from_day: Annotated[str, typer.Option("--from", metavar="DAY", help=_("从哪一天起：2014-01-01；不能是过去的日子"))],
) -> None:
    """Adopt a version; what the file leaves out stays as it is in force then."""
    content = _content(file)
    with open_desk() as desk, desk.acting() as (session, occasion):
        rules = adopt_rule_set(session, content, parse_day(from_day), occasion)
    say(_("规则 {version} 自 {day} 起采用；以前的日子仍按当时的规则评定").format(version=rules.version, day=from_day))


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DubanError("file-unreadable", _("“{name}”打不开：{reason}").format(name=file.name, reason=error.strerror)) from None
    except ValueError:
        raise DubanError("bad-rules", _("“{name}”不是 JSON；应如 {example}").format(name=file.name, example=_EXAMPLE)) from None
    if not isinstance(content, dict) or "version" not in content:
        raise DubanError("bad-rules", _("“{name}”里没有版本名 version；应如 {example}").format(name=file.name, example=_EXAMPLE))
    return content


_EXAMPLE = '{"version": "2014-1", "yellow_gap_pp": 5}'


def _named(found: list[RuleSet], version: str) -> RuleSet:
    rules = next((rules for rules in found if rules.version == version), None)
    if rules is None:
        raise DubanError("unknown-rules", _("没有规则版本“{version}”，请用 duban rules list 查看").format(version=version))
    return rules


def _said(value: object) -> str:
    return _("、").join(str(one) for one in value) if isinstance(value, tuple) else str(value)
