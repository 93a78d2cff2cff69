"""The house's own look of messages: templates people changed, and where its pages are found. An edge puts them here once, as it does the language.

A changed template never stops a message: where it cannot be used, the packaged one is, and `notify.template_check` says what is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template
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
    return _rendered(kind, lambda: words, lambda template, _is_html: _tidy(template.render(words)))


def render_many(kind: str, words: "Words") -> Rendered:
    """Return the same for a kind of which thousands are written in a day: packaged templates are filled like forms."""
    return _rendered(kind, lambda: words.given(words.own, words.lines), words.written)


def _rendered(kind: str, given: Callable[[], Mapping[str, Any]], packaged: "Callable[[Template, bool], str]") -> Rendered:
    changed = changed_templates()
    names = [f"{kind}/{part}" for part in PARTS]
    said = [_by_changed(name, changed[name], given()) if name in changed else "" for name in names]
    subject, text, html = (its or packaged(_template(name), name.endswith(".html")) for its, name in zip(said, names, strict=True))
    return Rendered(" ".join(subject.split())[:LONGEST_SUBJECT], text, html)


def _by_changed(name: str, path: Path, words: Mapping[str, Any]) -> str:
    """Return what a changed template says, nothing where it cannot be used."""
    try:
        said = render_changed(name, path, words)
    except Exception:
        # Whatever people wrote into it, the message must leave; the check names the mistake.
        said = ""
    return _tidy(said) if said.strip() else ""


def _tidy(said: str) -> str:
    return said.strip() + "\n"


def render_changed(name: str, path: Path, words: Mapping[str, Any]) -> str:
    """Return what a changed template says, any mistake in it raised as it comes."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError(path.name)
    template = _sandbox(name.endswith(".html")).from_string(path.read_text(encoding="utf-8-sig"))
    return template.render(words)


_LAYOUT: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True, "auto_reload": False}


@cache
def _template(name: str) -> "Template":
    return _packaged().get_template(f"{name}{SUFFIX}")


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
