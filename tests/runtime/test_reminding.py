"""The reminder run as an installation has it: settings, channels, processes."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel
from runtime import reminding
from runtime.channels import routes_of
from runtime.reminding import run_delivery
from runtime.settings import read_settings
from services.occasion import SYSTEM, Occasion
from tests.databases import KINDS, new_database
from tests.homes import new_home, url_of
from tests.notify.mail_server import free_port, mail_server
from tests.services.outbox_fixtures import TODAY, add_tasks, add_unit, messages, noon, open_house

NOW = Occasion(SYSTEM, TODAY, noon(TODAY))
# By that day's clock: these tests run at night too, when nothing leaves by itself.
run_reminders = partial(reminding.run_reminders, clock=lambda: noon(TODAY))


@pytest.fixture
def house(tmp_path):
    house = open_house(url_of(new_home(tmp_path)))
    add_unit(house, "科技厅", address="kjt@example.cn")
    add_tasks(house, ["科技厅"])
    return house


def test_without_mail_server_messages_are_files(house, tmp_path):
    settings = read_settings(home=tmp_path)
    assert isinstance(routes_of(settings).mail, MailFolder)
    report = run_reminders(settings, house.engine, NOW)
    assert len(report.sent) == len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_with_a_mail_server_messages_are_sent(house, tmp_path):
    with mail_server() as mailbox:
        settings = read_settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_security="none")
        assert isinstance(routes_of(settings).mail, SmtpChannel)
        run_reminders(settings, house.engine, NOW)
    assert mailbox.received == {"kjt@example.cn": 1}


def test_a_preview_leaves_nothing(house, tmp_path):
    report = run_reminders(read_settings(home=tmp_path / "home"), house.engine, NOW, only_preview=True)
    assert len(report.planned) == 1
    assert not messages(house)
    assert not (tmp_path / "home").exists()


@pytest.fixture(params=KINDS)
def busy_house(request, tmp_path):
    """A house on either database, with much to remind of."""
    is_sqlite = request.param == "sqlite"
    house = open_house(url_of(new_home(tmp_path)) if is_sqlite else new_database(request.getfixturevalue("postgres_template"), "migrated"))
    for number in range(21):
        add_unit(house, f"单位{number}", address=f"u{number}@example.cn")
        add_tasks(house, [f"单位{number}"])
    yield house
    house.engine.dispose()


def test_two_runs_at_once_work_side_by_side(busy_house, tmp_path):
    settings = read_settings(home=tmp_path)
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _n: run_reminders(settings, busy_house.engine, NOW), range(2)))
    assert sum(len(report.sent) for report in both) == len(list((tmp_path / "outbox").glob("*.eml"))) == 21


def test_what_waits_is_delivered_without_queueing(house, tmp_path):
    down = read_settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    assert [message.code for message in run_reminders(down, house.engine, NOW).not_sent] == ["waiting"]
    with mail_server() as mailbox:
        up = read_settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_security="none")
        assert run_delivery(up, house.engine, TODAY).sent == [1]
    assert mailbox.received == {"kjt@example.cn": 1}
