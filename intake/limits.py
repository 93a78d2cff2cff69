"""How much of one paragraph is read: a text pasted as a single line is read up to a limit, and the reader is told where that was.

Reading is linear in the document's length, but the notes and figures of one paragraph are held together; no paragraph that a person wrote comes near the limit.
"""

from dataclasses import replace

from intake.document import Block, Document, Paragraph
from intake.draft import Finding
from rules.texts import _

LONGEST_PARAGRAPH = 50_000


def within_limits(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document with every paragraph of more than `LONGEST_PARAGRAPH` characters cut behind the last sentence before that, and a finding for each."""
    long = [block for block in document.paragraphs if len(block.text) > LONGEST_PARAGRAPH]
    if not long:
        return document, ()
    blocks = tuple(_cut(block) for block in document.blocks)
    return replace(document, blocks=blocks), tuple(_told(block) for block in long)


def _cut(block: Block) -> Block:
    if not isinstance(block, Paragraph) or len(block.text) <= LONGEST_PARAGRAPH:
        return block
    stop = block.text.rfind("。", 0, LONGEST_PARAGRAPH) + 1
    return replace(block, text=block.text[: stop or LONGEST_PARAGRAPH])


def _told(block: Paragraph) -> Finding:
    message = _("第{line}行起的一段有{count}字，只读了前{most}字以内的整句；请按自然段分行后再读")
    text = message.format(line=block.line or 1, count=len(block.text), most=LONGEST_PARAGRAPH)
    return Finding(code="paragraph-cut", severity="warning", message=text)
