"""`duban init`, `duban demo` and `duban serve`: setting up, showing, running."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import chosen_day
from cli.output import say
from rules.texts import _
from runtime.clock import now
from runtime.database import open_engine, transaction, upgrade_database
from runtime.settings import read_settings
from services.accounts import FIRST_ADMINISTRATOR, create_first_administrator
from services.occasion import SYSTEM, Occasion
from services.rebuilding import take_inventory

init_app = typer.Typer(add_completion=False)
demo_app = typer.Typer(add_completion=False)
serve_app = typer.Typer(add_completion=False)


@init_app.command()
def init() -> None:
    """Create or upgrade the database."""
    settings = read_settings()
    engine = open_engine(settings.resolved_database_url)
    try:
        upgrade_database(engine)
        with transaction(engine) as session:
            occasion = Occasion(SYSTEM, chosen_day(), now())
            password = create_first_administrator(session, occasion)
            take_inventory(session, occasion)
    finally:
        engine.dispose()
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
) -> None:
    """Serve pages and schedules."""
    from cli.serving import serve as run

    settings = read_settings()
    run(settings, host, port)
