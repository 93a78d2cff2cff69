"""The same numbers everywhere: totals, shares, units and lagging tasks read back from every face and held against the view."""

import json

import pytest

from reports.bulletin import BUCKETS, Bulletin
from reports.faces import render
from rules.words import bucket_word, light_word
from tests.reports.builders import bulletin, empty_bulletin, large_bulletin, single_bulletin
from tests.reports.read_back import docx_tables, html_rows, html_tree, xlsx_sheets, xlsx_table

VIEWS = [pytest.param(bulletin(), id="full"), pytest.param(single_bulletin(), id="single"), pytest.param(large_bulletin(), id="large")]


def totals_of(view: Bulletin) -> list[list[str]]:
    return [[bucket_word(bucket), str(getattr(view.totals, bucket)), f"{getattr(view.shares, bucket):.1f}%"] for bucket in BUCKETS]


def units_of(view: Bulletin) -> list[list[str]]:
    return [
        [
            unit.name,
            *map(str, (unit.lead_tasks, unit.support_tasks, *(getattr(unit.counts, bucket) for bucket in BUCKETS))),
            *map(str, (unit.reports_due, unit.reports_on_time, unit.reports_missing)),
        ]
        for unit in view.units
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_word(view):
    tables = docx_tables(render(view, "docx"))
    assert [row[:3] for row in tables[0][1:8]] == totals_of(view)
    units = tables[2] if view.lagging else tables[1]
    assert units[1:] == units_of(view)
    if view.lagging:
        numbers = tables[1][1::2]
        assert [(row[2], row[5]) for row in numbers] == [(task.unit, light_word(task.light)) for task in view.lagging]
        assert all((f"落后{task.gap_pp:.1f}" if task.gap_pp else "—") == row[4] for row, task in zip(numbers, view.lagging, strict=True))
        assert all(f"已提醒{task.notices}次" in row[6] for row, task in zip(numbers, view.lagging, strict=True))


@pytest.mark.parametrize("view", VIEWS)
def test_html(view):
    page = render(view, "html").decode()
    assert [row[:3] for row in html_rows(page, "overall")[:7]] == totals_of(view)
    assert html_rows(page, "units") == units_of(view)
    for card, task in zip(html_tree(page).xpath("//article"), view.lagging, strict=True):
        facts = {part[0].text: part[1].text_content() for part in card.xpath(".//dl/div")}
        assert facts["牵头单位"] == task.unit
        assert facts["与序时差距（百分点）"] == (f"落后{task.gap_pp:.1f}" if task.gap_pp else "—")
        assert (f"逾期{task.days_overdue}天" in facts["期限"]) == (task.days_overdue > 0)
        assert facts["提醒"] == f"已提醒{task.notices}次"


@pytest.mark.parametrize("view", VIEWS)
def test_excel(view):
    sheets = xlsx_sheets(render(view, "xlsx"))
    overall = xlsx_table(sheets["总览"], head_row=4)
    assert [[row["类别"], str(row["任务数"]), f"{row['占比'] * 100:.1f}%"] for row in overall[:7]] == totals_of(view)
    assert overall[7]["任务数"] == view.totals.tasks
    assert [list(map(str, row.values())) for row in xlsx_table(sheets["单位"])] == units_of(view)
    for row, task in zip(xlsx_table(sheets["滞后任务"]), view.lagging, strict=True):
        assert (row["任务"], row["牵头单位"], row["灯色"]) == (task.task, task.unit, light_word(task.light))
        assert (row["目标"], row["实际"], row["与序时差距（百分点）"]) == (task.target, task.actual, task.gap_pp)
        assert (row["逾期天数"], row["已提醒次数"]) == (task.days_overdue, task.notices)


@pytest.mark.parametrize("view", [*VIEWS, pytest.param(empty_bulletin(), id="empty")])
def test_json(view):
    document = json.loads(render(view, "json"))
    assert document["totals"]["tasks"] == view.totals.tasks
    assert [unit["name"] for unit in document["units"]] == [unit.name for unit in view.units]
    assert [task["gap_pp"] for task in document["lagging"]] == [task.gap_pp for task in view.lagging]


def test_the_sample_itself_adds_up():
    view = bulletin()
    assert round(sum(getattr(view.shares, bucket) for bucket in BUCKETS), 1) == 100.0
    for bucket in BUCKETS:
        total = getattr(view.totals, bucket)
        assert total == sum(getattr(item.counts, bucket) for item in view.items)
        assert total == sum(getattr(unit.counts, bucket) for unit in view.units)
    assert len(view.lagging) == view.totals.behind + view.totals.overdue + view.totals.not_started
