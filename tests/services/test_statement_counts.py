"""Reports, runs and checks ask the database as often for a large house as for a small one: each command that reads much, run on both."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from runtime.clock import today
from runtime.context import open_context
from tests.cli.running import Duban
from tests.counted_house import PLANNED_ELSEWHERE, counting, fill, more_of, read_whole, statements
from tests.databases import about_sqlite
from tests.homes import new_home, settings_of

SMALL, LARGE = 4, 12

Asked = tuple[int, list[str]]

# In this order: what writes comes last. The figures stand for the commands' own arguments; {year} is this year.
COMMANDS = (
    *("plan list", "plan show 1", "task list", "task show 2 --history", "task list --json", "unit list", "unit page 省科技厅"),
    *("request list", "notice list", "notice show 2", "case list", "case propose", "message list", "account list", "paper list"),
    *(
        "bulletin {year}Q1",
        "--as planner letter {year}",
        "scorecard show {year} --scheme county",
        "burden {year}Q1",
        "notice urge --task 2",
    ),
    *("remind --dry-run", "ledger verify", "ledger export {home}/ledger.jsonl", "ledger book -o {home}/book.xlsx", "doctor"),
    *("backup {home}/all.zip", "remind", "notice prepare", "ledger seal"),
)

# How many statements more the larger house may take, and why. The handing over of each message is begun and ended by two statements each: whatever breaks
# between, none is lost or sent twice.
ONE_BY_ONE = {"remind": 4 * 4}
# What is about all of it, and so reads all of it.
READ_ALL = (
    # Reports over every task, the whole ledger, or everything there is.
    *("unit page 省科技厅", "case propose", "bulletin {year}Q1", "scorecard show {year} --scheme county", "burden {year}Q1"),
    *("ledger verify", "ledger seal", "backup {home}/all.zip", "doctor"),
    # Listings that write out every row.
    *("request list", "notice list", "message list", "notice prepare"),
)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    with counting():
        yield tuple(_house(tmp_path_factory.mktemp("counted"), size) for size in (SMALL, LARGE))  # type: ignore[misc]


def _house(folder: Path, size: int) -> Path:
    with open_context(settings_of(new_home(folder), office="某县督查室", lang="zh")) as context:
        fill(context, size)
    return folder


@pytest.fixture(scope="module")
def asked(houses: tuple[Path, Path]) -> dict[str, tuple[Asked, Asked]]:
    """What each command asked of the small house and of the large one, in the order of the commands."""
    return {command: (_run(houses[0], command), _run(houses[1], command)) for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_asks_as_often_for_a_large_house(asked: dict[str, tuple[Asked, Asked]], command: str) -> None:
    (few, small), (many, large) = asked[command]
    assert (few, many) == (0, 0), (small, large)
    assert len(large) <= len(small) + ONE_BY_ONE.get(command, 0), more_of(small, large)


@about_sqlite(PLANNED_ELSEWHERE)
@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in READ_ALL])
def test_a_command_reads_no_growing_table_whole(houses: tuple[Path, Path], asked: dict[str, tuple[Asked, Asked]], command: str) -> None:
    assert read_whole(houses[1] / "duban.db", asked[command][1][1]) == {}


def _run(home: Path, command: str) -> Asked:
    statements()
    words = command.format(year=today().year, home=home).split()
    who = [] if words[0] == "--as" else ["--as", "watcher"]
    # Some write a file where they are.
    with chdir(home):
        outcome = Duban(home)(*who, *words, DUBAN_OFFICE="某县督查室", DUBAN_MAIL_FOLDER=str(home / "mail"))
    asked = statements()
    return (outcome.code, asked) if outcome.code == 0 and asked else (outcome.code or 9, [outcome.out, outcome.err])
