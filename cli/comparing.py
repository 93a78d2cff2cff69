"""`duban plan compare`: plans side by side, two of them or two versions of one item by item, more in figures."""

from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from cli.papers import FormatOption, OutputOption, write_paper
from reports.bulletin import BUCKETS
from reports.comparison import Comparison, Figures, as_json
from reports.comparison_paper import comparison_paper, figures_paper, overall_words, side_name
from rules.errors import DubanError
from rules.texts import _
from rules.words import bucket_word
from services.papers.comparisons import Wanted, compare_documents, compare_figures

SHOWN_WORDS = 40


def compare(
    plans: Annotated[list[int], typer.Argument(metavar="PLAN...", help=_("计划编号：两个逐项对照，三个以上比较数字"))],
    version: Annotated[
        list[int] | None, typer.Option(metavar="N", help=_("同一计划的版本：写一次与现行版本对照，写两次则两者对照"))
    ] = None,
    face: FormatOption = None,
    output: OutputOption = None,
    as_json_: JsonOption = False,
) -> None:
    """Compare plans; without a format or file the result is shown."""
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            view: Comparison | Figures
            if version or len(plans) == 2:
                first, second = _wanted(plans, version or [])
                view = compare_documents(session, first, second, desk.day, actor)
            else:
                view = compare_figures(session, plans, desk.day, actor)
        if as_json_:
            print_json(as_json(view))
        elif face or output:
            write_paper(desk, comparison_paper(view) if isinstance(view, Comparison) else figures_paper(view), face, output)
        elif isinstance(view, Comparison):
            _show_comparison(view)
        else:
            _show_figures(view)


def _wanted(plans: list[int], versions: list[int]) -> tuple[Wanted, Wanted]:
    if not versions and len(plans) == 2:
        return Wanted(plans[0]), Wanted(plans[1])
    if len(plans) != 1 or len(versions) > 2:
        raise DubanError("bad-version", _("--version 只用于一个计划，最多写两次，例如：duban plan compare 1 --version 1 --version 2"))
    return Wanted(plans[0], versions[0]), Wanted(plans[0], versions[1] if len(versions) == 2 else None)


def _show_comparison(view: Comparison) -> None:
    for side in (view.a, view.b):
        text = _("{name}：计划 {id}《{title}》{doc_no}，第 {version} 版")
        say(text.format(name=side_name(view, side), id=side.id, title=side.title, doc_no=side.doc_no or "", version=side.version))
    say(overall_words(view))
    rows = [(pair.b.title, one.name, _short(one.before), _short(one.after)) for pair in view.pairs for one in pair.differences]
    a, b = side_name(view, view.a), side_name(view, view.b)
    rows += [(item.title, _("只有{side}有").format(side=a), _short(item.text), "") for item in view.only_a]
    rows += [(item.title, _("只有{side}有").format(side=b), "", _short(item.text)) for item in view.only_b]
    if rows:
        print_table([_("事项"), _("不同之处"), a, b], rows)
    if view.figures:
        _show_figures(view.figures)


def _show_figures(view: Figures) -> None:
    heads = ["", _("计划"), _("任务"), *(bucket_word(bucket) for bucket in BUCKETS), _("按期办结"), _("应报进展"), _("按时报送"), _("未报")]
    rows = [
        (
            *(plan.mark, plan.title, plan.counts.tasks),
            *(_counted(getattr(plan.counts, bucket), getattr(plan.shares, bucket)) for bucket in BUCKETS),
            *(plan.done_on_time, plan.reports_due, plan.reports_on_time, plan.reports_missing),
        )
        for plan in view.plans
    ]
    print_table(heads, rows)


def _counted(count: int, share: float) -> str:
    return f"{count} ({share:.1f}%)"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_WORDS else f"{text[: SHOWN_WORDS - 1]}…"
