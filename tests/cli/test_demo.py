"""The parts of the example that its own run in the build does not show."""

from datetime import date
from itertools import pairwise

import pytest

from cli.demo.review import example_file, reviewed_draft
from cli.demo.story import LAST_DAY, PUBLISHED_ON, actions, note_reports
from rules.calendar import is_working_day, nth_working_day
from rules.periods import parse_period, period_after


def test_a_folder_with_other_files_is_left_alone(duban, tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    outcome = duban("demo", "--keep", str(tmp_path))
    assert (outcome.code, outcome.err.startswith("error[folder-in-use]")) == (1, True)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep"


def test_the_shipped_notice_is_reviewed_into_a_draft_with_leads(tmp_path):
    draft = reviewed_draft(tmp_path)
    assert example_file().exists()
    assert all([unit.role for unit in item.units].count("lead") == 1 for item in draft.items if item.issue)
    assert sum(len(item.tasks) for item in draft.items) == 21


def test_the_story_is_told_on_days_that_can_be():
    for action in actions().values():
        filed = [report.day for report in action.reports]
        assert filed == sorted(filed)
        assert all(is_working_day(day) for day in filed)
        assert all(later >= earlier for one, two in pairwise(action.reports) for earlier, later in zip(one.values, two.values, strict=True))
    assert [report.period for report in note_reports()] == ["2013Q1", "2013Q2", "2013Q3"]


@pytest.mark.parametrize(("period", "day"), PUBLISHED_ON.items())
def test_bulletins_come_on_the_fifth_working_day(period, day):
    assert day == nth_working_day(period_after(parse_period(period)).starts_on, 5)
    assert day <= LAST_DAY
    assert day > date(2013, 1, 1)
