"""`duban database`: how the database stands, and moving an installation from SQLite to PostgreSQL or back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, counting, note, print_json, print_table, say
from rules.texts import _
from runtime.context import open_context
from runtime.copying import CopyDiffersError, TablePair, copy_database, count_rows
from runtime.database import open_engine
from runtime.database_status import DatabaseStatus, database_status

app = typer.Typer(no_args_is_help=True, add_completion=False)

_SHOWN_SIGNS = 16


@app.command("status", help=_("数据库的种类、版本、大小、连接数，各表的行数"))
def status(as_json: JsonOption = False) -> None:
    """Say how the database stands."""
    with open_context() as context:
        found = database_status(context.engine)
    if as_json:
        print_json(found)
        return
    print_table([_("项目"), _("情况")], _lines(found))
    print_table([_("表"), _("行数")], sorted(found.tables.items()))


@app.command("copy", help=_("把数据库复制到另一个空的数据库（SQLite 与 PostgreSQL 之间），逐表核对；用 --database 指定原来的"))
def copy(
    to: Annotated[str, typer.Option(metavar="URL|FILE", help=_("空数据库的地址，或 SQLite 文件"))],
    as_json: JsonOption = False,
) -> None:
    """Copy the database into an empty one."""
    target = open_engine(to if "://" in to else f"sqlite:///{Path(to).resolve()}")
    try:
        with open_context() as context, counting(2 * count_rows(context.engine), _("复制并核对")) as tell:
            copied = copy_database(context.engine, target, tell)
    except CopyDiffersError as error:
        _show(error.tables, as_json=as_json)
        raise
    finally:
        target.dispose()
    if as_json:
        print_json(
            {"chains": copied.chain_count, "source_moved": copied.has_source_moved, "tables": [_plain(pair) for pair in copied.tables]}
        )
    else:
        _show(copied.tables, as_json=False)
        _say_what_next(sum(pair.target.rows for pair in copied.tables), copied.chain_count, target.url.render_as_string(hide_password=True))
    if copied.has_source_moved:
        note(_("复制期间原数据库里又办理了事项，它们不在复制出来的里面；请停止网页和流程后，向另一个空数据库重新复制"))


def _say_what_next(rows: int, chains: int, where: str) -> None:
    say(_("已复制 {rows} 行到 {where}，各表与原来的相符；台账 {chains} 条链完整").format(rows=rows, where=where, chains=chains))
    say(_("没有复制的：佐证材料和印发的文件、封存文件、DUBAN_ 设置、Prefect 的数据库；它们仍用原来的"))
    say(_("接下来：把 DUBAN_DATABASE_URL 设为新地址，运行 duban doctor 和 duban ledger verify，再启动网页和流程"))


def _show(pairs: Sequence[TablePair], *, as_json: bool) -> None:
    if as_json:
        print_json({"tables": [_plain(pair) for pair in pairs]})
        return
    rows = [
        (
            pair.source.table,
            pair.source.rows,
            pair.target.rows,
            pair.source.sha256[:_SHOWN_SIGNS],
            pair.target.sha256[:_SHOWN_SIGNS],
            _verdict(pair),
        )
        for pair in pairs
    ]
    print_table([_("表"), _("原有行数"), _("复制行数"), _("原内容散列"), _("复制内容散列"), _("结果")], rows)


def _verdict(pair: TablePair) -> str:
    return _("相符") if pair.source == pair.target else _("不同")


def _plain(pair: TablePair) -> dict[str, object]:
    return {
        "table": pair.source.table,
        "rows": pair.source.rows,
        "copied_rows": pair.target.rows,
        "sha256": pair.source.sha256,
        "copied_sha256": pair.target.sha256,
    }


def _lines(found: DatabaseStatus) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        (_("种类"), f"{found.kind} {found.version}"),
        (_("表的版本"), found.revision),
        (_("大小"), f"{found.size_bytes / 1_000_000:.1f} MB"),
        (_("字符编码与排序"), f"{found.encoding} {found.collation}"),
    ]
    if found.most_connections is not None:
        lines.append((_("连接"), _("{count} 个，服务器最多 {most} 个").format(count=found.connections, most=found.most_connections)))
    return lines
