"""The web hook: what a receiver gets and can check, and what its answers mean."""

import hashlib
import hmac
from dataclasses import replace

import pytest

from notify.channel import ChannelDownError, DeliveryError
from notify.hook import Hook
from notify.webhook import Webhook
from tests.notify.robot_server import SECRET, Reply, robot_house
from tests.notify.test_smtp import MAIL


def send(house, mail=MAIL, secret=SECRET, **options):
    channel = Webhook("portal", Hook(house.url, secret, patience_seconds=0.6), **options)
    channel.open()
    try:
        channel.send(mail)
    finally:
        channel.close()


def test_what_a_receiver_gets():
    with robot_house(Reply(b"", 204)) as house:
        send(house)
    (asked,) = house.asked
    assert asked.json == {
        "schema": "duban/message/1",
        "message_id": MAIL.message_id,
        "day": "2013-12-26",
        "unit": MAIL.unit,
        "name": MAIL.name,
        "address": MAIL.address,
        "subject": MAIL.subject,
        "text": MAIL.text,
    }
    assert asked.headers["Idempotency-Key"] == MAIL.message_id
    assert asked.headers["X-Duban-Signature"] == f"sha256={hmac.new(SECRET.encode(), asked.body, hashlib.sha256).hexdigest()}"


def test_the_same_message_is_the_same_to_the_byte():
    with robot_house() as house:
        send(house)
        send(house, replace(MAIL, at=MAIL.at.replace(year=2014)))
    assert house.asked[0].body == house.asked[1].body


def test_without_a_key_nothing_is_signed():
    with robot_house() as house:
        send(house, secret=None)
    assert "X-Duban-Signature" not in house.asked[0].headers


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_receipts(status):
    with robot_house(Reply(b"", status)) as house:
        send(house)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        *[(status, "passing") for status in (408, 425, 429, 500, 502, 503)],
        *[(status, "permanent") for status in (400, 403, 404, 410, 413, 422)],
        *[(status, "down") for status in (301, 307, 401)],
        (504, "uncertain"),
    ],
)
def test_refusals(status, meaning):
    with robot_house(Reply(b"no such person", status)) as house, pytest.raises(DeliveryError, match=f"{status} no such person") as failed:
        send(house)
    assert isinstance(failed.value, ChannelDownError) == (meaning == "down")
    assert (failed.value.permanent, failed.value.uncertain) == (meaning == "permanent", meaning == "uncertain")


def test_a_receiver_that_drops_twins_may_be_asked_again():
    with robot_house(Reply(b"", 504)) as house, pytest.raises(DeliveryError) as failed:
        send(house, drops_twins=True)
    assert not failed.value.uncertain
    assert Webhook("portal", Hook(house.url), drops_twins=True).drops_twins
