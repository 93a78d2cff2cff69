"""A paper as PDF, set by typst in the form of GB/T 9704-2012: no office suite, no network, no empty boxes.

The compiler and its fonts are kept for the life of the process, and one paper is set at a time: typst allows no two at once.
"""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

from typst import Compiler, Fonts, TypstError

from reports.fonts import Chosen, chosen_for, no_glyph
from reports.paper import Paper
from reports.pdf_sheet import sheet_of, texts_in
from reports.readable import readable
from rules.errors import DubanError
from rules.texts import _, current_language

_TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"
SETTING = Lock()


def paper_pdf(paper: Paper, fonts: Path | None = None) -> bytes:
    """Return the paper as a tagged PDF with its fonts embedded; the same paper and fonts give the same bytes.

    `fonts` is the house's own folder of fonts. Raises DubanError `no-cjk-font` or `no-glyph` (`reports.fonts`) rather than print an empty box, and `pdf-not-made`.
    """
    sheet = sheet_of(readable(paper))
    chosen = chosen_for(texts_in(sheet), fonts)
    if current_language() == "en":
        chosen = chosen.led_by_latin()
    midnight = datetime(paper.written_on.year, paper.written_on.month, paper.written_on.day)  # noqa: DTZ001
    return typeset(sheet, chosen, int((midnight - datetime(1970, 1, 1)).total_seconds()))  # noqa: DTZ001


def typeset(sheet: dict[str, object], chosen: Chosen, timestamp: int) -> bytes:
    """Return the sheet set in these fonts; `timestamp` counts seconds and is written into the file as its date."""
    inputs = {"paper": json.dumps(sheet, ensure_ascii=False), "faces": json.dumps(chosen.families, ensure_ascii=False)}
    try:
        return compiled(_TEMPLATE, chosen, inputs, format="pdf", timestamp=timestamp, pdf_standards=["ua-1"])
    except TypstError as error:
        raise _refusal(error) from error


def compiled(template: Path, chosen: Chosen, inputs: dict[str, str], **asked: Any) -> bytes:
    """Return what the template makes of its inputs; DubanError `pdf-not-made` where the engine itself breaks down."""
    with SETTING:
        try:
            return cast(bytes, compiler(template, chosen.fonts).compile(sys_inputs=inputs, **asked))
        except BaseException as error:
            # The engine's panic is no Exception, and would pass by everyone who reports errors; what panicked is not used again.
            if type(error).__name__ != "PanicException":
                raise
            compiler.cache_clear()
            text = _("PDF 没有排成，排版引擎内部出错（{why}）；请先用 docx 或 html 格式，并把这份文件和这行提示交给维护人员")
            raise DubanError("pdf-not-made", text.format(why=" ".join(str(error).split())[:200])) from error


def _refusal(error: TypstError) -> Exception:
    """Return the refusal of a text that fonts draw one by one and not together; the standard asks that every text be drawn. Other errors are the template's."""
    found = re.search(r"the text `\"(.{1,40})\"` could not be displayed", error.message)
    return no_glyph(found[1], found[1]) if found else error


@cache
def compiler(template: Path, fonts: Fonts) -> Compiler:
    """Keep a compiler for each template and set of fonts. It reads its template's folder and nothing else; packages would come from a folder that does not exist."""
    nowhere = template.parent / "packages"
    return Compiler(template, root=template.parent, font_paths=fonts, package_path=nowhere, package_cache_path=nowhere)
