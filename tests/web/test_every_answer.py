"""What every answer has in common, whoever asks: nothing from other hosts, nothing that runs by itself, no pages beside those that are listed."""

import re

import pytest

from tests.web.conftest import Home


@pytest.mark.parametrize("path", ["/overview", "/tasks", "/tasks/1", "/healthz", "/static/duban.css", "/nowhere"])
def test_every_answer_is_closed_to_foreign_scripts_and_frames(home: Home, path: str) -> None:
    headers = home.guests["supervisor"].get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
    assert headers["Referrer-Policy"]


@pytest.mark.parametrize("path", ["/overview", "/tasks/1", "/system"])
def test_a_page_brings_nothing_from_outside_and_has_no_style_or_script_of_its_own(home: Home, path: str) -> None:
    guest = home.guests["administrator" if path == "/system" else "supervisor"]
    text = guest.get(path).text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text)
    assert not re.findall(r"\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|<style", text)
    assert all(guest.get(one).status_code == 200 for one in re.findall(r'(?:href|src)="(/static/[^"]+)"', text))


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/tasks/x", "/tasks/1/evidence/x"])
def test_no_further_pages(home: Home, path: str) -> None:
    assert home.guests["supervisor"].get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/overview", "/tasks/1", "/healthz", "/static/duban.css"])
def test_nothing_is_changed_by_other_methods(home: Home, method: str, path: str) -> None:
    assert home.guests["supervisor"].ask(method, path).status_code == 405
