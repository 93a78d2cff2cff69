"""`duban store`: the store of files gone through file by file, and copied to another place."""

from typing import Annotated

import typer

from cli.output import JsonOption, note, print_json, progress, say
from rules.texts import _
from runtime.settings import read_settings
from runtime.stores import ReadStore, check_store, copy_store, store_at, store_of

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command(help=_("逐个读出存档文件，核对是否与名称（SHA-256）相符"))
def check(as_json: JsonOption = False) -> None:
    """Read every file."""
    store = store_of(read_settings())
    found = check_store(store, lambda steps: progress(steps, _("核对")))
    text = _("{where}：{count} 个文件、{size} 字节与名称相符")
    _tell(found, text.format(where=store.where, count=found.present, size=found.size_bytes), as_json)


@app.command(help=_("把全部存档文件复制到另一处，逐个读回核对；再运行一次接着复制"))
def copy(
    to: Annotated[str, typer.Argument(metavar="URL", help=_("复制到哪里：file:///文件夹 或 s3://存储桶/前缀"))],
    source: Annotated[str | None, typer.Option("--from", metavar="URL", help=_("从哪里复制；否则为现在的存档文件库"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Copy every file."""
    settings = read_settings()
    found = copy_store(
        store_at(source, settings) if source else store_of(settings),
        store_at(to, settings),
        lambda steps: progress(steps, _("复制")),
    )
    text = _("新复制 {copied} 个，已有 {present} 个，共 {size} 字节，都已读回核对；要改用它，请设置 DUBAN_STORE_URL={to}")
    _tell(found, text.format(copied=found.copied, present=found.present, size=found.size_bytes, to=to), as_json)


def _tell(found: ReadStore, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        say(sentence)
        for digest in found.damaged:
            note(_("{digest} 缺失或已被改动，请从备份恢复").format(digest=digest))
    if found.damaged:
        raise typer.Exit(3)
