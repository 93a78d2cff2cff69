"""Messages as files: readable, whole, and one for each message however often it is written."""

import os
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from notify.channel import ChannelDownError, DeliveryError
from notify.mail_folder import MailFolder, file_name
from tests.notify.test_smtp import FILES, MAIL


def folder_at(path):
    folder = MailFolder(path / "outbox", "duban@localhost", "自治区督查室")
    folder.open()
    return folder


def test_a_file_that_mail_programs_open(tmp_path):
    folder_at(tmp_path).send(MAIL)
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.name == "2013-12-26-自治区科技厅-7.eml"
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["Subject"] == MAIL.subject
    assert message["To"] == "张联络 <zhang@example.cn>"
    assert message.get_body(("html",)).get_content().strip() == MAIL.html
    assert MAIL.text.splitlines()[0] in path.read_text(encoding="utf-8")


def test_a_file_that_goes_with_it(tmp_path):
    folder_at(tmp_path).send(replace(MAIL, files=FILES))
    (path,) = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert [(part.get_filename(), part.get_content()) for part in message.iter_attachments()] == [
        (file.name, file.content) for file in FILES
    ]
    assert message.get_body(("plain",)).get_content().startswith(MAIL.text.splitlines()[0])


def test_a_unit_without_address_is_named(tmp_path):
    folder_at(tmp_path).send(replace(MAIL, name="自治区科技厅", address=""))
    (path,) = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"].groups[0].display_name == "自治区科技厅"
    assert message["To"].addresses == ()


def test_twice_is_one_file(tmp_path):
    folder = folder_at(tmp_path)
    folder.send(MAIL)
    first = next((tmp_path / "outbox").iterdir()).read_bytes()
    folder.send(MAIL)
    (path,) = (tmp_path / "outbox").iterdir()
    with_own_boundary = message_from_bytes(path.read_bytes(), policy=default)
    assert with_own_boundary["Message-ID"] == message_from_bytes(first, policy=default)["Message-ID"]


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        pytest.param("市/县\\区:人民政府", "市_县_区_人民政府", id="separators"),
        pytest.param("../../etc/passwd", "etc_passwd", id="ways out"),
        pytest.param("有关县（市、区）人民政府", "有关县（市、区）人民政府", id="an ordinary name"),
        pytest.param("///", "unit", id="nothing left"),
        pytest.param("长" * 120, "长" * 40, id="long"),
    ],
)
def test_names_that_file_systems_take(unit, name):
    assert file_name(replace(MAIL, unit=unit)) == f"2013-12-26-{name}-7.eml"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "outbox").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(ChannelDownError, match="DUBAN_HOME"):
        folder_at(tmp_path)


def test_a_folder_that_went_away(tmp_path):
    folder = folder_at(tmp_path)
    os.rmdir(tmp_path / "outbox")  # noqa: PTH106
    with pytest.raises(DeliveryError, match="写不进发件夹") as failed:
        folder.send(MAIL)
    assert not failed.value.permanent
