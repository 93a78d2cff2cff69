"""`duban ledger`: proof that nothing was changed, lost or slipped in, and the ledger taken out of the program."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, say
from cli.task_book import book
from models.publication import PublicationKind
from reports.imprint import doc_no_of
from rules.errors import DubanError
from rules.texts import _
from runtime.database import open_engine, snapshot, transaction
from runtime.sealing import seal_now, seal_words, seals_that_do_not_fit
from runtime.setting_up import make_ready_to_fill
from services.exporting import export_ledger
from services.ledger import Break
from services.rebuilding import Difference, rebuild
from services.seals import count_seals
from services.verifying import LostGround, Proof
from services.verifying import verify as verify_all

app = typer.Typer(no_args_is_help=True, add_completion=False)

SHOWN_WORDS, SHOWN_SEALS = 40, 5


@app.callback()
def ledger() -> None:
    """Keep every command a command of its own."""


@app.command("verify", help=_("逐条核对台账、各表和已印发的通报；指出对不上的地方"))
def verify(as_json: JsonOption = False) -> None:
    """Verify every chain, the tables and the publications."""
    with open_desk() as desk, snapshot(desk.context.engine) as session:
        settings = desk.context.settings
        proof, seals = verify_all(session, desk.context.store), seals_that_do_not_fit(session, settings)
        count = sum(count_seals(folder) for folder in settings.seal_folders)
    if as_json:
        found = {"break": proof.broken, "differences": proof.differences, "publications": proof.publications, "seals": seals}
        print_json({"entries": proof.entries, **found})
        if seals or not proof.is_whole:
            raise typer.Exit(1)
    elif not proof.is_whole:
        raise _refusal(proof)
    elif seals:
        raise DubanError("seal-broken", _("；").join(seal_words(one) for one in seals[:SHOWN_SEALS]))
    else:
        say(_("台账完整：共 {count} 条记录，逐条相符；各表与台账一致").format(count=proof.entries))
        if count:
            say(_("{count} 个封存文件与台账相符").format(count=count))


@app.command("seal", help=_("封存：证明台账完整，把各链的链尾记在数据库以外的文件里"))
def seal(as_json: JsonOption = False) -> None:
    """Seal the ledger."""
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            occasion = desk.occasion(session)
        sealed = seal_now(desk.context, occasion)
    if as_json:
        print_json({**sealed.seal.content, "sha256": sealed.seal.sha256, "files": [str(place) for place in sealed.places]})
        return
    text = _("已封存：共 {count} 条记录，{chains} 条链，封存号 {sha256}")
    say(text.format(count=sealed.seal.content["entries"], chains=len(sealed.seal.content["chains"]), sha256=sealed.seal.sha256))
    for place in sealed.places:
        say(str(place))


def _refusal(proof: Proof) -> DubanError:
    """Return what was found as one refusal: a broken chain first, then the tables, then the papers."""
    if proof.broken:
        return DubanError("ledger-broken", _break_words(proof.broken))
    if proof.differences:
        more = _("（共 {count} 处以上，用 --json 查看）").format(count=len(proof.differences)) if len(proof.differences) > 1 else ""
        text = _("{found}{more}。有人绕过程序改了数据库，请与备份核对")
        return DubanError("tables-differ", text.format(found=_difference_words(proof.differences[0]), more=more))
    return DubanError("paper-without-ground", _("；").join(_paper_words(paper) for paper in proof.publications))


def _break_words(found: Break) -> str:
    reasons = {
        "missing": _("前面缺少记录，或末尾的记录被删"),
        "unlinked": _("与前一条对不上"),
        "changed": _("内容被改动"),
        "added": _("是后来加进去的"),
        "head-changed": _("与链尾登记的不同"),
        "headless": _("所在的链没有链尾登记"),
    }
    return _("{chain} 的第 {seq} 条记录：{why}").format(chain=found.chain, seq=found.seq, why=reasons[found.why])


def _difference_words(found: Difference) -> str:
    if found.column:
        text = _("表 {table} 第 {row} 行的 {column} 现为“{now}”，台账记的是“{told}”")
        now, told = _short(found.is_now), _short(found.should_be)
        return text.format(table=found.table, row=found.row_id, column=found.column, now=now, told=told)
    if found.should_be is None:
        return _("表 {table} 第 {row} 行在台账里没有").format(table=found.table, row=found.row_id)
    return _("表 {table} 少了第 {row} 行，台账里有").format(table=found.table, row=found.row_id)


def _paper_words(paper: LostGround) -> str:
    reasons = {
        "removed": _("台账记有印发，数据库里已没有"),
        "changed": _("内容与印发时不同"),
        "added": _("台账里没有印发它的记录"),
        "file": _("文件 {file} 缺失或已被改动").format(file=paper.file),
        "ground": _("所依据的 {chain} 第 {seq} 条记录已不是当时的那条").format(chain=paper.chain, seq=paper.seq),
    }
    text = _("{year} 年第 {number} 期通报（{period}）：{why}")
    if paper.kind != PublicationKind.BULLETIN.value:
        text = _("{doc_no}（{period}）：{why}")
    doc_no = doc_no_of(PublicationKind(paper.kind), paper.year, paper.number)
    return text.format(year=paper.year, number=paper.number, doc_no=doc_no, period=paper.period, why=reasons[paper.why])


def _short(value: object) -> str:
    said = str(value)
    return said if len(said) <= SHOWN_WORDS else said[: SHOWN_WORDS - 1] + "…"


@app.command("export", help=_("把台账写成一个文件，不用本程序也能核对"))
def export(file: Annotated[Path, typer.Argument(metavar="FILE", help=_("写到哪个文件：每行一条 JSON"))]) -> None:
    """Write every entry, one JSON object a line."""
    part = file.with_name(f"{file.name}.part")
    count = -1
    with open_desk() as desk, desk.reading() as (session, _actor):
        try:
            with part.open("w", encoding="utf-8", newline="\n") as lines:
                for line in export_ledger(session):
                    lines.write(line)
                    count += 1
            part.replace(file)
        except OSError as error:
            text = _("“{name}”写不进去（{reason}），请换一个地方")
            raise DubanError("file-not-written", text.format(name=file.name, reason=error.strerror)) from None
    say(_("已写出 {count} 条记录：{file}；核对办法见 docs/ledger.md").format(count=count, file=file))


@app.command("rebuild", help=_("只凭台账，在一个空数据库里重新做出各表"))
def make_again(into: Annotated[str, typer.Option(metavar="URL|FILE", help=_("空数据库的地址，或 SQLite 文件"))]) -> None:
    """Make the tables again in an empty database, the ledger with them."""
    target = open_engine(into if "://" in into else f"sqlite:///{Path(into).resolve()}")
    try:
        make_ready_to_fill(target)
        with open_desk() as desk, desk.reading() as (session, _actor), transaction(target) as empty:
            count = rebuild(session, empty)
    finally:
        target.dispose()
    text = _("已按台账中写过数据的 {count} 条记录，在 {where} 重新做出各表；口令、信息、通报文件不在台账里：口令须重设，通报从备份取回")
    say(text.format(count=count, where=target.url.render_as_string(hide_password=True)))


app.command("book", help=_("任务台账：全部任务写成一个可筛选的工作簿"))(book)
