"""Radical characters that stand for whole ones: many PDF files, and texts copied from them, hold ⼈ (a radical) where 人 (a character) is printed.

The Kangxi radicals have their characters in Unicode's compatibility tables; most of the supplement has none there and is listed here.
"""

import re
import unicodedata

from intake.document import Block, Cell, Paragraph, Table

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
        cells.setdefault(id(cell), Cell(whole_characters(cell.text), cell.line) if RADICALS.search(cell.text) else cell)
    return Table(tuple(tuple(cells[id(cell)] for cell in row) for row in block.rows), block.sheet, block.first_row)
