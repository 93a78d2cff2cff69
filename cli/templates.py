"""`duban template`: the texts of messages, which officials may change: see which there are, take one out to change it, see whether it can be used."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, print_json, print_table, say
from notify.letterhead import SUFFIX, changed_templates, packaged_source, template_names, use_letterhead
from notify.template_check import mistake_words, template_mistakes
from rules.errors import DubanError
from rules.texts import _
from runtime.context import letterhead_of
from runtime.settings import read_settings

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command("list", help=_("列出模板，哪些是自己改过的"))
def list_(as_json: JsonOption = False) -> None:
    """List the templates."""
    folder = _open_folder()
    changed = changed_templates()
    if as_json:
        print_json([{"name": name, "changed": changed.get(name)} for name in template_names()])
        return
    print_table([_("模板"), _("用哪个")], [(name, changed.get(name) or _("系统自带")) for name in template_names()])
    say(_("改过的模板放在 {folder}").format(folder=folder))


@app.command(help=_("取出模板来改：一个（reminder/body.txt）或一类（reminder）"))
def export(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    folder: Annotated[
        Path | None, typer.Option("-o", metavar="DIR", help=_("放到哪个文件夹；否则放到系统使用的模板文件夹，改了就用"))
    ] = None,
) -> None:
    """Take templates out; a file that is there already stays as it is."""
    target = folder or _open_folder()
    names = [one for one in template_names() if one == name or one.startswith(f"{name}/")]
    if not names:
        text = _("没有模板“{name}”，可用的有：{names}")
        raise DubanError("unknown-template", text.format(name=name, names=_("、").join(template_names())))
    for one in names:
        _write(target / f"{one}{SUFFIX}", packaged_source(one))


@app.command(help=_("试填改过的模板，有错的指出文件和行"))
def check(as_json: JsonOption = False) -> None:
    """Fill every changed template with made-up matters; exit 3 where one cannot be used."""
    _open_folder()
    mistakes = template_mistakes()
    if as_json:
        print_json(mistakes)
    else:
        for mistake in mistakes:
            say(mistake_words(mistake))
        if not mistakes:
            say(_("{count} 个改过的模板都可以用").format(count=len(changed_templates())))
    if mistakes:
        raise typer.Exit(3)


def _open_folder() -> Path:
    settings = read_settings()
    letterhead = letterhead_of(settings)
    use_letterhead(letterhead)
    assert letterhead.templates is not None
    return letterhead.templates


def _write(path: Path, source: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(source)
    except FileExistsError:
        say(_("{path} 已经有了，没有改动").format(path=path))
    except OSError as error:
        text = _("写不进文件夹 {folder}：{reason}")
        raise DubanError("file-unwritable", text.format(folder=path.parent, reason=error.strerror or type(error).__name__)) from None
    else:
        say(_("已取出 {path}").format(path=path))
