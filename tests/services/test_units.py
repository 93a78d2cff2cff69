"""The register of units: taken from lists, renamed, merged, split, with what was kept as it was."""

import re
from datetime import date, timedelta
from time import process_time

import openpyxl
import pytest
from sqlmodel import select

from models.account import Account
from models.ledger import LedgerEntry
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Contact, Unit, UnitAlias, UnitLevel
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from services.contact_register import ContactSaid, set_contact
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.rebuilding import differences
from services.tasks import acknowledge_task, complete_task, reopen_task, submit_task
from services.unit_changes import Reorganisation, merge_units, rename_unit, split_unit
from services.unit_import import import_units
from services.units import NewUnit, list_units, register_units, unit_named
from tests.builders import FINANCE, SCIENCE, TODAY, issued, on, people
from tests.databases import on_one_kind

CHANGED_ON = date(2014, 3, 3)
HEAD = "名称,简称/别名,上级单位,层级,地区,联系人,邮箱"


@pytest.fixture
def house(session):
    team = people(session)
    issued(session, team.office)
    yield session, team
    assert differences(session) == []
    assert first_break(session) is None


def listed(tmp_path, *lines, head=HEAD):
    place = tmp_path / "单位.csv"
    place.write_text("\n".join([head, *lines]), encoding="utf-8")
    return place


def leads(session, day):
    return {record.name.lead for record in read_tasks(session, Viewpoint(day, day), DEFAULT_RULE_SET)}


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def order(**changes):
    return Reorganisation(**{"from_day": CHANGED_ON, **changes})


def test_a_list_makes_units_with_superiors_names_and_contacts(house, tmp_path):
    session, team = house
    place = listed(
        tmp_path,
        "甲县科技局,县科技局、甲科局,甲县人民政府,县,甲市,张三,zhang@jia.example",
        "甲县人民政府,,甲市人民政府,县,甲市,,",
        "甲市人民政府,,,市,,,",
        f"{SCIENCE},省科委,,省,,李四,li@kjt.example",
        "甲县科技局,,,,,王五,wang@jia.example",
    )
    shown = import_units(session, place, on(TODAY, team.office), is_dry_run=True)
    assert session.exec(select(Unit).where(Unit.name == "甲县科技局")).first() is None
    done = import_units(session, place, on(TODAY, team.office))
    assert shown == done
    assert (done.new, done.completed) == (("甲市人民政府", "甲县人民政府", "甲县科技局"), (SCIENCE,))
    county = session.exec(select(Unit).where(Unit.name == "甲县科技局")).one()
    assert (county.level, county.region, session.get(Unit, county.parent_id).name) == (UnitLevel.COUNTY, "甲市", "甲县人民政府")
    assert unit_named(session, "甲科局") == county.id
    assert len(session.exec(select(Contact).where(Contact.unit_id == county.id)).all()) == 2
    again = import_units(session, place, on(TODAY, team.office))
    assert (again.new, again.completed, again.alias_count, again.contact_count) == ((), (), 0, 0)
    assert len(session.exec(select(LedgerEntry).where(LedgerEntry.act == "import-units")).all()) == 1


MISTAKES = [
    pytest.param([",别名,,,,,"], "第 2 行：没有单位名称", id="no name"),
    pytest.param(["甲局,,没有的单位,,,,"], "第 2 行：没有上级单位“没有的单位”", id="unknown superior"),
    pytest.param(["甲局,,,村,,,"], "第 2 行：不认识层级“村”", id="unknown level"),
    pytest.param(["甲局,,乙局,,,,", "乙局,,甲局,,,,"], "上下级成了一圈", id="a circle"),
    pytest.param(["甲局,,甲局,,,,"], "上下级成了一圈", id="under itself"),
    pytest.param(["甲局,丙,,,,,", "乙局,丙,,,,,"], "第 3 行：“丙”已经指“甲局”", id="one alias twice"),
    pytest.param([f"甲局,{SCIENCE},,,,,"], f"“{SCIENCE}”已经指“{SCIENCE}”", id="a registered name as alias"),
    pytest.param(["甲局,,,,,张三,不是地址"], "第 2 行：“不是地址”不是电子邮件地址", id="no address"),
    pytest.param(["甲局,,,,,张三,"], "联系人“张三”没有邮箱", id="contact without address"),
    pytest.param(["=HYPERLINK(1),,,,,,"], "第 2 行：“=HYPERLINK(1)”像公式，请改成文字（“名称”栏）", id="formula"),
    pytest.param(["甲局,@SUM(1),,,,,"], "“@SUM(1)”像公式，请改成文字（“别名”栏）", id="formula in an alias"),
    pytest.param(["甲" * 121 + ",,,,,,"], "名称超过 120 字", id="endless name"),
]


@on_one_kind
@pytest.mark.parametrize(("lines", "said"), MISTAKES)
def test_mistakes_are_named_by_row_and_nothing_is_kept(house, tmp_path, lines, said):
    session, team = house
    with pytest.raises(DubanError, match=re.escape(said[:12])) as refused:
        import_units(
            session, listed(tmp_path, "好局,,,,,,", *lines) if said.startswith("上") else listed(tmp_path, *lines), on(TODAY, team.office)
        )
    assert refused.value.code == "row-mistakes"
    assert said in refused.value.message
    assert session.exec(select(Unit).where(Unit.name == "好局")).first() is None


def test_a_file_without_names_is_refused(house, tmp_path):
    session, team = house
    assert refusal(import_units, session, listed(tmp_path, "甲,乙", head="a,b"), on(TODAY, team.office)) == "rows-not-read"


def test_a_unit_cannot_come_under_itself_by_way_of_the_register(house, tmp_path):
    session, team = house
    import_units(session, listed(tmp_path, "甲局,,,,,,", "乙局,,甲局,,,,"), on(TODAY, team.office))
    assert refusal(import_units, session, listed(tmp_path, "甲局,,乙局,,,,"), on(TODAY, team.office)) == "row-mistakes"


def test_many_counties_within_seconds(house, tmp_path):
    session, team = house
    book = openpyxl.Workbook()
    book.active.append(["单位名称", "别名", "上级单位", "层级", "地区", "联系人", "邮箱"])
    for prefecture in range(7):
        book.active.append([f"第{prefecture}市人民政府", None, None, "市", None, None, None])
        for county in range(100):
            name = f"第{prefecture}市第{county}县人民政府"
            book.active.append(
                [
                    name,
                    f"{prefecture}-{county}县",
                    f"第{prefecture}市人民政府",
                    "县",
                    f"第{prefecture}市",
                    "办公室",
                    f"c{county}@p{prefecture}.example",
                ]
            )
    place = tmp_path / "县.xlsx"
    book.save(place)
    begun = process_time()
    assert len(import_units(session, place, on(TODAY, team.office)).new) == 707
    assert process_time() - begun < 20


def test_in_2013_it_is_still_called_what_it_was_called(house):
    session, team = house
    rename_unit(session, SCIENCE, "省科学技术厅", date(2014, 2, 20), on(CHANGED_ON, team.office))
    assert leads(session, TODAY) == {SCIENCE}
    assert leads(session, CHANGED_ON) == {"省科学技术厅"}
    assert unit_named(session, SCIENCE) == unit_named(session, "省科学技术厅") == team.science.unit_id
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "rename-unit")).one()
    assert (entry.acted_on, entry.for_day) == (CHANGED_ON, date(2014, 2, 20))
    rename_unit(session, "省科学技术厅", SCIENCE, CHANGED_ON, on(CHANGED_ON, team.office))
    assert (unit_named(session, "省科学技术厅"), len(session.exec(select(UnitAlias)).all())) == (team.science.unit_id, 1)


RENAMINGS = [
    pytest.param("没有的厅", "新名", CHANGED_ON, "unknown-unit", id="unknown"),
    pytest.param(SCIENCE, FINANCE, CHANGED_ON, "alias-taken", id="another unit's name"),
    pytest.param(SCIENCE, SCIENCE, CHANGED_ON, "unit-itself", id="the same name"),
    pytest.param(SCIENCE, "新名", date(2015, 1, 1), "not-yet", id="a day ahead"),
]


@on_one_kind
@pytest.mark.parametrize(("old", "new", "day", "code"), RENAMINGS)
def test_renaming_refused(house, old, new, day, code):
    session, team = house
    assert refusal(rename_unit, session, old, new, day, on(CHANGED_ON, team.office)) == code


def done_and_begun(session, team):
    """The first task done, the second in progress, the others assigned."""
    for task_id in (1, 2):
        acknowledge_task(session, task_id, on(TODAY, team.science))
    submit_task(session, 1, "完成", on(TODAY, team.science))
    complete_task(session, 1, on(TODAY, team.supervisor))


def test_open_tasks_go_over_and_done_ones_stay(house):
    session, team = house
    done_and_begun(session, team)
    for unit, address in ((SCIENCE, "a@kjt.example"), (SCIENCE, "b@kjt.example"), (FINANCE, "b@kjt.example")):
        set_contact(session, unit, ContactSaid(address, "科"), on(TODAY, team.office))
    before = read_tasks(session, Viewpoint(TODAY, TODAY), DEFAULT_RULE_SET)
    made = merge_units(session, [SCIENCE], FINANCE, order(), on(CHANGED_ON, team.office))
    assert (made.successor, made.task_count) == (FINANCE, 5)
    assert read_tasks(session, Viewpoint(TODAY, TODAY), DEFAULT_RULE_SET) == before
    finance, science = team.finance.unit_id, team.science.unit_id
    roles = session.exec(select(Assignment.unit_id, Assignment.role).where(Assignment.task_id == 2)).all()
    assert roles == [(finance, AssignmentRole.LEAD)]
    kept = session.exec(select(Assignment.unit_id, Assignment.role).where(Assignment.task_id == 1)).all()
    assert sorted(kept) == [(science, AssignmentRole.LEAD), (finance, AssignmentRole.SUPPORT)]
    assert session.get(Task, 2).state is TaskState.IN_PROGRESS
    assert session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == 2).order_by(LedgerEntry.seq)).all()[-1] == "hand-over"
    assert session.exec(select(Account.unit_id).where(Account.name == "science")).one() == finance
    assert sorted(session.exec(select(Contact.address).where(Contact.unit_id == finance)).all()) == ["a@kjt.example", "b@kjt.example"]
    assert unit_named(session, SCIENCE) == finance
    ended = next(unit for unit in list_units(session) if unit.name == SCIENCE)
    assert (ended.successor, session.get(Unit, science).valid_to) == (FINANCE, CHANGED_ON)


def test_a_done_task_that_is_reopened_goes_over_too(house):
    session, team = house
    done_and_begun(session, team)
    merge_units(session, [SCIENCE], FINANCE, order(), on(CHANGED_ON, team.office))
    reopened_on = CHANGED_ON + timedelta(days=7)
    reopen_task(session, 1, "资料不实", on(reopened_on, team.supervisor))
    roles = session.exec(select(Assignment.unit_id, Assignment.role).where(Assignment.task_id == 1)).all()
    assert roles == [(team.finance.unit_id, AssignmentRole.LEAD)]
    assert SCIENCE in leads(session, reopened_on - timedelta(days=1))
    assert leads(session, reopened_on) == {FINANCE}


def test_units_merge_into_a_new_one_only_when_asked_for(house):
    session, team = house
    arguments = (session, [SCIENCE, FINANCE], "省科技和财政厅")
    assert refusal(merge_units, *arguments, order(), on(CHANGED_ON, team.office)) == "unknown-unit"
    made = merge_units(*arguments, order(may_register=True), on(CHANGED_ON, team.office))
    assert (made.new_units, made.task_count) == (("省科技和财政厅",), 6)
    assert leads(session, CHANGED_ON) == {"省科技和财政厅"}
    assert leads(session, TODAY) == {SCIENCE}
    assert register_units(session, [NewUnit(SCIENCE)], on(CHANGED_ON, team.office))[SCIENCE] == unit_named(session, "省科技和财政厅")


def test_a_superior_that_ends_hands_its_units_on_and_never_to_themselves(house, tmp_path):
    session, team = house
    import_units(session, listed(tmp_path, "甲局,,,,,,", "乙局,,甲局,,,,", "丙局,,甲局,,,,"), on(TODAY, team.office))
    merge_units(session, ["甲局"], "乙局", order(), on(CHANGED_ON, team.office))
    above = {unit.name: unit.parent for unit in list_units(session)}
    assert (above["乙局"], above["丙局"]) == (None, "乙局")


def test_the_first_part_of_a_split_takes_what_is_open(house):
    session, team = house
    made = split_unit(session, SCIENCE, ["省科技一厅", "省科技二厅"], order(may_register=True), on(CHANGED_ON, team.office))
    assert (made.successor, made.new_units, made.task_count) == ("省科技一厅", ("省科技一厅", "省科技二厅"), 6)
    assert leads(session, CHANGED_ON) == {"省科技一厅"}
    assert leads(session, TODAY) == {SCIENCE}


CHANGES = [
    pytest.param(lambda s, o: merge_units(s, [SCIENCE], SCIENCE, order(), o), "unit-itself", id="merged into itself"),
    pytest.param(lambda s, o: merge_units(s, [SCIENCE], FINANCE, order(from_day=date(2020, 1, 1)), o), "not-yet", id="a day ahead"),
    pytest.param(lambda s, o: split_unit(s, SCIENCE, [FINANCE], order(), o), "unit-itself", id="split into one"),
    pytest.param(lambda s, o: split_unit(s, SCIENCE, [SCIENCE, FINANCE], order(), o), "unit-itself", id="split into itself"),
    pytest.param(lambda s, o: split_unit(s, SCIENCE, [FINANCE, "没有的厅"], order(), o), "unknown-unit", id="unknown part"),
]


@on_one_kind
@pytest.mark.parametrize(("act", "code"), CHANGES)
def test_changes_refused(house, act, code):
    session, team = house
    assert refusal(act, session, on(CHANGED_ON, team.office)) == code


@pytest.mark.parametrize("who", ["supervisor", "science", "administrator"])
def test_only_the_plan_office_reorganises(house, who):
    session, team = house
    actor = on(CHANGED_ON, getattr(team, who))
    assert refusal(rename_unit, session, SCIENCE, "新", CHANGED_ON, actor) == "no-right"
    assert refusal(merge_units, session, [SCIENCE], FINANCE, order(), actor) == "no-right"
    assert refusal(split_unit, session, SCIENCE, ["一", "二"], order(), actor) == "no-right"


def test_units_do_not_import(house, tmp_path):
    session, team = house
    assert refusal(import_units, session, listed(tmp_path, "甲局,,,,,,"), on(TODAY, team.science)) == "no-right"
