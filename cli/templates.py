"""`duban template`: the texts of messages and the Word templates of papers, which officials may change: see which there are, take one out, see whether it can be used."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from cli.output import JsonOption, print_json, print_table, say
from notify.letterhead import SUFFIX, changed_templates, packaged_source, template_names, use_letterhead
from notify.template_check import mistake_words, template_mistakes
from reports.sheet_check import LayoutFault
from reports.word_templates import (
    KINDS,
    LETTER,
    ORDINARY,
    exported_template,
    own_templates,
    template_faults,
    word_mistake_words,
    word_template_mistakes,
)
from rules.errors import DubanError
from rules.texts import _
from runtime.context import letterhead_of
from runtime.settings import read_settings

app = typer.Typer(add_completion=False, no_args_is_help=True)

_PAPERS = "papers"
_PAPER_NAMES = (f"{_PAPERS}/{ORDINARY}.docx", f"{_PAPERS}/{LETTER}.docx")


@app.command("list", help=_("列出模板，哪些是自己改过的"))
def list_(as_json: JsonOption = False) -> None:
    """List the templates."""
    folder = _open_folder()
    changed = {**changed_templates(), **{f"{_PAPERS}/{name}.docx": path for name, path in own_templates(folder / _PAPERS).items()}}
    names = [*template_names(), *_PAPER_NAMES, *(name for name in changed if name.startswith(_PAPERS) and name not in _PAPER_NAMES)]
    if as_json:
        print_json([{"name": name, "changed": changed.get(name)} for name in names])
        return
    print_table([_("模板"), _("用哪个")], [(name, changed.get(name) or _("系统自带")) for name in names])
    say(_("改过的模板放在 {folder}").format(folder=folder))


@app.command(help=_("取出模板来改：一个（reminder/body.txt、papers/paper.docx）或一类（reminder、papers）"))
def export(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    folder: Annotated[
        Path | None, typer.Option("-o", metavar="DIR", help=_("放到哪个文件夹；否则放到系统使用的模板文件夹，改了就用"))
    ] = None,
) -> None:
    """Take templates out; a file that is there already stays as it is."""
    target = folder or _open_folder()
    messages = [one for one in template_names() if one == name or one.startswith(f"{name}/")]
    papers = [one for one in _all_papers() if one == name] or (list(_PAPER_NAMES) if name == _PAPERS else [])
    if not messages and not papers:
        text = _("没有模板“{name}”，可用的有：{names}")
        raise DubanError("unknown-template", text.format(name=name, names=_("、").join((*template_names(), *_all_papers()))))
    for one in messages:
        _write(target / f"{one}{SUFFIX}", packaged_source(one).encode())
    for one in papers:
        _write(target / one, exported_template(PurePosixPath(one).stem))


@app.command(help=_("试填改过的模板，有错的指出文件和位置；Word 模板并量版式"))
def check(as_json: JsonOption = False) -> None:
    """Fill every changed template with made-up matters, and measure the Word ones; exit 3 where one cannot be used. A departure from the standard is only told."""
    folder = _open_folder() / _PAPERS
    mistakes, word_mistakes = template_mistakes(), word_template_mistakes(folder)
    unusable = {mistake.path for mistake in word_mistakes}
    faults = {path: template_faults(path) for path in own_templates(folder).values() if path not in unusable}
    if as_json:
        departures = [{"path": path, **asdict(one)} for path, found in faults.items() for one in found]
        print_json([*mistakes, *word_mistakes, *departures])
    else:
        for words in (*map(mistake_words, mistakes), *map(word_mistake_words, word_mistakes)):
            say(words)
        _say_departures(faults)
        if not mistakes and not word_mistakes:
            say(_("{count} 个改过的模板都可以用").format(count=len(changed_templates()) + len(faults)))
    if mistakes or word_mistakes:
        raise typer.Exit(3)


def _say_departures(faults: Mapping[Path, Sequence[LayoutFault]]) -> None:
    for path, found in faults.items():
        for one in found:
            say(
                _("模板 {path} 与公文格式标准不符：{place}，{words}（{code}）").format(
                    path=path, place=one.place, words=one.words, code=one.code
                )
            )


def _all_papers() -> tuple[str, ...]:
    return (*_PAPER_NAMES, *(f"{_PAPERS}/{kind}.docx" for kind in KINDS))


def _open_folder() -> Path:
    settings = read_settings()
    letterhead = letterhead_of(settings)
    use_letterhead(letterhead)
    assert letterhead.templates is not None
    return letterhead.templates


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        say(_("{path} 已经有了，没有改动").format(path=path))
    except OSError as error:
        text = _("写不进文件夹 {folder}：{reason}")
        raise DubanError("file-unwritable", text.format(folder=path.parent, reason=error.strerror or type(error).__name__)) from None
    else:
        say(_("已取出 {path}").format(path=path))
