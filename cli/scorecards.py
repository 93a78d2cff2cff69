"""`duban scorecard`: a year's appraisal by a scheme, looked at, marked and issued."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.default_command import ShowByDefault
from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from cli.papers import FormatOption, OutputOption, YesOption, is_agreed, write_paper
from reports.imprint import Imprint
from reports.scorecard import Scorecard, as_json
from reports.scorecard_paper import overall_table, scorecard_paper
from reports.words import cell_words
from rules.errors import DubanError
from rules.scheme_reading import guarded_parts, scheme_from
from rules.scoring_scheme import Scheme
from rules.texts import _
from services.papers.filing import write_files
from services.scoring.adopting import SchemeRow, adopt_scheme, list_schemes, scheme_for
from services.scoring.compiling import ScorecardOrder, compile_scorecard
from services.scoring.issuing import Issue, issue_scorecard
from services.scoring.marking import MarkInput, put_mark
from services.units import unit_named

app = typer.Typer(cls=ShowByDefault, no_args_is_help=True, add_completion=False)

Year = Annotated[int, typer.Argument(metavar="YEAR", help=_("年度，如 2013"))]
SchemeCode = Annotated[str | None, typer.Option("--scheme", metavar="CODE", help=_("考评办法；不写则为该年唯一采用的"))]
Rank = Annotated[bool, typer.Option("--rank", help=_("排名次；办法中须写明 ranking"))]
SchemeFile = Annotated[Path, typer.Argument(metavar="FILE", help=_("考评办法（JSON）"))]


@app.command("show", help=_("按台账计分（预览，不编号）：duban scorecard 2013"))
def show(
    year: Year,
    scheme: SchemeCode = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", metavar="NAME", help=_("只看这些单位"))] = None,
    rank: Rank = False,
    face: FormatOption = None,
    output: OutputOption = None,
    as_json_: JsonOption = False,
) -> None:
    """Show a scorecard, or write it into a file."""
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            unit_ids = tuple(unit_named(session, name) for name in unit) if unit else None
            card = compile_scorecard(session, ScorecardOrder(year, scheme, rank, actor, unit_ids), desk.day)
        if as_json_:
            print_json(as_json(card))
        elif face or output:
            write_paper(desk, scorecard_paper(card, Imprint(desk.context.settings.office)), face, output)
        else:
            _print_card(card)


def _print_card(card: Scorecard) -> None:
    text = _("{year}年度考评（{title}，{version}版），截至 {as_of}")
    say(text.format(year=card.year, title=card.scheme.title, version=card.scheme.version, as_of=card.as_of))
    if not card.units:
        say(_("没有可以看的得分"))
        return
    table = overall_table(card)
    heads = [column.heading.replace("\n", "") for column in table.columns]
    print_table(
        heads, [[cell_words(column.kind, cell) for column, cell in zip(table.columns, row.cells, strict=True)] for row in table.rows]
    )
    if card.scheme.first_year is None:
        note(_("这是程序自带的示例办法，还没有采用，只能试算"))
    if card.unmarked:
        note(_("尚有 {count} 项人工评分没有填入：{listed}").format(count=len(card.unmarked), listed=_("、").join(card.unmarked)))
    note(_("加 -o 文件名.docx（或 .pdf、.html、.xlsx）看每一项的计算和台账记录"))


@app.command("schemes", help=_("列出采用的考评办法和程序自带的示例；--show 看内容"))
def schemes(
    code: Annotated[str | None, typer.Option("--show", metavar="CODE", help=_("输出这个办法的 JSON，可存成文件修改"))] = None,
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", help=_("看哪一年的；不写则为当年"))] = None,
    as_json_: JsonOption = False,
) -> None:
    """List the schemes, or print one."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        if code is not None:
            found = scheme_for(session, code, year or desk.day.year, desk.day)
            print_json(found.scheme.model_dump(mode="json", exclude_defaults=True))
            return
        rows = list_schemes(session, desk.day)
    if as_json_:
        print_json([_scheme_json(row) for row in rows])
        return
    heads = [_("办法"), _("版本"), _("名称"), _("采用"), "SHA-256"]
    print_table(heads, [(row.scheme.code, row.scheme.version, row.scheme.title, _since(row), row.scheme.sha256[:12]) for row in rows])


def _since(row: SchemeRow) -> str:
    return _("示例，未采用") if row.first_year is None else _("自 {year} 年").format(year=row.first_year)


def _scheme_json(row: SchemeRow) -> dict[str, Any]:
    scheme = row.scheme
    said = {"code": scheme.code, "version": scheme.version, "title": scheme.title, "sha256": scheme.sha256}
    return {**said, "first_year": row.first_year, "adopted_on": row.adopted_on}


@app.command("check", help=_("检查一个考评办法文件，不写入"))
def check(file: SchemeFile, as_json_: JsonOption = False) -> None:
    """Check a scheme."""
    scheme = scheme_from(_content(file))
    if as_json_:
        print_json({"code": scheme.code, "version": scheme.version, "sha256": scheme.sha256})
        return
    _say_scheme(scheme)
    say(_("没有发现错误"))


@app.command("adopt", help=_("从某年起采用一个考评办法；已印发的年度不变"))
def adopt(
    file: SchemeFile, first_year: Annotated[int, typer.Option("--from", metavar="YEAR", help=_("从哪一年起"))], as_json_: JsonOption = False
) -> None:
    """Adopt a scheme."""
    content = _content(file)
    with open_desk() as desk, desk.acting() as (session, occasion):
        scheme = adopt_scheme(session, content, first_year, occasion)
    if as_json_:
        print_json({"code": scheme.code, "version": scheme.version, "first_year": first_year, "sha256": scheme.sha256})
        return
    _say_scheme(scheme)
    say(_("自 {year} 年起采用").format(year=first_year))


@app.command("mark", help=_("人工评分，或登记表扬、批评等次数；须写明理由"))
def mark(
    year: Year,
    unit: Annotated[str, typer.Option("--unit", metavar="NAME", help=_("单位"))],
    item: Annotated[str, typer.Option("--item", metavar="CODE", help=_("项目代码"))],
    value: Annotated[float, typer.Option("--value", metavar="N", help=_("评分；加减分项目为次数，0 表示撤回"))],
    reason: Annotated[str, typer.Option("--reason", help=_("理由和依据"))],
    scheme: SchemeCode = None,
    case: Annotated[int | None, typer.Option("--case", metavar="N", help=_("弄虚作假所依据的问责案卷"))] = None,
    as_json_: JsonOption = False,
) -> None:
    """Put in a mark."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        said = MarkInput(year, unit_named(session, unit), item, value, reason, scheme, case)
        version = put_mark(session, said, occasion)
    if as_json_:
        print_json({"unit": unit, "item": item, "value": value, "version": version})
        return
    say(
        _("{unit} {year} 年“{item}”记为 {value:g}（第 {version} 次）").format(unit=unit, year=year, item=item, value=value, version=version)
    )


@app.command("issue", help=_("编号印发：冻结分数，生成各种格式的文件；再印发是更正"))
def issue(
    year: Year,
    scheme: SchemeCode = None,
    rank: Rank = False,
    reason: Annotated[str, typer.Option("--reason", help=_("更正的理由"))] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help=_("文件夹；不写则为 DUBAN_HOME 下的 scorecards"))
    ] = None,
    yes: YesOption = False,
    as_json_: JsonOption = False,
) -> None:
    """Issue a scorecard."""
    wanted = Issue(ScorecardOrder(year, scheme, rank), reason)
    with open_desk() as desk:
        if not as_json_:
            with desk.reading() as (session, _actor):
                _print_card(compile_scorecard(session, wanted.order, desk.day))
        if not is_agreed(_("编号印发以上考评？印发后不能改，只能更正"), yes=yes, by_program=as_json_):
            if as_json_:
                print_json({"done": False})
            else:
                say(_("没有印发；看过以上内容后，加 --yes 印发"))
            return
        with desk.acting() as (session, occasion):
            filed = issue_scorecard(session, wanted, desk.context.press, occasion)
        paths = write_files(filed.files, desk.context.store, output or desk.context.settings.home / "scorecards")
    if as_json_:
        print_json({"done": True, "doc_no": filed.place.doc_no, "version": filed.version, "files": [str(path) for path in paths]})
        return
    say(_("{year} 年度考评已印发：{doc_no}").format(year=year, doc_no=filed.place.doc_no))
    for path in paths:
        say(f"  {path}")
    for why in filed.left_out.values():
        note(why)


def _say_scheme(scheme: Scheme) -> None:
    text = _("{code} {version}版：{title}；{items} 个计分项目，{events} 条加减分")
    count = {"items": len(scheme.items), "events": len(scheme.events)}
    say(text.format(code=scheme.code, version=scheme.version, title=scheme.title, **count))
    guarded = guarded_parts(scheme)
    if guarded:
        note(_("计入了领导批示或媒体报道（{titles}），依据会印在考评表上").format(titles=_("、").join(guarded)))


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DubanError("file-unreadable", _("“{name}”打不开：{reason}").format(name=file.name, reason=error.strerror)) from None
    except (ValueError, RecursionError):
        raise DubanError("bad-scheme", _("“{name}”不是 JSON").format(name=file.name)) from None
    if not isinstance(content, dict):
        raise DubanError("bad-scheme", _("“{name}”应为一个 JSON 对象 {{…}}").format(name=file.name))
    return content
