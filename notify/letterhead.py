"""The house's own look of messages: templates people changed, and where its pages are found. An edge puts them here once, as it does the language.

A changed template never stops a message: where it cannot be used, the packaged one is, and `notify.template_check` says what is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment

    from notify.blanks import Words

PARTS = ("subject.txt", "body.txt", "body.html")
SUFFIX = ".j2"
LONGEST_SUBJECT = 200
_LARGEST_BYTES = 200_000


@dataclass(frozen=True)
class Letterhead:
    """`templates` is the folder of changed templates, `<kind>/<part>.j2` below it; `pages` the address of the house's pages, without a slash at its end."""

    templates: Path | None = None
    pages: str | None = None


@dataclass(frozen=True)
class Rendered:
    """A message's three texts."""

    subject: str
    text: str
    html: str


_letterhead = Letterhead()


def use_letterhead(letterhead: Letterhead) -> None:
    """Write messages from here on with this letterhead."""
    global _letterhead
    _letterhead = letterhead


def task_page(task_id: int) -> str | None:
    """Return the address of a task's page, None where the house has not said where its pages are."""
    return f"{_letterhead.pages}/tasks/{task_id}" if _letterhead.pages else None


def changed_templates() -> dict[str, Path]:
    """Return the templates people have changed, by name (`reminder/body.txt`)."""
    folder = _letterhead.templates
    if folder is None:
        return {}
    return {name: path for name in template_names() if (path := folder / f"{name}{SUFFIX}").is_file()}


@cache
def template_names() -> tuple[str, ...]:
    """Return the names of all templates, `<kind>/<part>`."""
    return tuple(name.removesuffix(SUFFIX) for name in _packaged().list_templates())


def packaged_source(name: str) -> str:
    """Return what the program's own template of that name says."""
    environment = _packaged()
    assert environment.loader is not None
    return environment.loader.get_source(environment, f"{name}{SUFFIX}")[0]


def render(kind: str, words: Mapping[str, Any]) -> Rendered:
    """Return the three texts of a kind of message: each by the changed template where there is a usable one, else by the packaged."""
    from notify.blanks import Words

    changed, said = changed_templates(), Words(words)
    subject, text, html = (_part(f"{kind}/{part}", said, changed) for part in PARTS)
    return Rendered(" ".join(subject.split())[:LONGEST_SUBJECT], text.strip() + "\n", html.strip() + "\n")


def render_changed(name: str, path: Path, words: Mapping[str, Any]) -> str:
    """Return what a changed template says, any mistake in it raised as it comes."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError(path.name)
    template = _sandbox(name.endswith(".html")).from_string(path.read_text(encoding="utf-8-sig"))
    return template.render(words)


def _part(name: str, words: "Words", changed: Mapping[str, Path]) -> str:
    path = changed.get(name)
    if path is not None:
        try:
            said = render_changed(name, path, words.given)
        except Exception:
            # Whatever people wrote into it, the message must leave; the check names the mistake.
            said = ""
        if said.strip():
            return said
    return words.written(_packaged().get_template(f"{name}{SUFFIX}"), is_html=name.endswith(".html"))


_LAYOUT: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True, "auto_reload": False}


@cache
def _packaged() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from notify.blanks import each

    loader = PackageLoader("notify")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=lambda name: name is not None and ".html" in name, **_LAYOUT
    )
    environment.filters["each"] = each
    return environment


@cache
def _sandbox(is_html: bool) -> "SandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from notify.blanks import each

    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=is_html, **_LAYOUT)
    environment.filters["each"] = each
    return environment
