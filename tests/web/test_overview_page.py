"""The overview of the house and the page of the program itself: the numbers are those of the lists, and what is not judged yet is said."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from models.task import TaskState
from rules.rule_set import DEFAULT_RULE_SET
from runtime.clock import today
from runtime.database import reading, transaction
from runtime.flow_board import BoardView, FlowLine, SchedulerState
from runtime.operators import note_well, report_failure
from runtime.settings import read_settings
from services.house_state import house_state
from services.plan_boards import Look
from services.queries import TaskFilter, list_tasks
from services.tasks import acknowledge_task
from tests import builders
from tests.web.conftest import Home
from tests.web.guests import words_of
from web.board_shelf import BoardQuestion, BoardShelf, boards_of
from web.system_view import Machine, system_page

DAY = date(2014, 1, 2)
LINES = (
    FlowLine("send-reminders", datetime(2014, 1, 3, 1, tzinfo=UTC), datetime(2014, 1, 2, 1, tzinfo=UTC), "Skipped", "2014-01-02 已办理过"),
    FlowLine("publish-bulletin", None, datetime(2013, 10, 12, 1, tzinfo=UTC), "Failed", "磁盘已满"),
)


def cells(html: str, key: str) -> Sequence[str]:
    """Return the sentences behind the cells of one map, the last row's last cell at the end."""
    section = html.split(f'<section id="{key}">')[1].split("</section>")[0]
    return re.findall(r'<td class="heat-[^"]+" title="([^"]*)"', section)


def test_the_maps_say_what_the_lists_count(home: Home) -> None:
    with reading(home.context.engine) as session:
        lights = Counter(row.light.value for row in list_tasks(session, TaskFilter(), DAY, DEFAULT_RULE_SET))
    words = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "grey": "灰灯"}
    wanted = "，".join(["任务 6 项", *(f"{word} {lights[light]}" for light, word in words.items() if lights[light])])
    html = home.guests["supervisor"].get(f"/overview?on={DAY}").text
    assert cells(html, "by-plan")[-1] == cells(html, "by-level")[-1] == cells(html, "by-unit")[-1] == wanted
    items = home.guests["supervisor"].get(f"/overview?on={DAY}&plan=1").text
    assert len(cells(items, "by-item")) == 2 * len(cells(html, "by-plan"))
    text = words_of(html)
    assert "已超期 2 项" in text
    assert "2013年12月31日 超期 2 天" in text
    assert "2014年12月31日 还有 363 天" in text
    assert "还没有汇总到" not in html
    assert " style=" not in html


def test_a_unit_sees_its_own_and_a_stranger_nothing(home: Home) -> None:
    assert "任务 6 项" in home.guests["unit"].get(f"/overview?on={DAY}").text
    text = words_of(home.guests["stranger"].get(f"/overview?on={DAY}").text)
    assert "还没有在办的计划" in text
    assert "示范" not in text
    assert home.guests["stranger"].get("/overview?plan=1").status_code == 404


def test_what_each_unit_has_in_hand_is_there_at_once(home: Home) -> None:
    html = home.guests["supervisor"].get("/overview").text
    shown = {word: sum(map(int, re.findall(rf'<td data-label="{word}"><div>(\d+)</div>', html))) for word in ("在办", "已超期", "已办结")}
    with reading(home.context.engine) as session:
        rows = list_tasks(session, TaskFilter(), today(), DEFAULT_RULE_SET)
    done = sum(row.state in (TaskState.COMPLETED, TaskState.CLOSED) for row in rows)
    late = sum(row.state in (TaskState.ASSIGNED, TaskState.IN_PROGRESS) and row.due_on < today() for row in rows)
    assert shown == {"在办": len(rows) - done, "已超期": late, "已办结": done}
    assert '<section id="loads">' not in home.guests["supervisor"].get(f"/overview?on={DAY}").text
    assert "省科技厅" not in words_of(home.guests["stranger"].get("/overview").text)


@pytest.mark.parametrize(("query", "status"), [("level=county", 200), ("level=x", 422), ("plan=9", 404), ("units_from=x", 200)])
def test_what_is_asked_for(home: Home, query: str, status: int) -> None:
    assert home.guests["supervisor"].get(f"/overview?on={DAY}&{query}").status_code == status


def test_a_house_too_large_for_one_answer_is_judged_bit_by_bit(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.overview.MOST_JUDGED", 0)
    guest, waiting = home.guests["supervisor"], []
    for _number in range(6):
        html = guest.get(f"/overview?on={DAY}").text
        waiting.append(re.findall(r"(\d) / 5。", html))
        assert ('hx-trigger="load' in html) == bool(waiting[-1])
    # The day itself comes first, then the quarters before; nothing half counted is kept.
    assert waiting == [["1"], ["2"], ["3"], ["4"], [], []]
    assert "还没有汇总到" not in html


def test_a_board_is_judged_again_only_where_an_act_changed_what_was_known(home: Home) -> None:
    shelf, office = BoardShelf(), builders.Actor(None, "planner", builders.AccountRole.PLAN_OFFICE)
    looks = (Look(date(2013, 3, 31), date(2013, 4, 3)), Look(DAY, DAY))

    def ask(most: int) -> tuple[int, list[object]]:
        with reading(home.context.engine) as session:
            boards = boards_of(shelf, session, BoardQuestion({home.plan_id: 6}, looks, office, most))
        return boards.missing, [boards.found.get((home.plan_id, look)) for look in looks]

    # Nothing is kept: one board is judged, the latest; then the other.
    assert (ask(0)[0], ask(0)[0]) == (1, 0)
    before = ask(0)[1]
    assert all(one is other for one, other in zip(ask(0)[1], before, strict=True))
    actor = builders.Actor(4, "science", builders.AccountRole.UNIT, home.units["unit"])
    with transaction(home.context.engine) as session:
        acknowledge_task(session, 1, builders.on(date(2013, 12, 20), actor))
    after = ask(0)[1]
    assert (after[0] is before[0], after[1] is before[1]) == (True, False)


def test_the_flows_with_their_next_and_last_runs(home: Home) -> None:
    home.board.show(BoardView(SchedulerState.DEGRADED, LINES, "没有排定下次运行"))
    text = words_of(home.guests["administrator"].get("/system").text)
    assert "时间表异常，流程不会自动运行 没有排定下次运行" in text
    assert "催办 2014年1月3日 09:00 2014年1月2日 09:00 无需办理：2014-01-02 已办理过 —" in text
    assert "通报 未排定 2013年10月12日 09:00 失败：磁盘已满 —" in text
    assert "时间表异常" in words_of(home.guests["supervisor"].get("/overview").text)


def test_a_flow_that_failed_and_where_papers_lie(home: Home) -> None:
    settings, guest = home.context.settings, home.guests["administrator"]
    report_failure(settings, "back-up", "磁盘已满")
    text = words_of(guest.get("/system").text)
    assert "没有办成，也没能告诉运维人员（没有设置 DUBAN_OPERATOR）。 磁盘已满" in text
    assert f"放在 {settings.home / 'outbox'}" in text
    assert f"放在 {settings.home / 'bulletins'}" in text
    note_well(settings, "back-up")
    assert "没有办成" not in words_of(guest.get("/system").text)
    with reading(home.context.engine) as session:
        mailing = Machine(house_state(session), home.board.view, read_settings(home=settings.home, smtp_host="mail.example"))
    assert "催办经邮件服务器 mail.example 发出" in str(system_page(mailing))


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SchedulerState.READY, "ok"),
        (SchedulerState.OFF, "ok"),
        (SchedulerState.STARTING, "degraded"),
        (SchedulerState.DEGRADED, "degraded"),
    ],
)
def test_health_tells_of_the_scheduler(home: Home, state: SchedulerState, status: str) -> None:
    home.board.show(BoardView(state, LINES, None))
    answer = home.nobody.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["scheduler"]) == (status, state.value)
    assert told["flows"] == {"send-reminders": "2014-01-03T01:00:00+00:00", "publish-bulletin": None}
