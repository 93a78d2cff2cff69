"""The line breaks in the middle of an upload, the answer is lost, the server is killed: the unit is told, keeps what it typed, and presses again; it is done once."""

from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from models.plan import Plan
from tests.browser.houses import done_on, reports_on, task_of
from tests.browser.persons import PATIENCE_MS
from tests.browser.pictures import picture
from tests.browser.serving import ServeProcess
from tests.browser.wire import Wire

UNSENT = "还没有送到"
BROKEN_LINE = ("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_INTERNET_DISCONNECTED", "ERR_SOCKET", "htmx:sendError", "htmx:afterRequest")


def port_of(address):
    return int(address.rpartition(":")[2])


@pytest.fixture
def wire(address):
    line = Wire(port_of(address))
    line.start()
    yield line
    line.stop()


def at_report(somebody, where, house, number, words):
    """A unit's person at the report form of an item he took up, with words typed; what a broken line makes the browser say is forgiven."""
    person = somebody(where, "science")
    person.forgiven += BROKEN_LINE
    task = task_of(house, number)
    person.open(f"/tasks/{task}/acknowledge").press("签收")
    person.is_told("已签收")
    person.open(f"/tasks/{task}/report")
    person.write("进展", words)
    return person, task


def presses_again(person, words):
    """He is told, his words are there, he presses again and it goes through."""
    person.is_told(UNSENT)
    assert person.field("进展").input_value() == words
    return person


def test_a_line_that_breaks_in_the_middle_of_an_upload(house, wire, somebody, tmp_path):
    person, task = at_report(somebody, wire.address, house, 6, "三个县已验收，照片见附件")
    person.hand("佐证材料", picture(tmp_path / "验收现场.png", 900))
    wire.cut_after = 600_000
    person.press("填报")
    presses_again(person, "三个县已验收，照片见附件")
    person.sees("验收现场.png")
    assert reports_on(house, task) == 0
    wire.mend()
    person.press("填报")
    person.is_told("已填报")
    assert reports_on(house, task) == 1
    person.open(f"/tasks/{task}")
    person.sees("验收现场.png")


def test_no_network_at_all(house, address, somebody):
    person, task = at_report(somebody, address, house, 7, "网络不通时写的")
    person.context.set_offline(True)
    person.press("填报")
    presses_again(person, "网络不通时写的")
    person.context.set_offline(False)
    person.press("填报")
    person.is_told("已填报")
    assert reports_on(house, task) == 1
    # What was sent is no longer kept for the form.
    person.open(f"/tasks/{task}/report")
    assert person.field("进展").input_value() == ""


def test_an_answer_that_is_lost_after_the_act_was_done(house, wire, somebody):
    person, task = at_report(somebody, wire.address, house, 8, "办了，没有听到回音")
    wire.is_deaf = True
    person.press("填报")
    assert wire.held.wait(PATIENCE_MS / 1000)
    assert reports_on(house, task) == 1
    wire.server_port, port = 1, wire.server_port
    wire.hang_up()
    presses_again(person, "办了，没有听到回音")
    wire.server_port = port
    wire.mend()
    person.press("填报")
    person.is_told("已填报")
    assert done_on(house, task).count("report") == 1


@contextmanager
def plans_held(engine):
    """Let nobody act on a plan meanwhile."""
    with engine.connect().execution_options(duban_writes=True) as connection, connection.begin():
        connection.execute(select(col(Plan.id)).with_for_update())
        yield


def test_a_server_that_is_killed_during_requests(house, address, somebody):
    """One act was written and its answer not yet heard, one still waits for the database when the server dies: pressed again, each is done once.

    Who answers then has never heard of what was asked of the dead.
    """
    server = ServeProcess(house.settings.home)
    server.start()
    wire = Wire(server.port)
    wire.start()
    try:
        unheard, done = at_report(somebody, wire.address, house, 9, "服务器停在办理之后")
        waiting, undone = at_report(somebody, wire.address, house, 10, "服务器停在办理之前")
        wire.is_deaf = True
        unheard.press("填报")
        assert wire.held.wait(PATIENCE_MS / 1000)
        with plans_held(house.engine):
            with waiting.page.expect_request(lambda asked: asked.method == "POST"):
                waiting.press("填报")
            server.kill()
            wire.hang_up()
        presses_again(unheard, "服务器停在办理之后")
        presses_again(waiting, "服务器停在办理之前")
        assert (reports_on(house, done), reports_on(house, undone)) == (1, 0)
        wire.server_port = port_of(address)
        wire.mend()
        for person, task in ((unheard, done), (waiting, undone)):
            person.press("填报")
            person.is_told("已填报")
            assert done_on(house, task).count("report") == 1
    finally:
        wire.stop()
        server.kill()
