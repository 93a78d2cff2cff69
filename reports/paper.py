"""A paper as it is read, before it is a file: what stands on it, block by block, and nothing of how it is drawn.

A view (frozen figures) becomes a `Paper` once; the faces (`to_docx`, `to_pdf`, `to_html`, `to_md`, `to_xlsx`) lay the same paper out, so that no face can say another
number. The form is that of GB/T 9704-2012; what a face cannot show (a masthead in a workbook) it says in words or leaves out, never a figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from reports.words import NOTHING, Cell, Kind, cell_words
from rules.texts import _
from rules.words import day_words

RowStyle = Literal["plain", "group", "detail", "total"]


@dataclass(frozen=True)
class Masthead:
    """The red head: the paper's name, below it its issue or document number, and on the red rule a word at each side (an office, a day).

    `is_letter` asks for the letter form of the standard (10.1): the office's name over a double rule, no number on the first page.
    """

    name: str
    issue: str = ""
    left: str = ""
    right: str = ""
    is_letter: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of the body, without its number: `numbered` gives 一、（一）1. by `level`."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True)
class Text:
    """A paragraph of the body. `label` is a lead-in in heavy type. `key` says which sentence of the view it is, where an office may word it anew."""

    text: str
    label: str = ""
    key: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds and its width in millimetres on the sheet."""

    heading: str
    kind: Kind
    width: float


@dataclass(frozen=True)
class Row:
    """A table row with one cell for each column.

    A `group` row (a heading inside the table) and a `detail` row (words that belong to the row above) hold one text over all columns; a `total` row is heavy.
    """

    cells: tuple[Cell, ...]
    style: RowStyle = "plain"


@dataclass(frozen=True)
class Table:
    """A table. `over` are headings above groups of columns, each with the number of columns below it; they cover all columns, an empty one leaves its columns alone."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    over: tuple[tuple[str, int], ...] = ()

    def words_of(self, row: Row) -> tuple[str, ...]:
        """Return a row's cells in words: one text for a group or a detail; a total says nothing where there is nothing to add up."""
        if row.style in ("group", "detail"):
            return (cell_words("text", row.cells[0]),)
        words = tuple(cell_words(column.kind, cell) for column, cell in zip(self.columns, row.cells, strict=True))
        return tuple("" if word == NOTHING else word for word in words) if row.style == "total" else words


@dataclass(frozen=True)
class Pairs:
    """Facts as label and words, two pairs in a line where they are short."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Blank:
    """A field to be filled in by hand: its label, what is known already, and how many lines high it is."""

    label: str
    known: str = ""
    lines: int = 1


@dataclass(frozen=True)
class Slip:
    """A form on paper, such as a return slip: one or two fields in a line."""

    title: str
    rows: tuple[tuple[Blank, ...], ...]
    note: str = ""


ChartKind = Literal["shares", "bars", "grid", "curve"]


@dataclass(frozen=True)
class Chart:
    """A picture of the numbers in `table`, which stands behind it for whoever cannot see it; prints in black and white.

    `shares`: one bar cut by the second column, the third told beside it. `bars`: a bar a row by the second column (per cent), with a mark at the third (the pace). `grid`: counts by row and
    column, darker for more. `curve`: a line for each column after the first over the rows, the second column dashed (as planned).
    """

    title: str
    kind: ChartKind
    table: Table


@dataclass(frozen=True)
class Signature:
    """Who signs and when; the day stands four characters in from the right, the office centred upon it (7.3.5)."""

    signed_on: date | None
    office: str = ""


@dataclass(frozen=True)
class Parties:
    """Several who sign side by side, each over its lines to be filled in by hand (an agreement)."""

    columns: tuple[tuple[str, tuple[Blank, ...]], ...]


Block = Heading | Text | Table | Pairs | Slip | Chart | Signature | Parties


@dataclass(frozen=True)
class Annex:
    """An annex on its own page: its title and blocks; wide tables lie across (`is_landscape`)."""

    title: str
    blocks: tuple[Block, ...]
    is_landscape: bool = False


@dataclass(frozen=True)
class Record:
    """The record at the foot of the last page (版记, 7.4): copies to, the printing office, the day and the number of copies."""

    copies_to: tuple[str, ...] = ()
    office: str = ""
    printed_on: date | None = None
    copies: int | None = None


@dataclass(frozen=True)
class Paper:
    """A whole paper. `title` holds one line for each sense unit, `data` the view as plain values for the JSON face and for machines that read the HTML.
    `addressee` ends with its colon. Every text is one line; only a table's cell may hold line breaks.

    `level` is a word with its colour in print (【蓝色督办】, "1F4E9E"). `sheets` are tables for the workbook alone, in place of the paper's own, where people
    will sort and sum. `proof` is what the paper can be made again from and held against, in small type at the end.
    """

    kind: str
    name: str
    written_on: date
    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    data: Mapping[str, Any]
    masthead: Masthead | None = None
    level: tuple[str, str] | None = None
    addressee: str = ""
    signature: Signature | None = None
    annexes: tuple[Annex, ...] = ()
    record: Record | None = None
    proof: tuple[str, ...] = ()
    sheets: tuple[Table, ...] = field(default=())

    @property
    def title_line(self) -> str:
        """Return the title in one line; Latin words keep their distance."""
        line = ""
        for part in self.title:
            line += f" {part}" if line and line[-1].isascii() and part[:1].isascii() else part
        return line

    def all_blocks(self) -> Iterator[Block]:
        """Give the blocks of body and annexes."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks

    def tables(self) -> Iterator[Table]:
        """Give every table, those behind charts too."""
        for block in self.all_blocks():
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart):
                yield block.table


NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese figures: 十二, 二十; beyond 99 in Arabic ones."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return f"{NUMERALS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{NUMERALS[ones - 1] if ones else ''}"


def bears_title(block: Block, heading: str) -> bool:
    """Tell whether a block's title only says the heading or annex title right above it again; then it need not be shown."""
    return isinstance(block, Table | Pairs | Slip | Chart) and block.title == heading


def lead_in(text: Text) -> str:
    """Return a paragraph's label as it stands before its text: a Latin one keeps its distance."""
    return f"{text.label} " if text.label and text.label[-1].isascii() else text.label


def numbered(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, str]]:
    """Give every block with the words to print before it: a heading's number by its level (7.3.3), else nothing."""
    counts = [0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, ""
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (3 - block.level)
        yield block, heading_number(counts[block.level - 1], block.level)


def heading_number(number: int, level: int) -> str:
    """Return 一、 for level 1, （一） for 2, 1. for 3."""
    if level == 1:
        return _("{numeral}、").format(numeral=numeral(number), number=number)
    if level == 2:
        return _("（{numeral}）").format(numeral=numeral(number), number=number)
    return f"{number}. "


def annex_words(paper: Paper) -> tuple[str, ...]:
    """Return the lines that name the annexes below the body (7.3.4): a single one has no number, none has an end mark."""
    titles = [annex.title for annex in paper.annexes]
    if len(titles) == 1:
        return (_("附件：{title}").format(title=titles[0]),)
    first, other = _("附件：{number}. {title}"), _("{number}. {title}")
    return tuple((other if number > 1 else first).format(number=number, title=title) for number, title in enumerate(titles, start=1))


def annex_mark(paper: Paper, number: int) -> str:
    """Return the word at an annex's top left (7.3.7); `number` counts from 1."""
    return _("附件{number}").format(number=number) if len(paper.annexes) > 1 else _("附件")


def signed_words(signature: Signature) -> str:
    """Return the day in words; without a day, the blanks to write it into by hand."""
    return day_words(signature.signed_on) if signature.signed_on else _("　　　　年　　月　　日")


def record_lines(record: Record) -> tuple[tuple[str, str], ...]:
    """Return the lines of the record at the foot (7.4), each as its left and its right words."""
    lines = []
    if record.copies_to:
        lines.append((_("抄送：{units}。").format(units=_("，").join(record.copies_to)), ""))
    printed = _("{day}印发").format(day=day_words(record.printed_on)) if record.printed_on else ""
    if record.office or printed:
        lines.append((record.office, printed))
    if record.copies is not None:
        lines.append(("", _("共印{copies}份").format(copies=record.copies)))
    return tuple(lines)
