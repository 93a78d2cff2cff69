"""`duban bulletin publish` and `send`: the two ways a bulletin leaves the house, each shown with whom it goes to before anything is written."""

from pathlib import Path
from typing import Annotated

import typer

from cli.bulletin_desk import PeriodCode, PlanIds, order_of
from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, say
from cli.papers import DryRunOption, YesOption, is_agreed, posting_json, say_postings
from rules.texts import _
from runtime.channels import routes_of
from services.bulletins.publishing import Published, addressees, preview_publishing, publish_bulletin, published_view, send_published
from services.papers.filing import write_files


def publish(
    period: PeriodCode,
    plan: PlanIds = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help=_("文件夹；不写则为 DUBAN_HOME 下的 bulletins"))
    ] = None,
    is_tried: DryRunOption = False,
    is_yes: YesOption = False,
    as_json_: JsonOption = False,
) -> None:
    """Publish a bulletin, and send it where that is agreed."""
    with open_desk() as desk:
        order = order_of(desk, period, plan)
        with desk.reading() as (session, _actor):
            posting = preview_publishing(session, order, routes_of(desk.context.settings), desk.occasion(session))
        if not as_json_:
            say(_("发给："))
            say_postings(posting)
        if is_tried:
            if as_json_:
                print_json(posting_json(posting))
            return
        is_sent = is_agreed(_("印发后发给以上各方吗？（不同意则只印发，不发送）"), yes=is_yes, by_program=as_json_) and bool(
            posting.postings
        )
        with desk.acting() as (session, occasion):
            published = publish_bulletin(session, order, desk.context.press, occasion, posting if is_sent else None)
        paths = write_files(published.files, desk.context.store, output or desk.context.bulletin_folder)
    _tell_published(published, paths, as_json=as_json_)


def _tell_published(published: Published, paths: list[Path], *, as_json: bool) -> None:
    if as_json:
        said = {"number": published.number, "doc_no": published.doc_no, "version": published.version, "messages": published.messages}
        print_json(
            {**said, "files": [str(path) for path in paths], "left_out": published.left_out, "ledger_head": published.view.ledger_head}
        )
        return
    say(_("{period} 督查通报已编为第 {number} 期印发：").format(period=published.view.period, number=published.number))
    for path in paths:
        say(f"  {path}")
    for name, why in published.left_out.items():
        note(_("没有编 {format}：{why}").format(format=name, why=why))
    if published.messages:
        say(_("已列入发件箱 {count} 件，下次投递发出").format(count=len(published.messages)))
    else:
        note(_("没有发送；需要发送的，用 duban bulletin send 编号（编号见 duban bulletin list）"))


def send(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("通报的编号（见 duban bulletin list）"))],
    is_tried: DryRunOption = False,
    is_yes: YesOption = False,
    as_json_: JsonOption = False,
) -> None:
    """Send a published bulletin."""
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            posting = addressees(session, published_view(session, number), routes_of(desk.context.settings), desk.day)
        if not as_json_:
            say(_("发给："))
            say_postings(posting)
        if is_tried or not is_agreed(_("现在发送吗？"), yes=is_yes, by_program=as_json_):
            print_json({"done": False, **posting_json(posting)}) if as_json_ else say(_("没有发送；看过以上内容后，加 --yes 发送"))
            return
        with desk.acting() as (session, occasion):
            messages = send_published(session, number, desk.context.press, posting, occasion)
    if as_json_:
        print_json({"done": True, "messages": messages, **posting_json(posting)})
        return
    say(_("已列入发件箱 {count} 件，下次投递发出").format(count=len(messages)))


COMMANDS = (
    ("publish", publish, _("编号印发：冻结数字，生成各种格式的文件；没有拟稿和批准的一并办理")),
    ("send", send, _("把印发过而没有发送的通报发给涉及的单位")),
)
