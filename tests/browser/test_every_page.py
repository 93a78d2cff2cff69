"""Every page as it is met by a screen reader, a narrow phone and a printer: axe finds nothing, nothing runs over the edge, the language is said."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect
from sqlmodel import col, select

from models.account import Account
from runtime.database import transaction
from tests.browser.filled import NAMES, NEW, SUBMITTED, TAKEN_UP, fill
from tests.browser.houses import empty_house
from tests.browser.persons import DESKTOP, PHONE, Person
from tests.browser.serving import serving
from tests.web.guests import logged_in
from tests.web.routes import GUESTS, ROUTES

NO_PAGES = {
    "/": "goes on to another page",
    "/healthz": "for programs",
    "/readyz": "for programs",
    "/metrics": "for programs",
    "/language/{language}": "goes on to another page",
    "/plans/{plan_id:int}/lights": "a part of a page",
    "/units/names": "a part of a page",
    "/drafts/{draft_id:int}/items/{item}": "goes on to the draft",
    "/plans/{plan_id:int}/book.xlsx": "a file",
    "/tasks/{task_id:int}/hand-down/sheet.xlsx": "a file",
    "/tasks/{task_id:int}/evidence/{evidence_id:int}": "a file",
    "/drafts/{draft_id:int}/document": "a file",
    "/bulletins/{paper_id:int}/files/{name}": "a file",
    "/calendar/{secret}.ics": "a file",
    "/notices/{notice_id:int}/file": "a file",
    "/cases/{case_id:int}/file": "a file",
    "/notices/{notice_id:int}/paper": "a paper, which is set for printing",
    "/bulletins/{paper_id:int}/paper": "a paper, which is set for printing",
    "/bulletins/drafts/{draft_id:int}/paper": "a paper, which is set for printing",
}
TASKS = {"acknowledge": NEW, "review": SUBMITTED, "": SUBMITTED}
READERS = {"/drafts/{draft_id:int}/waive": "plan_office", "/notices/{notice_id:int}/answer": "unit", "/cases/{case_id:int}/answer": "unit"}
IN_ENGLISH = (
    "/plans/{plan_id:int}",
    "/work",
    "/tasks/{task_id:int}",
    "/tasks/{task_id:int}/report",
    "/desk",
    "/overview",
    "/drafts/{draft_id:int}",
)
AXE = """async (rules) => (await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], iframes: false, preload: false,
})).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`)"""
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
ON_NARROW = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}


def pages() -> list[tuple[str, str]]:
    """Every page of the table of routes, with who may see it."""
    found = []
    for (method, path), row in ROUTES.items():
        if method == "GET" and path not in NO_PAGES:
            seen_by = [name for name, status in zip(GUESTS, row.statuses, strict=True) if status == 200 and name in ("nobody", *NAMES)]
            found.append((path, READERS.get(path) or (seen_by[-1] if seen_by else "supervisor")))
    return found


def place_of(path: str, there: dict[str, str]) -> str:
    """Return the address that a page is asked at in the filled house."""
    if path in there:
        return there[path]
    before, is_task, rest = ROUTES["GET", path].asked.partition("/tasks/1")
    return f"{before}/tasks/{TASKS.get(rest.lstrip('/'), TAKEN_UP)}{rest}" if is_task else before


@dataclass(frozen=True)
class Filled:
    """A server on the filled house, its pages' own addresses, and the keys of log-ins by account."""

    address: str
    there: dict[str, str]
    keys: dict[str, str]


def keys_of(context) -> dict[str, str]:
    """Log everybody in as the page would, and return what their browsers keep."""
    with transaction(context.engine) as session:
        accounts = session.execute(select(col(Account.id), col(Account.name)).where(col(Account.name).in_(NAMES.values()))).all()
        return {name: logged_in(session, None, account_id).cookies["duban"] for account_id, name in accounts}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    with empty_house(folder / "house") as context:
        there = fill(context, folder)
        with serving(context) as port:
            yield Filled(f"http://127.0.0.1:{port}", there, keys_of(context))


@pytest.fixture(scope="module")
def readers(browser, filled):
    """A page for each role, logged in."""
    people = {role: Person(browser, filled.address) for role in ("nobody", *NAMES)}
    for role, name in NAMES.items():
        people[role].take_key(filled.keys[name])
    for person in people.values():
        # A browser that meets the same script on every page compiles it once.
        person.context.add_init_script(AXE_SCRIPT)
    yield people
    for person in people.values():
        person.leave()


def faults_of(person, path: str, language: str = "zh-CN") -> list[str]:
    """Open a page and return what is wrong with it, at a desk and on a phone."""
    page = person.page
    page.set_viewport_size(DESKTOP)
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return [f"{path}: {answer.status if answer else None}"]
    # Parts that come by themselves are there before anything is judged.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    found = page.evaluate(AXE, TAGS)
    page.set_viewport_size(PHONE)
    found += [f"narrow {one}" for one in page.evaluate(AXE, ON_NARROW)]
    width, said = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.lang]")
    found += [f"as wide as {width}"] if width > PHONE["width"] else []
    found += [f"said to be in {said}"] if said != language else []
    return [f"{path}: {one}" for one in found]


def test_every_page_can_be_used_by_everybody(filled, readers):
    faults = [fault for path, role in pages() for fault in faults_of(readers[role], place_of(path, filled.there))]
    assert faults == []


def test_pages_are_as_good_in_english(filled, readers):
    faults = []
    for person in readers.values():
        person.context.add_cookies([{"name": "duban-lang", "value": "en", "url": filled.address}])
    for path, role in pages():
        if path in IN_ENGLISH:
            faults += faults_of(readers[role], place_of(path, filled.there), "en")
    assert faults == []
