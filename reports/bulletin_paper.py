"""The quarterly supervision bulletin as a paper: masthead, lead, the whole, good progress, what lags, problems, demands, annexes, record.

Figures come from the view, an office's own words from its edits; each sentence keeps its key, so that both can be told apart.
"""

from collections.abc import Iterator, Sequence

from reports import sentences
from reports.bulletin import Bulletin, as_json
from reports.bulletin_edits import NO_EDITS, Edits, sentences_of
from reports.bulletin_tables import (
    DEMANDS_SHOWN,
    LAGGING_SHOWN,
    ROWS_PRINTED,
    bars_chart,
    curve_chart,
    demands_table,
    items_table,
    lagging_table,
    lights_chart,
    shares_chart,
    units_table,
)
from reports.grids import curve_grid, items_grid, lagging_grid, lights_grid, next_grid, overall_grid, tasks_grid, units_grid
from reports.imprint import PREVIEW, Imprint
from reports.paper import Annex, Block, Heading, Masthead, Paper, Record, Signature, Table, Text
from rules.texts import _
from rules.words import day_words


def bulletin_paper(bulletin: Bulletin, imprint: Imprint = PREVIEW, edits: Edits = NO_EDITS) -> Paper:
    """Return the bulletin as it is read. Without a number in the imprint it says that it is a preview."""
    signed_on = imprint.signed_on or bulletin.written_on
    office = imprint.office or ""
    return Paper(
        kind="bulletin",
        name=_name(bulletin, imprint),
        written_on=bulletin.written_on,
        title=tuple(sentences.title_lines(bulletin)),
        blocks=tuple(_body(bulletin, edits, edits.contact or imprint.contact or "")),
        data=as_json(bulletin),
        masthead=Masthead(sentences.masthead_name(), imprint.issue, office, day_words(signed_on)),
        addressee=_("{unit}：").format(unit=_("、").join(edits.to or imprint.to or (_("各责任单位"),))),
        signature=Signature(signed_on, office),
        annexes=tuple(_annexes(bulletin)),
        record=Record(edits.copies_to or imprint.copies_to, office, signed_on),
        proof=tuple(sentences.proof(bulletin)),
        sheets=tuple(_sheets(bulletin)),
    )


def _name(bulletin: Bulletin, imprint: Imprint) -> str:
    return f"duban-{bulletin.period}" if imprint.number is None else f"{bulletin.period}-{imprint.year}-{imprint.number}"


def _body(bulletin: Bulletin, edits: Edits, contact: str) -> Iterator[Block]:
    told = sentences_of(bulletin, edits)
    yield from _texts(told["lead"], edits)
    yield from _section(_("总体情况"), "overall", told, edits)
    if bulletin.totals.tasks:
        yield shares_chart(bulletin)
    yield from _section(_("进展较好的事项和单位"), "good", told, edits)
    yield from _section(_("滞后任务"), "lagging", told, edits)
    if bulletin.lagging:
        yield lagging_table(bulletin)
    yield from _section(_("存在问题"), "problems", told, edits)
    yield from _next(bulletin, told["next"], edits)
    if contact:
        yield Text(_("（联系人：{contact}）").format(contact=contact), key="contact")


def _next(bulletin: Bulletin, told: Sequence[sentences.Sentence], edits: Edits) -> Iterator[Block]:
    """Give what is demanded: how much falls due, the table of it, then the other demands, so that the signature follows words where it can (7.3.5)."""
    yield Heading(_("下一步要求"))
    yield from _texts(told[:1], edits)
    demands = demands_table(bulletin)
    if demands.rows:
        yield demands
    yield from _texts(told[1:], edits)
    yield from _paragraphs(edits.texts.get("next.more", ""), "next.more")


def _section(heading: str, section: str, told: dict[str, list[sentences.Sentence]], edits: Edits) -> Iterator[Block]:
    yield Heading(heading)
    yield from _texts(told[section], edits)
    yield from _paragraphs(edits.texts.get(f"{section}.more", ""), f"{section}.more")


def _texts(told: Sequence[sentences.Sentence], edits: Edits) -> Iterator[Text]:
    for sentence in told:
        yield from _paragraphs(edits.texts.get(sentence.key, sentence.text), sentence.key)


def _paragraphs(words: str, key: str) -> Iterator[Text]:
    for paragraph in words.split("\n"):
        if paragraph.strip():
            yield Text(paragraph.strip(), key=key)


def _annexes(bulletin: Bulletin) -> Iterator[Annex]:
    if bulletin.units:
        yield Annex(_("责任单位任务和报送情况"), (units_table(bulletin),), is_landscape=True)
    if bulletin.items:
        yield _annex(items_table(bulletin), is_landscape=True)
    if len(bulletin.lagging) > LAGGING_SHOWN:
        yield _annex(lagging_table(bulletin, ROWS_PRINTED))
    every = demands_table(bulletin, ROWS_PRINTED)
    if len(every.rows) > DEMANDS_SHOWN:
        yield _annex(every)
    tasks = tasks_grid(bulletin)
    if 0 < len(tasks.rows) <= ROWS_PRINTED:
        yield _annex(tasks, is_landscape=True)
    # Upright and last: the record stands at its foot and needs no sheet of its own.
    if charts := tuple(chart for chart in (bars_chart(bulletin), curve_chart(bulletin), lights_chart(bulletin)) if chart):
        yield Annex(_("图表"), charts)


def _annex(table: Table, *, is_landscape: bool = False) -> Annex:
    return Annex(table.title, (Table("", table.columns, table.rows, table.over),), is_landscape)


def _sheets(bulletin: Bulletin) -> Iterator[Table]:
    yield from (overall_grid(bulletin), units_grid(bulletin), items_grid(bulletin), lagging_grid(bulletin), next_grid(bulletin))
    if bulletin.details:
        yield from (tasks_grid(bulletin), lights_grid(bulletin), curve_grid(bulletin))
