"""The whole path, from a document to a bulletin, with three people in three browsers at once: the plan office, a unit on its phone, supervisors."""

import re
import zipfile
from datetime import date

import pytest
from playwright.sync_api import expect

from models.account import Account, AccountRole
from runtime.clock import now
from runtime.database import reading, transaction
from services.units import NewUnit, register_units
from tests.browser.houses import ROOT, THIS_YEAR, empty_house, is_whole
from tests.browser.pictures import picture
from tests.browser.serving import serving
from tests.builders import keep, occasion
from tests.services.access_fixtures import HASH

SCIENCE = "自治区科技厅"
REGISTERED = (
    *("自治区编办", "自治区人力资源社会保障厅", "自治区农业农村厅", "自治区民政厅", "自治区广播电视局", "自治区财政厅", "自治区党委组织部"),
    *("自治区发展改革委", "自治区林业厅", "自治区知识产权局", "自治区教育厅", "各市、县市区党委"),
)
PEOPLE = {
    "规划处": AccountRole.PLAN_OFFICE,
    "督查员甲": AccountRole.SUPERVISOR,
    "督查员乙": AccountRole.SUPERVISOR,
    "科技厅办公室": AccountRole.UNIT,
}
ACTION = "科技进步示范县建设行动"
PICTURE = "验收现场.png"
MOST_TAPS = 7


@pytest.fixture(scope="module")
def office_house(tmp_path_factory):
    """Units and people are registered; there is no plan."""
    with empty_house(tmp_path_factory.mktemp("office")) as context:
        with transaction(context.engine) as session:
            ids = register_units(session, [NewUnit(name) for name in (SCIENCE, *REGISTERED)], occasion(day=date(THIS_YEAR - 1, 1, 4)))
            for name, role in PEOPLE.items():
                facts = {"password_hash": HASH, "must_change_password": False, "created_at": now()}
                unit = ids[SCIENCE] if role is AccountRole.UNIT else None
                keep(session, Account(name=name, role=role, unit_id=unit, **facts), day=date(THIS_YEAR - 1, 1, 4))
        yield context


@pytest.fixture(scope="module")
def notice(tmp_path_factory):
    """The project's example in Word, its years moved so that its plan has begun this year."""
    place = tmp_path_factory.mktemp("notice") / "实施方案.docx"
    with zipfile.ZipFile(ROOT / "examples" / "guangxi-2012-269.docx") as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                moved = re.sub(r"20(?:12|13|14|15)(?!\d)", lambda year: str(int(year[0]) - 2013 + THIS_YEAR), content.decode())
                content = moved.encode()
            new.writestr(name, content)
    return place


def test_from_the_document_to_the_bulletin(office_house, notice, somebody, tmp_path):
    with serving(office_house) as port:
        at = f"http://127.0.0.1:{port}"
        office, unit = somebody(at, "规划处"), somebody(at, "科技厅办公室", is_on_phone=True)
        supervisor, second = somebody(at, "督查员甲"), somebody(at, "督查员乙")
        issue(office, notice)
        task = take_up(unit)
        report(unit, task, picture(tmp_path / PICTURE, 400))
        hand_in(unit, task, "名单已公示")
        send_back(supervisor, unit)
        hand_in(unit, task, "验收报告已补交")
        complete(supervisor, task)
        publish(supervisor, second)
        tell(office, task)
        with reading(office_house.engine) as session:
            assert is_whole(session)


def issue(office, notice):
    """The document is read, a unit's name corrected by completion, a finding waived with its reason, the plan issued."""
    office.open("/drafts")
    office.hand("计划文件", notice)
    office.press("读入")
    office.is_told("已读入")
    office.press("确认：未标明的，以首列单位为牵头")
    office.is_told("已保存")
    office.follow("名册中没有 自治区农业厅")
    office.field("登记的名称").fill("")
    office.field("登记的名称").press_sequentially("农业")
    expect(office.page.locator("#unit-names option[value='自治区农业农村厅']")).to_be_attached()
    office.write("登记的名称", "自治区农业农村厅")
    office.press("改用登记的名称")
    office.is_told("已统一")
    remark = office.page.locator(".item .finding.yellow").filter(has_text="人次").first
    office.follow("写明理由放行", remark)
    office.write("理由", "按人次统计，与年度进度一致")
    office.press("放行")
    office.sees("按人次统计，与年度进度一致")
    office.follow("下达…")
    office.sees("确认下达")
    office.page.get_by_label("这些名称都已逐个核对").check()
    office.press("确认下达")
    office.is_told("计划已下达")
    office.sees(ACTION)


def take_up(unit):
    """The unit takes the task of this year up on its phone; its number is returned."""
    unit.open("/work")
    card = unit.page.locator("li.card").filter(has_text=ACTION).filter(has_text=f"{THIS_YEAR}年").first
    task = int(re.search(r"/tasks/(\d+)", card.locator("h3 a").get_attribute("href"))[1])
    unit.press("签收", card)
    unit.is_told("任务已签收")
    return task


def report(unit, task, file):
    """A figure, a sentence and a picture, in few taps on a phone."""
    unit.open("/work")
    unit.taps = 0
    unit.unfold("牵头的在办任务")
    unit.follow(ACTION, unit.page.locator("#rest"))
    unit.follow("填报进展")
    unit.page.locator("[name^=value-]").first.fill("6")
    unit.taps += 1
    unit.write("进展", "六个示范县已通过验收，其余正在评审。")
    unit.hand("佐证材料", file)
    unit.press("填报")
    unit.is_told("已填报")
    assert unit.taps <= MOST_TAPS


def hand_in(unit, task, words):
    unit.open(f"/tasks/{task}/submit")
    unit.write("说明", words)
    unit.press("申请办结")
    unit.is_told("已申请办结")


def send_back(supervisor, unit):
    """The supervisor sees the claim beside its evidence and returns it; the unit reads why."""
    supervisor.open("/desk")
    supervisor.follow(ACTION)
    supervisor.sees("名单已公示")
    supervisor.sees("六个示范县已通过验收")
    shown = supervisor.page.locator("ul.evidence img").first
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    supervisor.write("退回理由", "缺验收报告，请补交")
    supervisor.press("退回")
    supervisor.is_told("已退回")
    unit.open("/work")
    unit.sees("缺验收报告，请补交")
    unit.follow("重新申请办结")
    unit.sees("缺验收报告，请补交")


def complete(supervisor, task):
    supervisor.open(f"/tasks/{task}/review")
    supervisor.sees("验收报告已补交")
    supervisor.press("同意办结")
    supervisor.is_told("已办结")


def publish(supervisor, second):
    """One supervisor drafts and words the bulletin, another approves it, the first publishes and downloads it."""
    supervisor.open("/bulletins")
    supervisor.press("拟稿")
    supervisor.is_told("已拟稿")
    supervisor.write("联系人和电话", "督查室 0771-1234567")
    supervisor.press("保存文字")
    supervisor.is_told("文字已保存")
    second.page.goto(supervisor.page.url)
    second.press("批准这些数字和文字")
    second.is_told("已批准")
    supervisor.page.reload()
    supervisor.press("下一步：核对后印发")
    supervisor.page.locator("#ask button.main").click()
    supervisor.is_told("已编号印发")
    supervisor.page.locator("table a[href^='/bulletins/']").last.click()
    with supervisor.page.expect_download() as coming:
        supervisor.page.locator("a[download][href$='.docx']").click()
    with zipfile.ZipFile(coming.value.path()) as paper:
        assert "word/document.xml" in paper.namelist()


def tell(office, task):
    """The task's page tells it all, the last act first."""
    office.open(f"/tasks/{task}")
    told = office.page.locator("ol.history").inner_text()
    order = [told.find(words) for words in ("验收报告已补交", "缺验收报告", "名单已公示", "六个示范县已通过验收")]
    assert -1 not in order
    assert order == sorted(order)
    assert all(name in told for name in PEOPLE if name != "督查员乙")
