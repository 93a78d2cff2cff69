"""Without a script, without a mouse, on paper: the pages do all of it."""

import re
from itertools import pairwise

import pypdfium2 as pdfium

from tests.browser.houses import done_on, reports_on, task_of
from tests.browser.pictures import picture
from tests.services.access_fixtures import PASSWORD

MOST_STEPS = 60
FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
    return {
        is: one.tagName.toLowerCase(), text: (one.textContent || one.name || "").trim().slice(0, 60), name: one.name || "", href: one.getAttribute("href") || "",
        place: [...document.querySelectorAll("*")].indexOf(one),
        shown: box.width > 0 && box.height > 0 && box.right > 0 && (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0 || look.boxShadow !== "none"),
    };
}"""


def test_without_script_a_unit_acknowledges_and_reports(house, address, somebody, tmp_path):
    person = somebody(address, "science", has_script=False)
    person.forgiven.append("422 (Unprocessable")
    task = task_of(house, 11)
    person.open("/work")
    person.press("签收", person.page.locator("li.card").filter(has=person.page.locator(f"a[href='/tasks/{task}']")))
    person.is_told("任务已签收")
    person.open(f"/tasks/{task}/report")
    person.page.locator("[name^=value-]").first.fill("很多")
    person.write("进展", "没有脚本也能填报")
    person.hand("佐证材料", picture(tmp_path / "现场.png"))
    person.press("填报")
    person.is_told("不是数字")
    assert person.field("进展").input_value() == "没有脚本也能填报"
    person.page.locator("[name^=value-]").first.fill("2")
    person.press("填报")
    person.is_told("已填报")
    assert reports_on(house, task) == 1
    person.open(f"/tasks/{task}")
    person.sees("现场.png")


def steps_to(page, wanted) -> list[dict]:
    """Press Tab until the wanted place has the focus; return all places on the way."""
    seen = []
    while len(seen) < MOST_STEPS:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if wanted(seen[-1]):
            return seen
    raise AssertionError(f"not reached: {[one['text'] for one in seen]}")


def went_well(steps) -> bool:
    """Tell whether each place showed that it had the focus, one after the other as they stand on the page."""
    assert [one for one in steps if not one["shown"]] == []
    return all(first["place"] <= second["place"] for first, second in pairwise(steps))


def test_by_keyboard_alone_from_the_log_in_to_a_report(house, address, somebody):
    person = somebody(address)
    page, task = person.page, task_of(house, 12)
    person.open("/log-in")
    assert went_well(steps_to(page, lambda at: at["name"] == "name"))
    page.keyboard.type("science")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    person.is_at("/work")
    assert went_well(steps_to(page, lambda at: at["is"] == "a" and at["href"] == "#content"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    person.open(f"/tasks/{task}")
    assert went_well(steps_to(page, lambda at: at["href"] == f"/tasks/{task}/acknowledge"))
    page.keyboard.press("Enter")
    person.is_at(f"/tasks/{task}/acknowledge")
    assert went_well(steps_to(page, lambda at: at["is"] == "button" and at["text"] == "签收"))
    page.keyboard.press("Enter")
    person.is_told("任务已签收")
    person.open(f"/tasks/{task}/report")
    assert went_well(steps_to(page, lambda at: at["name"] == "text"))
    page.keyboard.type("用键盘填报")
    assert went_well(steps_to(page, lambda at: at["is"] == "button" and at["text"] == "填报"))
    page.keyboard.press("Enter")
    person.is_told("已填报")
    assert done_on(house, task).count("report") == 1


def sheets_of(paper) -> list[tuple[float, float, str]]:
    """Return width, height and text of each page of a PDF."""
    with pdfium.PdfDocument(paper) as document:
        return [(*page.get_size(), page.get_textpage().get_text_range()) for page in document]


def test_the_plan_on_paper(house, address, somebody, tmp_path):
    """A4, broad: the heads of the table are repeated on each of its pages, and what is only for the screen is left out."""
    person = somebody(address, "office")
    person.open("/plans/1")
    person.page.emulate_media(media="print")
    assert not person.page.get_by_role("navigation").first.is_visible()
    paper = tmp_path / "plan.pdf"
    person.page.pdf(path=paper, prefer_css_page_size=True)
    sheets = sheets_of(paper)
    assert len(sheets) > 1
    assert all(width > height for width, height, _text in sheets)
    assert all("责任单位" in re.sub(r"\s", "", text) for _width, _height, text in sheets)
