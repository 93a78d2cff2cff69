"""A flow that fails is told to the operator once a day, and where that is impossible it is written down."""

import json

import pytest

from rules.errors import DubanError
from runtime.clock import today
from runtime.operators import failures, note_well, report_failure
from runtime.settings import read_settings
from tests.notify.mail_server import free_port, mail_server

FLOW = "seal-ledger"
ERROR = DubanError("ledger-broken", "house 第 3 条与前一条对不上")


def test_one_mail_a_day_for_each_flow(tmp_path):
    with mail_server() as mailbox:
        settings = read_settings(
            home=tmp_path, smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_security="none", operator="ops@example.cn"
        )
        for flow in (FLOW, FLOW, "back-up", FLOW):
            assert report_failure(settings, flow, ERROR).untold == ""
    assert mailbox.received == {"ops@example.cn": 2}
    assert [(failure.flow, failure.day, failure.words) for failure in failures(settings)] == [
        ("back-up", today().isoformat(), ERROR.message),
        (FLOW, today().isoformat(), ERROR.message),
    ]


def test_a_failure_of_another_day_is_told_again(tmp_path):
    settings = read_settings(home=tmp_path, operator="ops@example.cn")
    report_failure(settings, FLOW, ERROR)
    place = tmp_path / "operator" / f"{FLOW}.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), "day": "2013-10-08"}))
    report_failure(settings, FLOW, ERROR)
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_where_the_mail_is_the_trouble_it_is_written_down_and_tried_again(tmp_path):
    settings = read_settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none", operator="ops@example.cn")
    assert report_failure(settings, FLOW, ERROR).untold
    [failure] = failures(settings)
    assert failure.untold
    with mail_server() as mailbox:
        settings = settings.model_copy(update={"smtp_port": mailbox.port})
        assert report_failure(settings, FLOW, ERROR).untold == ""
    assert mailbox.received == {"ops@example.cn": 1}


def test_nobody_is_told_where_no_operator_is_set(tmp_path):
    settings = read_settings(home=tmp_path)
    assert "DUBAN_OPERATOR" in report_failure(settings, FLOW, ERROR).untold
    assert not (tmp_path / "outbox").exists()


def test_a_failure_is_over_when_the_flow_ends_well_and_not_told_twice_on_its_day(tmp_path):
    settings = read_settings(home=tmp_path, operator="ops@example.cn")
    report_failure(settings, FLOW, ERROR)
    note_well(settings, FLOW)
    assert [failure.is_over for failure in failures(settings)] == [True]
    report_failure(settings, FLOW, ERROR)
    assert [failure.is_over for failure in failures(settings)] == [False]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    place = tmp_path / "operator" / f"{FLOW}.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), "day": "2013-10-08"}))
    note_well(settings, FLOW)
    assert failures(settings) == []


@pytest.mark.parametrize("content", ["", "[]", "{", '{"other": 1}'])
def test_a_spoilt_file_is_passed_over(tmp_path, content):
    settings = read_settings(home=tmp_path)
    (tmp_path / "operator").mkdir()
    (tmp_path / "operator" / f"{FLOW}.json").write_text(content)
    assert failures(settings) == []
    assert report_failure(settings, FLOW, "words").words == "words"


def test_a_home_that_cannot_be_written_hides_nothing(tmp_path):
    (tmp_path / "operator").write_text("a file where the folder should be")
    assert report_failure(read_settings(home=tmp_path), FLOW, ERROR).words == ERROR.message
