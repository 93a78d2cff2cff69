"""Texts for users: written in Chinese in the code, read through gettext.

The Chinese source string is the key. The language is ambient (a context variable) and set at the edges only: by the command line for
a whole run, by `use_language` for one message. English lives in `locale/en/LC_MESSAGES/duban.po`, read as it is: there is no compiled file to forget.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

LANGUAGES = ("zh", "en")
LOCALE_DIR = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("duban_language", default="zh")


def current_language() -> str:
    """Return the code of the language texts are read in now: `zh` or `en`."""
    return _language.get()


def set_language(language: str) -> None:
    """Read texts in `language` from here on; for an edge that serves one user."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language: {language}")
    _language.set(language)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Read texts in `language` inside the block, then as before."""
    before = _language.get()
    set_language(language)
    try:
        yield
    finally:
        _language.set(before)


def _(chinese: str) -> str:
    """Return `chinese` in the current language; a text without translation stays Chinese."""
    return _catalogue(_language.get()).gettext(chinese)


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == "zh":
        return NullTranslations()
    # Babel is imported here because a Chinese run never needs it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALE_DIR / language / "LC_MESSAGES" / "duban.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
