"""Returned mail from sending to marking, as an office does it: saved from the mail program into a folder, read, read again."""

import json
from email import message_from_bytes
from email.policy import default

import pytest
import typer
from typer.testing import CliRunner

from cli.bounces import bounces
from rules.errors import DubanError
from tests.builders import SCIENCE
from tests.homes import environment_of
from tests.notify.returned import plain, report

DAY = "2013-12-26"


@pytest.fixture
def read_bounces(house, monkeypatch):
    app = typer.Typer()
    app.command()(bounces)
    for name, value in {**environment_of(house.home), "DUBAN_ACCOUNT": "office", "DUBAN_ON": DAY}.items():
        monkeypatch.setenv(name, value)
    return lambda *places: CliRunner().invoke(app, [str(place) for place in places])


@pytest.fixture
def returned(house, tmp_path):
    """A folder with a mail that came back, an answer by a person, and a file that is no mail."""
    assert house("unit", "contact", SCIENCE, "zhang@kjt.example.cn", "--as", "office", "--on", "2012-11-06").code == 0
    assert house("remind", "--as", "office", "--on", DAY).code == 0
    (sent,) = (house.home / "outbox").glob("*.eml")
    message_id = message_from_bytes(sent.read_bytes(), policy=default)["Message-ID"].strip("<>").partition("@")[0]
    folder = tmp_path / "returned"
    folder.mkdir()
    (folder / "back.eml").write_bytes(report().replace(b"20131226.contact-5.abc", message_id.encode()))
    (folder / "answer.EML").write_bytes(plain("已办理", "回复", "zhang@kjt.example.cn"))
    (folder / "notes.txt").write_text("no mail", encoding="utf-8")
    return folder


def test_a_folder_of_returned_mail(read_bounces, returned):
    assert "没有收不到的地址" in read_bounces().output
    first = read_bounces(returned)
    assert (first.exit_code, "被退回，已登记（1）" in first.output) == (0, True), first.output
    assert "zhang@kjt.example.cn" in first.output
    assert "User unknown" in first.output
    assert "“answer.EML”不是退信" in first.output
    assert "notes.txt" not in first.output
    assert "zhang@kjt.example.cn" in read_bounces().output
    again = read_bounces(returned / "back.eml")
    assert "以前已登记（1）" in again.output


def test_as_json(read_bounces, returned):
    listed = json.loads(read_bounces(returned / "back.eml", "--json").stdout)
    assert [(one["file"], one["address"]) for one in listed["bounced"]] == [("back.eml", "zhang@kjt.example.cn")]


def test_a_place_that_is_not_there(read_bounces, tmp_path):
    with pytest.raises(DubanError, match="file-missing"):
        raise read_bounces(tmp_path / "none").exception
