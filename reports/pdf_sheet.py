"""A paper as plain values for the typesetter: every word is chosen here, the template only lays out.

User text reaches the template as data, never as its code, so nothing written in a paper can command it.
"""

from reports import layout
from reports.layout import width_in_characters
from reports.paper import Annex, Masthead, Paper, annex_mark, annex_words, record_lines
from reports.pdf_blocks import Plain, blocks_of, signature_of, with_tail
from rules.texts import current_language


def sheet_of(paper: Paper) -> Plain:
    """Return the paper as values that JSON can hold; its texts are already fit to print."""
    day = paper.written_on
    blocks = blocks_of(paper.blocks, layout.TYPE_WIDTH_MM)
    return {
        "language": current_language(),
        "measures": _measures(),
        "name": paper.title_line or paper.name,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "masthead": _masthead(paper.masthead) if paper.masthead else None,
        "level": {"words": paper.level[0], "colour": paper.level[1]} if paper.level else None,
        "title": _title_lines(paper.title),
        "addressee": paper.addressee,
        "blocks": with_tail(blocks) if paper.signature or paper.annexes else blocks,
        "annex_words": list(annex_words(paper)),
        "signature": signature_of(paper.signature) if paper.signature else None,
        "annexes": [_annex(paper, number, annex) for number, annex in enumerate(paper.annexes, start=1)],
        "proof": list(paper.proof),
        "record": [{"left": left, "right": right} for left, right in record_lines(paper.record)] if paper.record else [],
    }


def texts_in(value: object) -> list[str]:
    """Return every text of the sheet that is printed; a picture's words stand in its source."""
    found: list[str] = []
    _gather(value, found)
    return found


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for part in value.values():
            _gather(part, found)
    elif isinstance(value, list):
        for part in value:
            _gather(part, found)


def _measures() -> Plain:
    return {
        "top": layout.MARGIN_TOP_MM,
        "bottom": layout.MARGIN_BOTTOM_MM,
        "left": layout.MARGIN_LEFT_MM,
        "right": layout.MARGIN_RIGHT_MM,
        "line": layout.LINE_PITCH_TWIPS / 20,
        "character": layout.CHARACTER_PITCH_PT,
        "body": layout.BODY_PT,
        "title": layout.TITLE_PT,
        "number": layout.PAGE_NUMBER_PT,
        "table": layout.TABLE_PT,
        "table_line": layout.TABLE_LINE_PT,
        "proof": layout.PROOF_PT,
        "form": layout.TABLE_TITLE_PT,
        "chart": layout.CHART_WIDTH_MM,
        "red": layout.RED,
        "masthead_drop": layout.MASTHEAD_DROP_MM,
        "rule_drop": layout.RULE_DROP_MM,
        "letter_name": layout.LETTER_NAME_MM,
        "letter_name_size": layout.LETTER_NAME_PT,
        "letter_rule": layout.LETTER_RULE_MM,
        "letter_foot": layout.LETTER_FOOT_MM,
    }


def _masthead(masthead: Masthead) -> Plain:
    # A long name, as in English, shrinks to stay on its line.
    fitting = min(1.0, layout.MASTHEAD_CHARACTERS / max(width_in_characters(masthead.name), 1))
    return {
        "name": masthead.name,
        "size": max(int(layout.MASTHEAD_PT * fitting), layout.BODY_PT),
        "issue": masthead.issue,
        "left": masthead.left,
        "right": masthead.right,
        "shares": [width_in_characters(words) + 1 for words in (masthead.left, masthead.right)],
        "is_letter": masthead.is_letter,
    }


def _title_lines(title: tuple[str, ...]) -> list[str]:
    return [part for line in title if line for part in layout.balanced_lines(line, layout.TITLE_CHARACTERS_PER_LINE)]


def _annex(paper: Paper, number: int, annex: Annex) -> Plain:
    return {
        "mark": annex_mark(paper, number),
        "title": _title_lines((annex.title,)),
        "is_landscape": annex.is_landscape,
        "blocks": blocks_of(annex.blocks, layout.LANDSCAPE_WIDTH_MM if annex.is_landscape else layout.TYPE_WIDTH_MM, above=annex.title),
    }
