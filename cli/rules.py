"""`duban rules`: the numbers that judge and remind, by the day from which they hold and by what they hold for."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from models.plan import SourceKind
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET, HOUSE_SCOPE, RuleSet
from rules.texts import _
from rules.words import source_kind_word
from services.plans import plan_of
from services.rule_sets import (
    RuleSetRow,
    adopt_rule_set,
    list_rule_sets,
    plan_scope,
    rule_book_on,
    rule_set_on,
    source_rules_on,
    source_scope,
)

app = typer.Typer(no_args_is_help=True, add_completion=False)

OfPlan = Annotated[int | None, typer.Option("--plan", metavar="N", help=_("只对这个计划"))]
OfSource = Annotated[SourceKind | None, typer.Option("--source", help=_("只对这类来源的计划"))]


@app.command("list", help=_("列出各版规则、适用范围和生效日"))
def list_all(as_json: JsonOption = False) -> None:
    """List the versions, the house's first, each scope's in the order they take effect."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        rows = list_rule_sets(session)
    if as_json:
        print_json([{"version": row.version, "scope": row.scope, "effective_on": row.effective_on, "sha256": row.sha256} for row in rows])
        return
    heads = [_("版本"), _("适用"), _("生效日"), "SHA-256"]
    print_table(heads, [(row.version, scope_words(row.scope), row.effective_on or _("程序自带"), row.sha256[:12]) for row in rows])


@app.command("show", help=_("查看一版规则；不写版本则为当天所用的，可按计划或来源看"))
def show(
    version: Annotated[str | None, typer.Argument(metavar="VERSION", help=_("版本名"))] = None,
    plan: OfPlan = None,
    source: OfSource = None,
    as_json: JsonOption = False,
) -> None:
    """Show a version, or what holds on the day for the house, a plan or a kind of source, each number beside the program's own."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        if version:
            row = _named(list_rule_sets(session), version)
            content, sha256 = dict(row.content), row.sha256
        else:
            rules = _rules_on(session, desk.day, plan, source)
            content, sha256 = asdict(rules), rules.sha256
    if as_json:
        print_json({**content, "sha256": sha256})
        return
    own = asdict(DEFAULT_RULE_SET)
    rows = [(name, _said(value), "" if _said(value) == _said(own[name]) else _said(own[name])) for name, value in content.items()]
    print_table([_("项目"), _("数值"), _("程序自带的不同值")], rows)


@app.command("adopt", help=_("从某日起采用一版新规则；只写要改的项目"))
def adopt(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("JSON：版本名 version 和要改的数值；按计划或来源另定的，写 null 即恢复随全局"))
    ],
    from_day: Annotated[str, typer.Option("--from", metavar="DAY", help=_("从哪一天起：2014-01-01；不能是过去的日子"))],
    plan: OfPlan = None,
    source: OfSource = None,
) -> None:
    """Adopt a version; what the file leaves out stays as it is in force then."""
    content, scope = _content(file), _scope(plan, source)
    with open_desk() as desk, desk.acting() as (session, occasion):
        adopt_rule_set(session, content, parse_day(from_day), occasion, scope)
    text = _("规则 {version}（{scope}）自 {day} 起采用；以前的日子仍按当时的规则评定")
    say(text.format(version=content["version"], scope=scope_words(scope), day=from_day))


def _rules_on(session: Session, day: date, plan: int | None, source: SourceKind | None) -> RuleSet:
    _scope(plan, source)
    if source is not None:
        return source_rules_on(session, day, source)
    return rule_set_on(session, day) if plan is None else rule_book_on(session, day).of(plan_of(session, plan).id or 0)


def scope_words(scope: str) -> str:
    """Return what a version holds for."""
    kind, _dash, name = scope.partition("-")
    if kind == "plan":
        return _("计划 {id}").format(id=name)
    return _("来源：{kind}").format(kind=source_kind_word(SourceKind(name))) if kind == "source" else _("全局")


def _scope(plan: int | None, source: SourceKind | None) -> str:
    if plan is not None and source is not None:
        raise DubanError("bad-rules", _("--plan 和 --source 只能写一个"))
    if plan is not None:
        return plan_scope(plan)
    return HOUSE_SCOPE if source is None else source_scope(source)


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


def _named(found: list[RuleSetRow], version: str) -> RuleSetRow:
    row = next((row for row in found if row.version == version), None)
    if row is None:
        raise DubanError("unknown-rules", _("没有规则版本“{version}”，请用 duban rules list 查看").format(version=version))
    return row


def _said(value: object) -> str:
    return _("、").join(str(one) for one in value) if isinstance(value, tuple | list) else str(value)
