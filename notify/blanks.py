"""Templates that are written once with blanks in the places of the words, and filled for each message: thousands leave in a day, and few differ in more than words.

So the program's own templates may do three things with words: print them, ask whether there are any, and decide by those that `DECIDING` names. Lists of lines are
written by `lines | each(row, …)`, where `row` is a macro that prints a line's words and decides by what it is given beside the line. Templates that people
changed are not written this way and may do what they like.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, repeat
from typing import Any

from jinja2 import Template, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from notify.line_words import Lines, LineWords

DECIDING = ("language", "urgency", "level")
_MOST_KNOWN = 500
# Signs that stand in no template: a word's place, and the place of lines with what is written of each.
_PLACE = re.compile("\0([0-9]+)\0|\1([0-9]+)\0(.*?)\1", re.DOTALL)


@dataclass(frozen=True)
class _Row:
    """What is written of each line: what stands before its words, one piece each, and after the last; and which words these are."""

    pieces: tuple[str, ...]
    places: tuple[int, ...]

    def written(self, lines: Lines, escaped: "_Escaping") -> Iterator[str]:
        """Give what is written of the lines, piece by piece."""
        woven: list[Iterable[str]] = []
        for piece, place in zip(self.pieces, self.places, strict=False):
            woven += [repeat(piece, len(lines)), escaped(lines.as_text[place])]
        return chain.from_iterable(zip(*woven, repeat(self.pieces[-1], len(lines)), strict=True))


@dataclass(frozen=True)
class _Blank:
    """A template with blanks: a piece of it, and which word or lines come after it; then its end."""

    pieces: tuple[tuple[str, int, _Row | None], ...]
    end: str

    def filled(self, words: Sequence[Any], escaped: "_Escaping") -> str:
        """Return it with these words and lines in their places."""
        single = iter(escaped([words[place] for _piece, place, row in self.pieces if row is None]))
        written: list[str] = []
        for piece, place, row in self.pieces:
            written.append(piece)
            if row is None:
                written.append(next(single))
            else:
                written += row.written(words[place], escaped)
        return "".join([*written, self.end])


_Escaping = Callable[[Sequence[str]], Sequence[str]]
_known: dict[tuple[Template, Any], _Blank] = {}


@dataclass(frozen=True)
class Words:
    """What a message's templates are given, and the same taken apart: its words and lines in a row, and the shape that is left without them."""

    given: Mapping[str, Any]

    @cached_property
    def _apart(self) -> tuple[Any, list[Any]]:
        words: list[Any] = []
        return _shape_of(self.given, words), words

    @cached_property
    def _escaping(self) -> "_Escaping":
        """Return how words are escaped. Mostly there is nothing in any of them to escape, which is seen in one go."""
        together = "".join(["".join(map("".join, words.as_text)) if isinstance(words, Lines) else words for words in self._apart[1]])
        return _as_they_are if len(escape(together)) == len(together) else _escaped

    def written(self, template: Template, *, is_html: bool) -> str:
        """Return what the template writes of them."""
        shape, words = self._apart
        blank = _known.get((template, shape))
        if blank is None:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            blank = _known[template, shape] = _blank_of(template.render(_with_blanks(self.given, count())))
        return blank.filled(words, self._escaping if is_html else _as_they_are)


@pass_context
def each(context: Context, lines: Sequence[LineWords], row: Macro, *given: object) -> str:
    """Return what the macro writes of all lines."""
    if isinstance(lines, _BlankLines):
        written = f"\1{lines.place}\0{context.call(row, lines.every_word, *given)}\1"
    else:
        written = "".join(str(context.call(row, line, *given)) for line in lines)
    return Markup(written) if context.eval_ctx.autoescape else written


def _shape_of(value: Any, words: list[Any]) -> Any:
    """Return what a template can decide by, and put into `words` what it can only print."""
    if isinstance(value, str):
        if value:
            words.append(value)
        return bool(value)
    if isinstance(value, dict):
        return tuple([(name, its if name in DECIDING else _shape_of(its, words)) for name, its in value.items()])
    if isinstance(value, Lines):
        words.append(value)
        return Lines, tuple(map(bool, value.first))
    return tuple([_shape_of(one, words) for one in value]) if isinstance(value, list | tuple) else ("", value)


class _BlankLines(Lines):
    """What stands for all lines at a place: one that is empty where the first of them is, and one with a blank for every word."""

    def __init__(self, place: int, first: LineWords) -> None:
        self.place = place
        self.every_word = LineWords._make(f"\0{number}\0" for number in range(len(first)))
        super().__init__(*([blank if word else ""] for word, blank in zip(first, self.every_word, strict=True)))


def _with_blanks(value: Any, places: Iterator[int]) -> Any:
    """Return the words with a blank for each, in the order in which `_shape_of` takes them out."""
    if isinstance(value, str):
        return f"\0{next(places)}\0" if value else ""
    if isinstance(value, dict):
        return {name: its if name in DECIDING else _with_blanks(its, places) for name, its in value.items()}
    if isinstance(value, Lines):
        return _BlankLines(next(places), value.first)
    return [_with_blanks(one, places) for one in value] if isinstance(value, list | tuple) else value


def _blank_of(written: str) -> _Blank:
    fixed = _PLACE.split(written)
    pieces = zip(*(fixed[number::4] for number in range(4)), strict=False)
    return _Blank(tuple((piece, int(word or lines), _row_of(row) if lines else None) for piece, word, lines, row in pieces), fixed[-1])


def _row_of(written: str) -> _Row:
    fixed = re.split("\0([0-9]+)\0", written)
    return _Row(tuple(fixed[::2]), tuple(map(int, fixed[1::2])))


def _as_they_are(words: Sequence[str]) -> Sequence[str]:
    return words


def _escaped(words: Sequence[str]) -> Sequence[str]:
    return [str(escape(word)) for word in words]
