"""Somebody before a real browser: what he does, counted, and everything his browser complains of."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.services.access_fixtures import PASSWORD

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


class Person:
    """One browser of its own. `taps` counts what he presses, follows, fills in or chooses. `forgiven` are complaints that belong to what a test does."""

    def __init__(self, browser: Browser, address: str, *, is_on_phone: bool = False, has_script: bool = True, language: str = "zh") -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            viewport=PHONE if is_on_phone else DESKTOP,
            has_touch=is_on_phone,
            is_mobile=is_on_phone,
            java_script_enabled=has_script,
            locale="zh-CN",
            accept_downloads=True,
        )
        self.context.add_cookies([{"name": "duban-lang", "value": language, "url": address}])
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.taps = 0
        self.complaints: list[str] = []
        self.forgiven: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("requestfailed", self._note_failed)

    def log_in(self, name: str) -> "Person":
        """Log in by the page, with a password."""
        self.page.goto("/log-in")
        self.type_log_in(name)
        return self

    def type_log_in(self, name: str) -> None:
        """Fill in the log-in page that is open."""
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label(re.compile("^口令")).fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/log-in" not in url)

    def key(self) -> str:
        """Return the secret of his log-in."""
        return next(str(cookie["value"]) for cookie in self.context.cookies() if cookie["name"] == "duban")

    def take_key(self, secret: str) -> None:
        """Be logged in with the secret of a log-in."""
        self.context.add_cookies([{"name": "duban", "value": secret, "url": self.address}])

    def open(self, path: str) -> "Person":
        self.page.goto(path)
        return self

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button by its whole name."""
        self._tap((within or self.page).get_by_role("button", name=name, exact=True).first)

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow a link by its name."""
        self._tap((within or self.page).get_by_role("link", name=name).first)

    def unfold(self, words: str) -> None:
        """Open what is folded under a heading."""
        self._tap(self.page.locator("summary").filter(has_text=words).first)

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill in a field by its label."""
        self.taps += 1
        self.field(label, within).fill(text)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """Return a field by its label."""
        return (within or self.page).get_by_label(label).and_(self.page.locator("input, textarea, select")).first

    def hand(self, label: str, *files: Path) -> None:
        """Choose files."""
        self.taps += 1
        self.field(label).set_input_files(list(files))

    def sees(self, text: str) -> None:
        """Wait until a text is shown."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_told(self, text: str) -> None:
        """Wait for the sentence that the last act left, or for the refusal."""
        expect(self.page.locator(".said, .refused, .sending").filter(has_text=text).first).to_be_visible()

    def sentence(self, selector: str = "#refused") -> str:
        return self.page.locator(selector).first.inner_text()

    def is_at(self, path: str) -> None:
        self.page.wait_for_url(re.compile(re.escape(self.address + path) + r"(?:[?#].*)?$"))

    def leave(self) -> None:
        """Close the browser; it must not have complained of anything that was not forgiven."""
        self.context.close()
        left = [one for one in self.complaints if not any(word in one for word in self.forgiven)]
        assert left == []

    def _tap(self, place: Locator) -> None:
        self.taps += 1
        place.click()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_failed(self, request: Request) -> None:
        # A page that is left takes its open requests with it; a download is taken over by the browser.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.method} {request.url} {request.failure}")
