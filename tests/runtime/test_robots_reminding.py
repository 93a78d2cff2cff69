"""A unit that is reached in a chat: its digest goes to the robot, by its rates, and what the robot answers is in the books."""

import pytest
from sqlmodel import select

from models.notice import Delivery, Message, MessageState
from models.unit import Contact
from runtime.settings import read_settings
from services.occasion import Occasion
from tests.builders import keep
from tests.homes import new_home, url_of
from tests.notify.robot_server import KEY, Reply, robot_house
from tests.runtime.test_reminding import NOW, run_reminders
from tests.services.outbox_fixtures import TODAY, add_tasks, add_unit, messages, noon, open_house


@pytest.fixture
def house(tmp_path):
    house = open_house(url_of(new_home(tmp_path)))
    for unit in ("科技厅", "财政厅"):
        add_unit(house, unit, address="kjt@example.cn" if unit == "科技厅" else None)
    with house.session() as session:
        keep(session, Contact(unit_id=house.units["财政厅"], name="李联络", channel="group", address="li.si", **fallback()))
    add_tasks(house, ["科技厅", "财政厅"])
    return house


def fallback():
    return {"fallback_channel": "mail", "fallback_address": "li@example.cn"}


def settings(tmp_path, there):
    path = tmp_path / "channels.toml"
    path.write_text(f'[robots.group]\nkind = "wecom"\nurl = "{there.url}"\n', encoding="utf-8")
    path.chmod(0o600)
    return read_settings(home=tmp_path)


def state_of(house, channel):
    return [message.state for message in messages(house) if message.channel == channel]


def test_a_digest_in_the_chat(house, tmp_path):
    with robot_house() as there:
        report = run_reminders(settings(tmp_path, there), house.engine, NOW)
        again = run_reminders(settings(tmp_path, there), house.engine, NOW)
    assert (len(report.sent), len(again.sent), len(there.asked)) == (2, 0, 1)
    content = there.asked[0].json["markdown"]["content"]
    assert content.startswith("**【督办提醒】")
    assert "<@li.si>" in content
    assert "［2］" in content
    assert state_of(house, "group") == [MessageState.SENT]


@pytest.mark.parametrize(
    ("reply", "state", "by_mail"),
    [
        pytest.param(Reply({"errcode": 45009, "errmsg": "too many"}), MessageState.PENDING, 1, id="passes"),
        pytest.param(Reply({"errcode": 93000, "errmsg": f"no robot {KEY}"}), MessageState.PENDING, 1, id="the robot is gone"),
        pytest.param(Reply({"errcode": 60111, "errmsg": "nobody of that id"}), MessageState.FAILED, 2, id="for good: the fallback"),
        pytest.param(Reply(cut=True), MessageState.UNCERTAIN, 1, id="in doubt"),
    ],
)
def test_what_a_robot_answers_is_in_the_books(house, tmp_path, reply, state, by_mail):
    with robot_house(otherwise=reply) as there:
        own = settings(tmp_path, there)
        run_reminders(own, house.engine, NOW)
        run_reminders(own, house.engine, Occasion(NOW.actor, TODAY, noon(TODAY)))
    assert state_of(house, "group") == [state]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == by_mail
    with house.session() as session:
        said = [*session.exec(select(Message.error)), *session.exec(select(Delivery.error))]
    assert not [error for error in said if error and KEY in error]
