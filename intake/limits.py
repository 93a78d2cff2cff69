"""How much of one paragraph and of one table is read: up to a limit, and the reader is told where that was.

Reading is linear in the document's length, but the notes and figures of one paragraph, and the columns of one table, are held against each other; nothing that a person
wrote comes near the limits.
"""

from dataclasses import replace

from intake.document import Block, Document, Paragraph, Table
from intake.draft import Finding
from rules.texts import _

LONGEST_PARAGRAPH = 50_000
MOST_COLUMNS = 300


def within_limits(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document with every paragraph of more than `LONGEST_PARAGRAPH` characters cut behind the last sentence before that, every table behind
    its first `MOST_COLUMNS` columns, and a finding for each.
    """
    long = [block for block in document.paragraphs if len(block.text) > LONGEST_PARAGRAPH]
    wide = [number for number, table in enumerate(document.tables, start=1) if _is_wide(table)]
    if not long and not any(table.width > MOST_COLUMNS for table in document.tables):
        return document, ()
    blocks = tuple(_narrowed(block) if isinstance(block, Table) else _cut(block) for block in document.blocks)
    return replace(document, blocks=blocks), (*(_told(block) for block in long), *(_told_wide(number) for number in wide))


def _is_wide(table: Table) -> bool:
    """Return whether a table says something beyond the columns that are read."""
    return table.width > MOST_COLUMNS and any(cell.text for row in table.rows for cell in row[MOST_COLUMNS:])


def _narrowed(table: Table) -> Table:
    return replace(table, rows=tuple(row[:MOST_COLUMNS] for row in table.rows)) if table.width > MOST_COLUMNS else table


def _told_wide(number: int) -> Finding:
    message = _("第{number}张表超过{most}列，只读了前{most}列；请删去多余的列，或分成几张表后再读")
    return Finding(code="columns-cut", severity="warning", message=message.format(number=number, most=MOST_COLUMNS))


def _cut(block: Block) -> Block:
    if not isinstance(block, Paragraph) or len(block.text) <= LONGEST_PARAGRAPH:
        return block
    stop = block.text.rfind("。", 0, LONGEST_PARAGRAPH) + 1
    return replace(block, text=block.text[: stop or LONGEST_PARAGRAPH])


def _told(block: Paragraph) -> Finding:
    message = _("第{line}行起的一段有{count}字，只读了前{most}字以内的整句；请按自然段分行后再读")
    text = message.format(line=block.line or 1, count=len(block.text), most=LONGEST_PARAGRAPH)
    return Finding(code="paragraph-cut", severity="warning", message=text)
