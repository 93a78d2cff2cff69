"""Sentences of services on a page: nothing of the command line is left in them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from rules.errors import DubanError
from web.refusals import refusal_of, status_of, without_commands

CATALOGUE = Path(__file__).parents[2] / "rules" / "locale" / "en" / "LC_MESSAGES" / "duban.po"
COMMAND = re.compile(r"duban [a-z]+ |--[a-z]")


def texts() -> list[str]:
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="en")
    pairs = ((str(message.id), str(message.string)) for message in catalogue if message.id)
    return [text for pair in pairs if COMMAND.search(pair[0]) for text in pair if text]


def test_no_command_is_left_in_any_sentence() -> None:
    worded = [without_commands(text) for text in texts()]
    assert len(worded) > 100
    assert not [text for text in worded if COMMAND.search(text) or not text.strip()]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("没有任务 7，请用 duban task list 查看", "没有任务 7"),
        ("申请须写明目前进展（--progress）；这项任务还没有填报过进展", "申请须写明目前进展；这项任务还没有填报过进展"),
        ("还没有达到目标：总数 3 / 8。请先填报，或用 --reason 说明原因", "还没有达到目标：总数 3 / 8。请先填报，或在下面写明原因"),
        (
            "2013年第3季度的通报已印发，该期已封；补报请用 --correction 写明原因，通报不会改动",
            "2013年第3季度的通报已印发，该期已封；补报请在下面写明原因，通报不会改动",
        ),
        ("这样写没有命令，也不改动。", "这样写没有命令，也不改动。"),
        ("完成 12.5%，还差 1,200 户", "完成 12.5%，还差 1,200 户"),
    ],
)
def test_what_is_wrong_stays(said: str, shown: str) -> None:
    assert without_commands(said) == shown


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("unknown-task", 404),
        ("unknown-unit", 422),
        ("no-right", 403),
        ("changed-meanwhile", 409),
        ("database-busy", 503),
        ("no-words", 422),
    ],
)
def test_the_status_of_a_code(code: str, status: int) -> None:
    assert status_of(DubanError(code, "")) == status


def test_a_page_has_its_own_words_for_what_is_not_there() -> None:
    assert refusal_of(DubanError("unknown-task", "没有任务 7，请用 duban task list 查看")).text == "没有这项任务，或者它不归您查看。"
