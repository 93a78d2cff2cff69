"""Saved web pages: the paragraphs and tables of the document on the page, as a reader sees them.

Which part of the page is the document is found in `html_page`; lines of the page that stand inside it all the same are left out by `webpage`. A table used for
laying out is walked through like any other part.
"""

import re

from lxml import etree

from intake.document import Block, Content, Paragraph
from intake.encoding import decode
from intake.phrases import squeeze, tidy_apart
from intake.readers.html_page import document_part, number_of, title_of
from intake.readers.html_table import is_for_layout, table_of
from intake.readers.stacked import with_stacked_tables
from intake.readers.webpage import is_card, is_of_the_page, said_once, without_organizers
from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _

INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
TOP_LINES = 12


def read_html(file: SafeFile) -> Content:
    """Return the document on the page; refuse a page without any text with file-empty."""
    text = DECLARATION.sub("", decode(file.data, file.name))
    root = etree.fromstring(text, etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)) if text.strip() else None
    blocks: list[Block] = []
    if root is not None:
        number = number_of(root)
        part = document_part(root)
        blocks = _with_top(said_once(with_stacked_tables(without_organizers(_Walk().blocks_of(part)))), title_of(root, part), number)
    if not blocks:
        raise DubanError("file-empty", _("网页“{name}”里没有文字；请在浏览器中打开原网页，另存为完整的网页后再读").format(name=file.name))
    return Content(tuple(blocks))


class _Walk:
    """One way through the page in the order of reading; text gathers until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._apart = False

    def blocks_of(self, part: etree._Element) -> list[Block]:
        """Return paragraphs and tables under `part`; no recursion, since pages nest as deep as they like."""
        walk = etree.iterwalk(part, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                if element.tag == "table" and not is_for_layout(element):
                    self._take_table(element)
                    skipped = element
                    walk.skip_subtree()
                    continue
                self._open(element)
            else:
                if element is not skipped:
                    self._close(element)
                self._words.append((element.tail or "") if element is not part else "")
        self._flush()
        return self.blocks

    def _open(self, element: etree._Element) -> None:
        if element.tag not in INLINE:
            self._flush()
            self._apart = self._apart or element.tag in HEADINGS
        if element.tag == "li":
            self._words.append(_number_in_list(element))
        self._words.append(element.text or "")

    def _close(self, element: etree._Element) -> None:
        if element.tag not in INLINE:
            is_empty = not self._flush()
            self._apart = self._apart or element.tag in HEADINGS or (element.tag == "p" and is_empty and not len(element))

    def _flush(self) -> bool:
        """Make a paragraph of the text gathered; return whether there was any."""
        text = tidy_apart("".join(self._words))
        self._words = []
        if text and not is_of_the_page(text):
            self.blocks.append(Paragraph(text, None, self._apart))
            self._apart = False
        return bool(text)

    def _take_table(self, element: etree._Element) -> None:
        self._flush()
        table = table_of(element)
        words = " ".join(cell.text for row in table.rows for cell in row)
        if words.strip() and not (is_card(words) and "单位" not in words):
            self.blocks.append(table)


def _number_in_list(item: etree._Element) -> str:
    """Return the number that a browser draws before an item of a numbered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or (parent.get("type") or "1") != "1" or "none" in (parent.get("style") or ""):
        return ""
    start = parent.get("start") or "1"
    first = int(start) if start.isdigit() and len(start) < 4 else 1
    return f"{first + sum(1 for before in item.itersiblings('li', preceding=True))}. "


def _with_top(blocks: list[Block], title: str | None, number: str | None) -> list[Block]:
    """Return the blocks with the title and the document number that only the page around them gives put on top."""
    top = "\n".join(squeeze(block.text) for block in blocks[:TOP_LINES] if isinstance(block, Paragraph))
    flat = top.replace("\n", "")
    missing = [words for words in (title, number) if words and squeeze(words) not in flat]
    if number in missing and any(isinstance(block, Paragraph) for block in blocks) and title and title in flat:
        return _after_title(blocks, title, number or "")
    return [*(Paragraph(words, None, apart=True) for words in missing), *blocks]


def _after_title(blocks: list[Block], title: str, number: str) -> list[Block]:
    at = next((at for at, block in enumerate(blocks) if isinstance(block, Paragraph) and squeeze(block.text).endswith(title[-6:])), 0)
    return [*blocks[: at + 1], Paragraph(number, None, apart=True), *blocks[at + 1 :]]
