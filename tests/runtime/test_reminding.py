"""The reminder run as an installation has it: settings, lock, channel."""

import subprocess
import sys
from pathlib import Path

import pytest

from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel
from rules.errors import DubanError
from runtime import delivery_lock
from runtime.channels import routes_of
from runtime.reminding import run_reminders
from runtime.settings import read_settings
from services.occasion import SYSTEM, Occasion
from tests.notify.mail_server import mail_server
from tests.services.outbox_fixtures import TODAY, add_tasks, add_unit, messages, noon, open_house

ROOT = Path(__file__).resolve().parents[2]
NOW = Occasion(SYSTEM, TODAY, noon(TODAY))


@pytest.fixture
def house(tmp_path):
    house = open_house(f"sqlite:///{tmp_path}/duban.db")
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


def test_one_run_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(delivery_lock, "WAIT_SECONDS", 0.1)
    with (
        delivery_lock.delivery_lock(tmp_path),
        pytest.raises(DubanError, match="delivery-running"),
        delivery_lock.delivery_lock(tmp_path),
    ):
        pass


def test_the_lock_falls_with_its_process(tmp_path):
    program = "import os, signal, sys; from pathlib import Path; from runtime.delivery_lock import delivery_lock\n"
    program += "with delivery_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)
    assert (tmp_path / "deliver.lock").exists()
    with delivery_lock.delivery_lock(tmp_path) as owner:
        assert owner.startswith(delivery_lock.station_of(tmp_path) + ":")
