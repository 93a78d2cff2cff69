"""From a document to a plan in the browser: beside its source, corrected in place, issued after a yes; and what hostile files leave behind."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from sqlmodel import Session, func, select

from models.draft_document import DraftDocument
from models.plan import Plan
from tests.intake.samples import EXAMPLES
from tests.web.conftest import Home
from tests.web.guests import words_of

WORD = EXAMPLES / "guangxi-2012-269.docx"
FRAGMENT = {"HX-Request": "true", "HX-Target": "i-t1-3"}


class Fields(HTMLParser):
    """The fields of a page's forms as a browser would send them, the last form that has a title."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "input" and said.get("name") and (said.get("type") != "checkbox" or "checked" in said):
            self.found[said["name"]] = said.get("value") or ""
        elif tag == "textarea":
            self._area = said["name"]
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and self._select and ("selected" in said or self._select not in self.found):
            self.found[self._select] = said["value"]

    def handle_data(self, data):
        if self._area:
            self.found[self._area] = data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            self._area = self._select = None


def fields_of(html: str) -> dict[str, str]:
    reader = Fields()
    reader.feed(html)
    return {name: value for name, value in reader.found.items() if name != "key"}


def rows(home: Home) -> list[DraftDocument]:
    with Session(home.context.engine) as session:
        return list(session.exec(select(DraftDocument).where(DraftDocument.id > 1)).all())


def test_a_document_is_read_corrected_in_place_and_issued(home: Home) -> None:
    office = home.guests["plan_office"]
    document = {"document": (WORD.name, WORD.read_bytes())}
    first = office.post("/drafts", {"key": "one"}, files=document)
    again = office.post("/drafts", {"key": "one"}, files=document)
    assert (first.status_code, first.headers["location"], again.headers["location"]) == (303, "/drafts/2", "/drafts/2")
    assert len(rows(home)) == 1

    page = office.get("/drafts/2").text
    assert re.search(r'<article class="item" id="i-t1-3" data-source="(b\d+r\d+)"', page)
    source = re.search(r'id="i-t1-3" data-source="(b\d+r\d+)"', page)
    assert source
    assert f'<tr id="{source[1]}">' in page
    assert '<a class="to" href="#i-t1-3">3</a>' in page
    assert "rowspan" in page
    assert "1 处须处理" in words_of(page)

    form = office.get("/drafts/2/items/t1-3/edit", headers=FRAGMENT).text
    sent = fields_of(form)
    # Sent back as it was shown, nothing is a correction.
    assert office.post("/drafts/2/items/t1-3", sent, headers=FRAGMENT).status_code == 303
    assert rows(home)[0].revision == 0
    done = office.post("/drafts/2/items/t1-3", {**sent, "title": "示范县", "unit-3-name": "省科技厅、林业厅"}, headers=FRAGMENT)
    card = office.get(done.headers["location"], headers=FRAGMENT).text
    assert card.lstrip().startswith('<article class="item" id="i-t1-3"')
    assert 'id="standing" class="standing" hx-swap-oob="true"' in card
    assert "省林业厅" in card
    item = next(one for one in rows(home)[0].draft["items"] if one["id"] == "t1-3")
    assert [(unit["name"], unit["role"]) for unit in item["units"]][3:] == [("省科技厅", "support"), ("省林业厅", "support")]

    late = office.post("/drafts/2/items/t1-3", {**sent, "title": "样板县"}, headers=FRAGMENT)
    assert late.status_code == 409
    assert 'value="样板县"' in late.text
    assert "<dt>标题</dt><dd>示范县</dd>" in late.text

    office.post("/drafts/2/first-leads", {"revision": "1"})
    summary = office.get("/drafts/2/issue").text
    names = re.findall(r'name="new_unit" value="([^"]+)"', summary)
    assert "自治区财政厅" in names
    # What each unit is given is seen before the yes.
    assert "单位 牵头 配合 自治区编办 1 0" in words_of(summary)
    unconfirmed = office.post("/drafts/2/issue", {"revision": "2"})
    assert unconfirmed.status_code == 422
    issued = office.post("/drafts/2/issue", {"revision": "2", "new_unit": names, "names_checked": "1"})
    assert issued.headers["location"] == "/plans/2"
    with Session(home.context.engine) as session:
        assert session.exec(select(func.count()).select_from(Plan)).one() == 2
    assert "已下达，打开计划" in office.get("/drafts/2").text
    assert office.get("/drafts/2/issue").headers["location"] == "/plans/2"


def test_a_plan_without_a_name_is_told_so_before_the_yes(home: Home) -> None:
    office, text = (
        home.guests["plan_office"],
        "一、修路。2030年12月31日前完成。（责任单位：省科技厅）\n二、架桥。2030年12月31日前完成。（责任单位：省财政厅）\n",
    )
    office.post("/drafts", files={"document": ("路桥.txt", text.encode())})
    assert "计划名称 —" in words_of(office.get("/drafts/2").text)
    summary = words_of(office.get("/drafts/2/issue").text)
    assert ("计划没有名称" in summary, "确认下达" in summary) == (True, False)


def test_what_changes_the_order_swaps_the_right_pane_alone(home: Home) -> None:
    office = home.guests["plan_office"]
    moved = office.post("/drafts/1/items/row-1/shape", {"revision": "0", "shape": "down"}, headers={"HX-Target": "draft"})
    pane = office.get(moved.headers["location"].partition("#")[0], headers={"HX-Target": "draft"}).text
    assert pane.lstrip().startswith('<div id="draft"')
    assert re.findall(r'id="i-(row-\d)"', pane) == ["row-2", "row-1"]
    card = office.get("/drafts/1/items/row-1?since=0", headers={"HX-Request": "true", "HX-Target": "i-row-1"})
    assert card.headers["HX-Retarget"] == "#draft"


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (30 << 20))
    return made.getvalue()


HOSTILE = {
    "bomb": ("计划.docx", bomb, "zip-bomb"),
    "picture": ("计划.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "file-damaged"),
    "cut": ("计划.docx", lambda: WORD.read_bytes()[:3000], "file-damaged"),
    "huge": ("计划.txt", lambda: b"a" * (51 << 20), "file-too-large"),
    "no-task": ("../../计划<b>.txt", lambda: "今天天气很好。".encode(), "no-table-no-note"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_upload_gets_a_sentence_and_leaves_nothing(home: Home, case: str) -> None:
    name, content, code = HOSTILE[case]
    kept = sorted(home.context.store.folder.rglob("*"))
    answer = home.guests["plan_office"].post("/drafts", {}, files={"document": (name, content())})
    assert answer.status_code in (413, 422)
    if answer.status_code == 422:
        assert f'data-code="{code}"' in answer.text
        assert "<b>" not in words_of(answer.text)
    assert rows(home) == []
    assert sorted(home.context.store.folder.rglob("*")) == kept


def test_names_are_completed_from_the_register_by_any_of_their_names(home: Home) -> None:
    found = home.guests["plan_office"].get("/units/names?unit-0-name=科技").text
    assert re.findall(r'value="([^"]+)"', found) == ["省科技厅"]


def test_a_completion_between_an_act_and_its_page_leaves_the_sentence(home: Home) -> None:
    office = home.guests["plan_office"]
    office.post("/drafts", files={"document": (WORD.name, WORD.read_bytes())})
    assert office.get("/units/names?to=科技").status_code == 200
    shown, again = office.get("/drafts").text, office.get("/drafts").text
    assert "已读入，请对照原文核对" in shown
    assert "已读入" not in again
