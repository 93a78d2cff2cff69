"""Radical characters that stand for whole ones: many PDF files, and texts copied from them, hold ⼈ (a radical) where 人 (a character) is printed.

They are read as whole characters, so that titles, units and searches are sound; what an item's words looked like in the document is kept beside them. The
Kangxi radicals have their characters in Unicode's compatibility tables; most of the supplement has none there and is listed here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from intake.document import Block, Cell, Paragraph, Table
from intake.phrases import squeeze

RADICALS = re.compile(r"[\u2e80-\u2fdf]")
SUPPLEMENT = dict(
    zip(
        "⺁⺈⺋⺌⺍⺎⺒⺓⺗⺝⺟⺠⺫⺬⺮⺶⺷⺸⺼⻁⻄⻅⻆⻉⻋⻌⻏⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⻲",
        "厂刀㔾小小兀巳幺心月母民目示竹羊羊羊肉虎西见角贝车辶阝長镸长门阝青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟龜",
        strict=True,
    )
)


def whole_characters(text: str) -> str:
    """Return `text` with each radical as the character that it is printed as."""
    return RADICALS.sub(lambda match: SUPPLEMENT.get(match[0]) or unicodedata.normalize("NFKC", match[0]), text)


class Wording:
    """The words of a document as it has them, found by the words that were read from it."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self._written = squeeze("\n".join(_texts(blocks)))
        self._read = whole_characters(self._written)
        self._at = 0

    @property
    def differs(self) -> bool:
        """Return whether the document holds any radicals."""
        return self._written != self._read

    def of(self, text: str) -> str | None:
        """Return `text`, which was read from the document, as it stands there; None where that is the same. Asked for in order, it looks onward first."""
        words = squeeze(text)
        at = self._read.find(words, self._at)
        at = at if at >= 0 else self._read.find(words)
        if at < 0:
            return None
        self._at = at
        written = iter(self._written[at : at + len(words)])
        found = "".join(char if char.isspace() else next(written) for char in text)
        return found if found != text else None


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from {id(cell): cell.text for row in block.rows for cell in row}.values()


def without_radicals(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with whole characters; a merged cell stays one object over its places."""
    cells: dict[int, Cell] = {}
    return tuple(_paragraph(block) if isinstance(block, Paragraph) else _table(block, cells) for block in blocks)


def _paragraph(block: Paragraph) -> Paragraph:
    return Paragraph(whole_characters(block.text), block.line, block.apart) if RADICALS.search(block.text) else block


def _table(block: Table, cells: dict[int, Cell]) -> Table:
    if not any(RADICALS.search(cell.text) for row in block.rows for cell in row):
        return block
    for cell in (cell for row in block.rows for cell in row):
        cells.setdefault(id(cell), replace(cell, text=whole_characters(cell.text)) if RADICALS.search(cell.text) else cell)
    return Table(tuple(tuple(cells[id(cell)] for cell in row) for row in block.rows), block.sheet, block.first_row)
