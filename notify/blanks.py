"""Templates of digests, written once with blanks in the places of what differs from message to message, and filled for each: thousands leave in a day.

So the program's own template of a digest may print a message's own words and lines, and decide by all else that it is given. Lists of lines are written by
`lines | each(row, …)`, where `row` is a macro that prints a line's words and decides by what it is given beside the line. Templates that people changed are
not written this way and may do what they like.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jinja2 import Template, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from notify.line_words import Lines, LineWords

_MOST_KNOWN = 500
# Signs that stand in no template: the place of a word by its number, and the place of lines by theirs, with what is written of each line.
_WORD = re.compile("\0([0-9]+)\0")
_BLANK = re.compile("\0([0-9]+)\0|\1([0-9]+)\2(.*?)\1", re.DOTALL)

_ESCAPED = "&<>\"'"
_Columns = Sequence[Sequence[str]]


class _Row(NamedTuple):
    """What is written of each line: what is fixed, empty where a word goes, and which column of words goes there."""

    fixed: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]

    def filled(self, columns: _Columns) -> str:
        """Return it once for each line of these columns."""
        said = [*self.fixed] * len(columns[0])
        for place, number in self.gaps:
            said[place :: len(self.fixed)] = columns[number]
        return "".join(said)


class _Form(NamedTuple):
    """A template with blanks: what is fixed, empty where something goes, which own word goes where, and where which lines go."""

    fixed: tuple[str, ...]
    words: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, int, _Row], ...]

    def filled(self, own: Sequence[str], lines: Sequence[_Columns]) -> str:
        """Return it with these words and lines in their places."""
        said = [*self.fixed]
        for place, number in self.words:
            said[place] = own[number]
        for place, number, row in self.rows:
            said[place] = row.filled(lines[number])
        return "".join(said)


_known: dict[tuple[Template, Hashable], _Form] = {}


@dataclass(frozen=True)
class Words:
    """What the templates of a message are given: `own` and `lines` differ from message to message, `frame` is all else.

    `given` puts own words and lines in their places in a frame.
    """

    frame: Hashable
    own: Sequence[str]
    lines: Sequence[Lines]
    given: Callable[[Sequence[str], Sequence[Sequence[LineWords]]], Mapping[str, Any]]

    def written(self, template: Template, is_html: bool) -> str:
        """Return what a template of the program's own writes of them, tidy at its ends."""
        form = _known.get((template, self.frame))
        if form is None:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            form = _known[template, self.frame] = _form_of(template.render(self._blank))
        columns: Sequence[_Columns] = [lines.columns for lines in self.lines]
        own, columns = _escaped(self.own, columns) if is_html else (self.own, columns)
        return form.filled(own, columns).lstrip()

    @property
    def _blank(self) -> Mapping[str, Any]:
        """Return what a template is given so that it leaves blanks."""
        own = [f"\0{number}\0" for number in range(len(self.own))]
        return self.given(own, [_BlankLines(number, lines) for number, lines in enumerate(self.lines)])


def _escaped(own: Sequence[str], lines: Sequence[_Columns]) -> tuple[Sequence[str], Sequence[_Columns]]:
    # Mostly there is nothing in any of them to escape, which is seen in one go.
    together = "".join([*own, *["".join(map("".join, columns)) for columns in lines]])
    if not any(sign in together for sign in _ESCAPED):
        return own, lines
    return [str(escape(word)) for word in own], [[[str(escape(word)) for word in column] for column in columns] for columns in lines]


class _BlankLines(list[LineWords]):
    """One line that stands for all of a group's lines, with a blank for each word but a page and a limit that they lack."""

    def __init__(self, number: int, lines: Lines) -> None:
        self.number = number
        line = LineWords._make(f"\0{place}\0" for place in range(len(LineWords._fields)))
        super().__init__([line._replace(page=lines[0].page and line.page, limit=lines[0].limit and line.limit)])


@pass_context
def each(context: Context, lines: Sequence[LineWords], row: Macro, *given: object) -> str:
    """Return what the macro writes of all lines."""
    written = "".join([str(context.call(row, line, *given)) for line in lines])
    if isinstance(lines, _BlankLines):
        written = f"\1{lines.number}\2{written}\1"
    return Markup(written) if context.eval_ctx.autoescape else written


def _form_of(written: str) -> _Form:
    """Return a template written with blanks as a form."""
    # Between what is fixed stand, for each blank: an own word's number, or the number of lines and what is written of each.
    fixed, *blanks = _BLANK.split(f"{written.strip()}\n")
    texts, words, rows = [fixed], [], []
    for own, lines, row, text in zip(*[iter(blanks)] * 4, strict=True):
        if own is None:
            rows.append((len(texts), int(lines), _row_of(row)))
        else:
            words.append((len(texts), int(own)))
        texts += ["", text]
    return _Form(tuple(texts), tuple(words), tuple(rows))


def _row_of(written: str) -> _Row:
    parts = _WORD.split(written)
    gaps = tuple((place, int(parts[place])) for place in range(1, len(parts), 2))
    return _Row(tuple("" if place % 2 else part for place, part in enumerate(parts)), gaps)
