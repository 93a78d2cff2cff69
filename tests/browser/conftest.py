"""One browser, one house and its server for all tests of this folder. They are closed when its last test ends: what drives the browser keeps a loop that other tests must not meet."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from runtime.context import Context
from runtime.database import reading
from tests.browser.houses import empty_house, is_whole, settle
from tests.browser.persons import Person
from tests.browser.serving import serving

# The headless shell is the same engine without windows, which shows every page for some two thirds of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        pytest.fail("no browser of the Chromium family is installed: run scripts/browser.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIETLY, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A house whose plan runs this year and the next; every test has items of its own in it."""
    with empty_house(tmp_path_factory.mktemp("house")) as context:
        settle(context)
        yield context
        with reading(context.engine) as session:
            assert is_whole(session)


@pytest.fixture(scope="package")
def address(house: Context) -> Iterator[str]:
    with serving(house) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """The cookies of those who logged in by the page already."""
    return {}


@pytest.fixture
def somebody(browser: Browser, keys: dict[str, str]) -> Iterator[Callable[..., Person]]:
    """Make people; what their browsers complained of fails the test at its end. The first of a name logs in by the page, others have his key."""
    present: list[Person] = []

    def coming(where: str, name: str | None = None, **how: bool | str) -> Person:
        person = Person(browser, where, **how)  # type: ignore[arg-type]
        present.append(person)
        if name in keys:
            person.take_key(keys[name])
        elif name:
            keys[name] = person.log_in(name).key()
        return person

    yield coming
    for person in present:
        person.leave()
