"""Lines of the log: what they hold, and what they never hold."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rules.errors import DubanError
from runtime.log_lines import STANDING, line_of
from runtime.logs import PrefectConsole, log, standing, start_logging
from runtime.settings import read_settings
from tests.cli.running import Duban
from tests.homes import new_home

PERSONAL = ("张三丰", "zhang.san@kjt.example", "13800138000", "cb33f19a7b0c4d0f8f0ad7b4", "a-secret-of-the-office")


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """A file that this process's log goes to until the test ends."""
    handlers, level = list(logging.getLogger().handlers), logging.getLogger("duban").level
    # A flow that ran in this process before has left its name.
    token = STANDING.set({})
    place = tmp_path / "duban.log"
    start_logging(read_settings(home=tmp_path, log="json", log_file=place, log_level="debug"))
    yield place
    STANDING.reset(token)
    for handler in logging.getLogger().handlers:
        if handler not in handlers:
            handler.close()
    logging.getLogger().handlers = handlers
    logging.getLogger("duban").setLevel(level)


def lines(place: Path) -> list[dict]:
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_what_happened_and_to_which_request(written):
    with standing(request="7f3a"):
        log(logging.getLogger("duban.web"), "request", {"route": "/tasks/{task_id:int}", "status": 200})
    log(logging.getLogger("duban.web"), "later", {})
    first, second = lines(written)
    assert first.pop("time").endswith("Z")
    named = {"level": "info", "logger": "duban.web", "event": "request"}
    assert first == {**named, "request": "7f3a", "route": "/tasks/{task_id:int}", "status": 200}
    assert "request" not in second


FOREIGN = {
    "quoted": "User 'zhang' said \"hello there\"",
    "chinese": "failed for 张三丰 of 科技厅",
    "address": "550 zhang.san@kjt.example unknown",
    "url": "HTTP Request: POST https://oapi.example/robot/send?access_token=abc",
    "numbers": "called 13800138000 in 3 s",
    "key": "key cb33f19a7b0c4d0f8f0ad7b4 refused",
}


@pytest.mark.parametrize("case", list(FOREIGN))
def test_a_librarys_line_loses_what_may_come_from_people(written, case):
    logging.getLogger("httpx").warning(FOREIGN[case])
    (line,) = lines(written)
    assert "…" in line["event"]
    told = written.read_text(encoding="utf-8")
    assert not [word for word in (*PERSONAL, "科技厅", "zhang", "hello", "oapi", "abc") if word in told]


def fall(deeper: Exception | None = None) -> None:
    try:
        if deeper:
            raise deeper
    except Exception as error:
        raise ValueError("for 张三丰") from error
    raise ValueError("for 张三丰")


FAULTS = {
    "plain": lambda: fall(),
    "with a cause": lambda: fall(KeyError("张三丰")),
    "of the database": lambda: fall(sa.exc.IntegrityError("INSERT …", {"name": "张三丰"}, sqlite3.IntegrityError("张三丰"))),
    "a refusal": lambda: fall(DubanError("unknown-unit", "没有单位“张三丰”")),
}


@pytest.mark.parametrize("case", list(FAULTS))
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_fault_is_told_by_kind_and_place_never_by_its_words(tmp_path, written, case, form):
    if form == "text":
        start_logging(read_settings(home=tmp_path, log_file=written))
    try:
        FAULTS[case]()
    except ValueError:
        logging.getLogger("duban.web").exception("failed for %s", "张三丰")
    told = written.read_text(encoding="utf-8")
    assert "张三丰" not in told
    assert all(word in told for word in ("failed for …", "ValueError", "test_logs.py", "fall"))
    assert ("unknown-unit" in told) == (case == "a refusal")
    assert ("IntegrityError" in told) == (case == "of the database")


def test_what_prefect_writes_goes_the_same_way(written, monkeypatch):
    monkeypatch.setenv("DUBAN_LOG", "json")
    monkeypatch.setenv("DUBAN_LOG_FILE", str(written))
    console = PrefectConsole(stream=None, styles={})
    console.emit(logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Invalid request of %s", ("张三丰",), None))
    console.close()
    (line,) = lines(written)
    assert (line["level"], line["event"]) == ("warning", "Invalid request of …")


def test_a_file_that_was_moved_away_is_begun_anew(written):
    log(logging.getLogger("duban.web"), "one", {})
    written.rename(written.with_suffix(".1"))
    log(logging.getLogger("duban.web"), "two", {})
    assert [line["event"] for line in lines(written)] == ["two"]


def test_lines_below_the_level_are_not_written(written, tmp_path):
    start_logging(read_settings(home=tmp_path, log="json", log_file=written, log_level="warning"))
    log(logging.getLogger("duban.web"), "request", {})
    log(logging.getLogger("duban.web"), "refused", {}, logging.WARNING)
    assert [line["event"] for line in lines(written)] == ["refused"]


def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(DubanError) as refusal:
        start_logging(read_settings(home=tmp_path, log_file=tmp_path / "none" / "duban.log"))
    assert refusal.value.code == "bad-setting"


def test_a_record_of_any_kind_can_be_written():
    record = logging.makeLogRecord({"name": "duban.x", "msg": "at %(x)s", "args": {"x": "张三丰"}, "levelname": "INFO"})
    assert "张三丰" not in json.dumps(line_of(record), ensure_ascii=False)


def test_a_command_leaves_its_name_and_end_and_nothing_that_was_typed(written, tmp_path):
    duban = Duban(new_home(tmp_path))
    said = {"DUBAN_LOG": "json", "DUBAN_LOG_FILE": str(written)}
    assert duban("unit", "list", **said).code == 0
    assert duban("--as", PERSONAL[0], "unit", "show", PERSONAL[0], **said).code != 0
    assert duban("unit", "list").code == 0
    told = [(line["command"], line["ended"]) for line in lines(written) if line["event"] == "command"]
    assert told[0] == ("unit list", "done")
    assert len(told) == 2
    assert told[1][0] in ("unit", "unit show")
    assert not [word for word in PERSONAL if word in written.read_text(encoding="utf-8")]
