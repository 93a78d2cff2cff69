"""How commands put a paper into a file, show whom it goes to, and ask before anything leaves the house."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import Desk
from cli.output import say
from reports.faces import FACES, face_of
from reports.paper import Paper
from rules.errors import DubanError
from rules.texts import _
from rules.words import channel_word
from services.papers.sending import Posting, PostingPlan

MOST_SHOWN = 10

FormatOption = Annotated[
    str | None, typer.Option("--format", metavar="|".join(FACES), help=_("文件格式；不写则按 -o 的扩展名，否则为 docx"))
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个文件；写文件夹则用文件自己的名称；不写则放在当前文件夹"))
]
YesOption = Annotated[bool, typer.Option("--yes", help=_("不再询问"))]
ContactOption = Annotated[str | None, typer.Option("--contact", metavar="TEXT", help=_("联系人和电话，写入文件"))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=_("只看会编什么、发给谁，什么也不写"))]


def write_paper(desk: Desk, paper: Paper, face: str | None, output: Path | None, kept: Mapping[str, bytes] | None = None) -> Path:
    """Write a paper into a file and say where; return its path. `kept` are files by format that are written as they were kept, not made again.

    The format is `face`, else the one of the output's ending, else docx. Codes: format-not-written, file-not-written.
    """
    chosen = face or _format_of(output)
    content = (kept or {}).get(chosen) or face_of(chosen).write(paper, desk.context.press.printing)
    place = _place(paper, FACES[chosen].ending, output)
    write_bytes(place, content)
    say(_("已写入 {place}").format(place=place))
    return place


def _format_of(output: Path | None) -> str:
    ending = output.suffix.lower() if output is not None and not output.is_dir() else ""
    return next((name for name, face in FACES.items() if face.ending == ending), ending.removeprefix(".") or "docx")


def _place(paper: Paper, ending: str, output: Path | None) -> Path:
    if output is None or output.is_dir():
        return (output or Path()) / f"{paper.name}{ending}"
    return output


def refuse_one_file(output: Path | None, count: int) -> None:
    """Refuse one file for several papers, with folder-needed; a folder that is not there yet is made."""
    if output is None or (count == 1 and output.suffix):
        return
    if output.suffix and not output.is_dir():
        text = _("{count} 份文件不能写进一个文件，请让 -o 写一个文件夹")
        raise DubanError("folder-needed", text.format(count=count))
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DubanError("file-not-written", _("不能写入 {place}：{why}").format(place=output, why=error.strerror)) from None


def write_bytes(place: Path, content: bytes) -> None:
    """Write a file; refused with file-not-written where it cannot be."""
    try:
        place.write_bytes(content)
    except OSError as error:
        raise DubanError("file-not-written", _("不能写入 {place}：{why}").format(place=place, why=error.strerror)) from None


def say_postings(plan: PostingPlan) -> None:
    """Print whom a paper goes to, and what the sender should know; of many only the first, with how many more there are."""
    lines = [posting_words(posting) for posting in plan.postings]
    remarks = [_("注意：{remark}").format(remark=remark) for remark in plan.remarks]
    for line in (*_first(lines), *_first(remarks)):
        say(line)


def _first(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_SHOWN:
        return lines
    return [*lines[:MOST_SHOWN], _("  另有 {count} 条，加 --json 列出全部").format(count=len(lines) - MOST_SHOWN)]


def posting_words(posting: Posting) -> str:
    """Return a posting as a line."""
    recipient = posting.recipient
    text = _("  抄送 {name}：{address}（{channel}）{deputy}") if posting.is_copy else _("  发给 {name}：{address}（{channel}）{deputy}")
    deputy = _("，代{names}").format(names=recipient.deputy_for) if recipient.deputy_for else ""
    address = posting.address or _("无地址")
    return text.format(name=recipient.person or recipient.unit, address=address, channel=channel_word(posting.channel), deputy=deputy)


def posting_json(plan: PostingPlan) -> dict[str, object]:
    """Return whom a paper goes to, for programs."""
    to = [{"name": one.recipient.person or one.recipient.unit, "address": one.address, "is_copy": one.is_copy} for one in plan.postings]
    return {"to": to, "remarks": list(plan.remarks)}


def is_agreed(question: str, *, yes: bool, by_program: bool = False) -> bool:
    """Ask before something is done that cannot be taken back; where nobody can be asked, or a program reads (`--json`), only `--yes` agrees."""
    if yes or by_program:
        return yes
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(question, default=False)
