"""`duban demo`: the shipped example from document to bulletin. Every number it prints comes from the services and flows themselves."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

from cli.demo.act import Players, approve, correct, issue_example, play_day, prepare_house, publish
from cli.demo.flows_run import serving
from cli.demo.story import CORRECTED_ON, ISSUED_ON, LAST_DAY, LAST_PERIOD, PUBLISHED_ON
from cli.demo.summary import print_accounts, print_summary
from cli.output import note, progress
from rules.calendar import is_working_day
from rules.errors import DubanError
from rules.texts import _
from runtime.context import Context, open_context
from runtime.database import open_engine, upgrade_database
from runtime.settings import Settings

MARK = ".duban-demo"


def play_demo(keep: Path | None) -> None:
    """Play the example in `keep`, or in a new temporary folder; a folder that holds anything but an earlier demo is left alone and refused."""
    home = _empty_folder(keep)
    note(_("示例在 {home} 中演示，不影响正式数据").format(home=home))
    _build(home)
    with _house(home) as context:
        passwords = prepare_house(context)
        players = issue_example(context, home)
        with serving(home, context.settings.office or "") as flows:
            _play_days(context, players)
            flows.run_both(LAST_DAY, lambda: approve(context, LAST_PERIOD, LAST_DAY))
        print_summary(context, home)
        print_accounts(home, {**passwords, **dict(list(players.passwords.items())[:2])})


def _play_days(context: Context, players: Players) -> None:
    days = [day for day in _days() if is_working_day(day) or day in players.days]
    for day in progress(days, _("正在演示 2012 年 11 月至 2013 年 10 月")):
        play_day(context, players, day)
        for period, published_on in PUBLISHED_ON.items():
            if day == published_on and day != LAST_DAY:
                publish(context, period, day)
        for period, corrected_on in CORRECTED_ON.items():
            if day == corrected_on:
                correct(context, period, _("印发后收到补报的进展"), day)


def _days() -> Iterator[date]:
    day = ISSUED_ON
    # The last day is left to the flows.
    while day < LAST_DAY:
        yield day
        day += timedelta(days=1)


def _empty_folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(mkdtemp(prefix="duban-demo-"))
    if keep.exists() and (not keep.is_dir() or (any(keep.iterdir()) and not (keep / MARK).exists())):
        raise DubanError("folder-in-use", _("{folder} 里已有别的文件，请给示例另选一个空文件夹").format(folder=keep))
    if keep.exists():
        shutil.rmtree(keep)
    keep.mkdir(parents=True)
    return keep.resolve()


def _build(home: Path) -> None:
    (home / MARK).touch()
    engine = open_engine(_settings(home).resolved_database_url)
    upgrade_database(engine)
    engine.dispose()


def _settings(home: Path) -> Settings:
    # What is set for the real house must not reach the example: its mails would leave.
    return Settings(home=home, database_url=f"sqlite:///{home / 'duban.db'}", smtp_host=None, office=_("自治区人民政府督查室"))


@contextmanager
def _house(home: Path) -> Iterator[Context]:
    with open_context(_settings(home)) as context:
        yield context
