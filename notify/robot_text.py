"""A message for a chat robot: the plain text, made safe from being read as markup, and cut to what a robot takes at once."""

import re
from collections.abc import Callable, Iterator, Sequence

from rules.texts import _

MAX_PARTS = 10
_SIGNATURE_MARK = "--"

# None of the robots documents an escape that all its clients honour; the full-width twin of a sign looks the same and means nothing to them.
_TWINS = str.maketrans("\\`*_[]<>~|", "＼｀＊＿［］＜＞～｜")
_LINK = re.compile(r"https?://[\w.:/?=&%#+-]+", re.ASCII)
_ENTITY = re.compile(r"&(?=#?\w{1,10};)")
_LEADING = re.compile(r"^([#=+-])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_NUMBER_ENDS = {".": "．", ")": "）"}
_TWIN_LEADS = {"#": "＃", "=": "＝", "+": "＋", "-": "－"}


def lines_of(text: str) -> list[str]:
    """Return the lines of a text; empty ones stay, but never two together or at an end. The mark before a mail's signature means nothing in a chat."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.rstrip() != _SIGNATURE_MARK and (line.strip() or (lines and lines[-1])):
            lines.append(line.rstrip())
    return lines


def without_markdown(line: str) -> str:
    """Return a line that shows as it is written where markdown is understood. Addresses of pages stay as they are, so that they can be opened."""
    body = line.lstrip(" \t")
    # Four spaces would make it a block of code.
    indent = "\u3000" * ((len(line) - len(body) + 1) // 2)
    body = _NUMBERED.sub(lambda found: found[1] + _NUMBER_ENDS[found[2]], _LEADING.sub(lambda found: _TWIN_LEADS[found[1]], body))
    said, end = [], 0
    for found in _LINK.finditer(body):
        said += [_twins(body[end : found.start()]), found[0]]
        end = found.end()
    return indent + "".join([*said, _twins(body[end:])])


def _twins(words: str) -> str:
    return _ENTITY.sub("＆", words.translate(_TWINS))


def cut(lines: Sequence[str], room: int, size_of: Callable[[str], int]) -> list[list[str]]:
    """Return the lines in groups of which each takes at most `room`, by what `size_of` says a line takes; at least one group.

    Cut is between lines; only a line that is too long by itself is cut within. After `MAX_PARTS` groups the last one says how many lines are left out.
    """
    groups: list[list[str]] = [[]]
    left, done = room, 0
    note = _("（还有 {count} 行从略，请到督办系统查看或与督办机构联系）")
    reserved = size_of(note.format(count=len(lines)))
    for number, line in enumerate(lines):
        for piece in _pieces(line, room - reserved, size_of):
            size = size_of(piece)
            if size > left - (reserved if len(groups) == MAX_PARTS else 0):
                if len(groups) == MAX_PARTS:
                    groups[-1].append(note.format(count=len(lines) - done))
                    return groups
                groups.append([])
                left = room
            groups[-1].append(piece)
            left -= size
        done = number + 1
    return groups


def _pieces(line: str, room: int, size_of: Callable[[str], int]) -> Iterator[str]:
    if size_of(line) <= room:
        yield line
        return
    # No sign takes less than a byte, and cutting by the widest they may take needs no second try.
    widest = max(size_of(sign) - size_of("") for sign in set(line))
    step = max(1, (room - size_of("")) // widest)
    for start in range(0, len(line), step):
        yield line[start : start + step]
