from importlib.metadata import version

import pytest

from cli.main import COMMANDS, take_common_options


def test_init_makes_one_administrator_and_shows_the_password_once(duban):
    first, again = duban("init"), duban("init")
    assert (first.code, again.code) == (0, 0)
    assert "一次性口令" in first.out
    assert "口令" not in again.out


def test_an_empty_house_says_what_to_do(duban):
    outcome = duban("plan", "list")
    assert outcome.code == 1
    assert outcome.err.startswith("error[database-outdated]:")
    assert "duban init" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["plan", "list", "--on", "yesterday"], 1, "error[bad-date]", id="bad day"),
        pytest.param(["--lang", "fr", "plan", "list"], 1, "error[bad-language]", id="bad language"),
        pytest.param(["task", "acknowledge", "1"], 1, "error[no-account]", id="nobody acts"),
        pytest.param(["task", "acknowledge", "1", "--as", "ghost"], 1, "error[unknown-account]", id="unknown account"),
        pytest.param(["task", "acknowledge", "one"], 2, "", id="wrong usage"),
        pytest.param(["nonsense"], 2, "", id="unknown command"),
        pytest.param(["plan", "list", "--database", "mysql://x/y"], 1, "error[bad-database-url]", id="wrong database"),
        pytest.param(["bulletin", "2013Q7"], 1, "error[bad-period]", id="bad period"),
        pytest.param(["bulletin", "2013Q1", "--format", "odt"], 1, "error[format-not-written]", id="unknown format"),
        pytest.param(["bulletin", "2013Q1", "--plan", "9", "--json"], 1, "error[unknown-plan]", id="unknown plan"),
    ],
)
def test_mistakes_are_one_line_and_a_code(house, arguments, code, said):
    outcome = house(*arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert code == 2 or outcome.err.count("\n") == 1


def test_common_options_stand_anywhere(monkeypatch):
    monkeypatch.setenv("DUBAN_ACCOUNT", "")
    monkeypatch.setenv("DUBAN_ON", "")
    assert take_common_options(["task", "report", "1", "--as", "kjt", "--text", "x", "--on=2013-04-01"]) == [
        "task",
        "report",
        "1",
        "--text",
        "x",
    ]
    assert take_common_options(["plan", "--", "--as"]) == ["plan", "--", "--as"]


def test_english_is_spoken_where_asked(house):
    outcome = house("task", "acknowledge", "1", "--lang", "en")
    assert outcome.err.startswith("error[no-account]:")
    assert outcome.err.isascii()


def test_the_version_is_told_without_a_database(duban):
    assert duban("--version").out == f"duban {version('duban')}\n"


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_explains_itself(duban, command):
    outcome = duban(command, "--help")
    assert outcome.code == 0
    assert command in outcome.out
