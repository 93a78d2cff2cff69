"""`duban init`, `duban demo` and `duban serve`: setting up, showing, running."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import chosen_day
from cli.output import say
from rules.texts import _
from runtime.clock import now
from runtime.database import open_engine, transaction
from runtime.setting_up import set_up_database
from runtime.settings import read_settings
from services.accounts import FIRST_ADMINISTRATOR, create_first_administrator
from services.occasion import SYSTEM, Occasion
from services.rebuilding import take_inventory
from services.turns import take_turn

init_app = typer.Typer(add_completion=False)
demo_app = typer.Typer(add_completion=False)
serve_app = typer.Typer(add_completion=False)


@init_app.command()
def init(
    is_saved: Annotated[bool, typer.Option("--backup/--no-backup", help=_("升级前先把旧版数据库备份下来"))] = True,
) -> None:
    """Create or upgrade the database."""
    settings = read_settings()
    engine = open_engine(settings.resolved_database_url)
    try:
        saved = set_up_database(engine, settings.backups, now(), is_saved=is_saved)
        with transaction(engine) as session:
            take_turn(session, "set-up")
            occasion = Occasion(SYSTEM, chosen_day(), now())
            password = create_first_administrator(session, occasion)
            take_inventory(session, occasion)
    finally:
        engine.dispose()
    if saved:
        say(_("升级前的数据库已备份：{file}；要退回旧版程序，就恢复它").format(file=saved))
    say(_("数据库已就绪：{where}").format(where=engine.url.render_as_string(hide_password=True)))
    if password:
        text = _("第一个管理员：{name}，一次性口令：{password}（只显示这一次，请立即记下）")
        say(text.format(name=FIRST_ADMINISTRATOR, password=password))
        say(_("接下来：duban account add 账号 --role plan_office --as {name}").format(name=FIRST_ADMINISTRATOR))


@demo_app.command()
def demo(keep: Annotated[Path | None, typer.Option(metavar="DIR", help=_("把演示的数据库和文件留在这个文件夹"))] = None) -> None:
    """Play the shipped example."""
    from cli.demo.play import play_demo

    play_demo(keep)


@serve_app.command()
def serve(
    host: Annotated[str | None, typer.Option(help=_("监听地址；否则 DUBAN_HOST，否则 127.0.0.1"))] = None,
    port: Annotated[int | None, typer.Option(help=_("端口；否则 DUBAN_PORT，否则 8330"))] = None,
    with_flows: Annotated[bool, typer.Option("--flows/--no-flows", help=_("只开网页：流程由另外的进程办理"))] = True,
) -> None:
    """Serve pages and schedules."""
    from cli.serving import serve as run

    settings = read_settings()
    run(settings, host, port, with_flows=with_flows)
