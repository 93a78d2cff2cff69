"""Filling a Word template: the program's own, or the one an office edited in Word or WPS, `<kind>.docx` or `paper.docx` (`letter.docx`) in its folder.

docxtpl fills the single words; the long parts (body, annexes, proof) only leave a mark, where `to_docx` puts them. A template that cannot be used never stops a paper: the
program's own is used and the mistake is told, with file and placeholder. A paragraph or table row whose placeholders are all empty is left out, its fixed words too.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document as open_document
from docx.document import Document
from docx.oxml.ns import qn
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from reports import docx_styles, layout
from reports.docx_parts import Node
from reports.paper import Paper, record_lines, signed_words
from reports.sheet_check import LayoutFault
from reports.word_packaged import LETTER as LETTER
from reports.word_packaged import ORDINARY as ORDINARY
from reports.word_packaged import packaged_template
from rules.texts import _
from rules.words import day_words

BODY, ANNEX_LIST, ANNEXES, PROOF = "body", "annex_list", "annexes", "proof"
_MARKED = (BODY, ANNEX_LIST, ANNEXES, PROOF)
_WORDS = ("kind", "name", "written_on", "masthead", "issue", "left", "right", "level", "title", "addressee", "office", "signed_on")
_RECORD = ("copies_to", "record_office", "printed_on", "copies")
PLACEHOLDERS = (*_WORDS, *_RECORD, *_MARKED)

# What a paper of each kind may have its own template for; every other paper uses the ordinary one.
KINDS = (
    *("agreement", "assignment", "bulletin", "case-file", "notice", "proposal", "plan-comparison", "plan-figures", "reply"),
    *("scorecard", "unit-page", "urging", "conclusion", "decision", "praise"),
)
_LARGEST_BYTES = 20_000_000
_NAMED = re.compile(r"\{\{-?(?:r\s)?\s*([a-z_]+)")
_LOGGER = logging.getLogger("duban.templates")


class _Writing(SandboxedEnvironment):
    """Keeps what it compiled: of sixty notices in a row every one has the same text to be filled."""

    # Any: jinja's own types for what a template may be given are wider than the one text it gets here.
    def from_string(self, source: Any, *others: Any, **named: Any) -> Template:
        if others or named or not isinstance(source, str):
            return super().from_string(source, *others, **named)
        return self._compiled(source)

    @lru_cache(maxsize=64)  # noqa: B019 (there is one environment for the life of the process)
    def _compiled(self, source: str) -> Template:
        return super().from_string(source)


_WRITING = _Writing(undefined=StrictUndefined, autoescape=True)


class TemplateRefused(Exception):
    """A template that cannot be used: the placeholder it is about (empty: none), and why."""

    def __init__(self, placeholder: str, why: str) -> None:
        super().__init__(why)
        self.placeholder = placeholder
        self.why = why


@dataclass(frozen=True)
class WordTemplateMistake:
    """Why an office's Word template is not used; `placeholder` is empty where no single one is to blame."""

    path: Path
    placeholder: str
    why: str


def mark_of(part: str) -> str:
    """Return the text that stands where a long part belongs; no paper holds these characters."""
    return f"\ue0d0{part}\ue0d1"


def paper_words(paper: Paper) -> dict[str, str]:
    """Return what the placeholders stand for; what a paper lacks is empty."""
    head, signature = paper.masthead, paper.signature
    lines = [part for line in paper.title for part in layout.balanced_lines(line, layout.TITLE_CHARACTERS_PER_LINE)]
    held = {BODY: True, ANNEX_LIST: bool(paper.annexes), ANNEXES: bool(paper.annexes), PROOF: bool(paper.proof)}
    return {
        "kind": paper.kind,
        "name": paper.name,
        "written_on": day_words(paper.written_on),
        **({name: getattr(head, attribute) if head else "" for name, attribute in _HEAD.items()}),
        "level": paper.level[0] if paper.level else "",
        "title": "\n".join(lines),
        "addressee": paper.addressee,
        "office": signature.office if signature else "",
        "signed_on": signed_words(signature) if signature else "",
        **_record_words(paper),
        **{part: mark_of(part) if is_held else "" for part, is_held in held.items()},
    }


_HEAD = {"masthead": "name", "issue": "issue", "left": "left", "right": "right"}


def template_of(paper: Paper, folder: Path | None) -> Document:
    """Return the paper's template, filled but for its long parts; an office's own one if it can be used, else the program's."""
    words = paper_words(paper)
    plain = LETTER if paper.masthead and paper.masthead.is_letter else ORDINARY
    for path in _own(folder, paper.kind, plain):
        try:
            return tried(_read(path), words)
        except TemplateRefused as refused:
            _LOGGER.warning(word_mistake_words(WordTemplateMistake(path, refused.placeholder, refused.why)))
    return filled(packaged_template(plain), words)


def own_templates(folder: Path | None) -> dict[str, Path]:
    """Return the Word templates an office keeps, by name without ending; files that Word left open (~$) are none."""
    if folder is None or not folder.is_dir():
        return {}
    return {path.stem: path for path in sorted(folder.glob("*.docx")) if not path.name.startswith(("~$", "."))}


def word_template_mistakes(folder: Path | None) -> tuple[WordTemplateMistake, ...]:
    """Return why templates of this folder cannot be used, one mistake each; none where all can."""
    full = {name: mark_of(name) if name in _MARKED else name for name in PLACEHOLDERS}
    bare = {**dict.fromkeys(PLACEHOLDERS, ""), BODY: mark_of(BODY)}
    found = []
    for name, path in own_templates(folder).items():
        if name not in (ORDINARY, LETTER, *KINDS):
            text = _("没有这一种文件，不会用到；可用的名称：{names}")
            found.append(WordTemplateMistake(path, "", text.format(names=_("、").join((ORDINARY, LETTER, *KINDS)))))
            continue
        try:
            content = _read(path)
            for words in (full, bare):
                tried(content, words)
        except TemplateRefused as refused:
            found.append(WordTemplateMistake(path, refused.placeholder, refused.why))
    return tuple(found)


def template_faults(path: Path) -> tuple[LayoutFault, ...]:
    """Return where a usable template leaves the standard's layout."""
    from reports.layout_check import layout_faults

    return layout_faults(_read(path))


def exported_template(name: str) -> bytes:
    """Return the program's own template to be edited as `name`: the letter form for `letter`, the ordinary one for every kind of paper."""
    return packaged_template(LETTER if name == LETTER else ORDINARY)


def word_mistake_words(mistake: WordTemplateMistake) -> str:
    """Return a mistake as a sentence."""
    text = (
        _("模板 {path} 的 {placeholder} 有错：{why}；现用系统自带的模板")
        if mistake.placeholder
        else _("模板 {path} 有错：{why}；现用系统自带的模板")
    )
    return text.format(path=mistake.path, placeholder=mistake.placeholder, why=mistake.why)


def filled(template: bytes, words: Mapping[str, str]) -> Document:
    """Return a template with its words filled in. What is wrong with it is raised as docxtpl raises it."""
    from docxtpl import DocxTemplate

    engine = DocxTemplate(BytesIO(template))
    engine.init_docx()
    _leave_out_empty(engine.docx, words)
    engine.render({name: _untouched(text) for name, text in words.items()}, _WRITING)
    document: Document = engine.docx
    return document


def tried(template: bytes, words: Mapping[str, str]) -> Document:
    """Return an office's own template with its words filled in, once it was kept and opened again; TemplateRefused says why it cannot be used."""
    try:
        kept = BytesIO()
        filled(template, words).save(kept)
        document = open_document(kept)
    except TemplateError as error:
        raise _refusal(error) from None
    except Exception as error:
        # Whatever an office's file holds, the paper must be made; who reads the message wants the reason, not the trace.
        raise TemplateRefused("", _("不是可用的 .docx 文件（{kind}）").format(kind=type(error).__name__)) from None
    if not any(_text_of(child) == mark_of(BODY) for child in document.element.body.findall(qn("w:p"))):
        raise TemplateRefused("{{ body }}", _("正文的位置要独占一段，不能放在表格里，也不能缺"))
    return document


def _untouched(text: str) -> Markup:
    """Return a word as XML, its braces hidden: docxtpl reads some of them even in what was filled in."""
    return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))


def _own(folder: Path | None, kind: str, plain: str) -> list[Path]:
    own = own_templates(folder)
    return [own[name] for name in (kind, plain) if name in own]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise TemplateRefused("", _("文件太大，超过 20 MB"))
        return path.read_bytes()
    except OSError as error:
        raise TemplateRefused("", _("读不出来：{why}").format(why=error.strerror or type(error).__name__)) from None


def _refusal(error: TemplateError) -> TemplateRefused:
    undefined = re.search(r"'([^']+)' is undefined", str(error))
    if undefined:
        return TemplateRefused(f"{{{{ {undefined[1]} }}}}", _("没有这个变量；可用的有：{names}").format(names=_("、").join(PLACEHOLDERS)))
    if isinstance(error, TemplateSyntaxError):
        return TemplateRefused("", _("写法不对：{why}").format(why=error.message or ""))
    return TemplateRefused("", str(error))


def _record_words(paper: Paper) -> dict[str, str]:
    if paper.record is None:
        return dict.fromkeys(_RECORD, "")
    lines = iter(record_lines(paper.record))
    copies_to = next(lines)[0] if paper.record.copies_to else ""
    office, printed = next(lines) if paper.record.office or paper.record.printed_on else ("", "")
    copies = next(lines)[1] if paper.record.copies is not None else ""
    return {"copies_to": copies_to, "record_office": office, "printed_on": printed, "copies": copies}


def _leave_out_empty(document: Document, words: Mapping[str, str]) -> None:
    parts = [document.element.body, *(part.element for part in _edges(document))]
    for part in parts:
        for line in list(part.iter(qn("w:p"))):
            text = _text_of(line)
            named = _NAMED.findall(text)
            if named and "{%" not in text and not any(words.get(name, name) for name in named):
                _leave_out(line)
    if not words.get("masthead"):
        _leave_out_rule(document)


def _edges(document: Document) -> list[Node]:
    return [relation.target_part for relation in document.part.rels.values() if relation.reltype.endswith(("/header", "/footer"))]


def _leave_out(line: Node) -> None:
    holder = line.getparent()
    if holder.tag == qn("w:tc") and len(holder.findall(qn("w:p"))) == 1:
        row = holder.getparent()
        table = row.getparent()
        table.remove(row)
        if table.find(qn("w:tr")) is None:
            table.getparent().remove(table)
    elif holder is not None:
        holder.remove(line)


def _leave_out_rule(document: Document) -> None:
    rule = docx_styles.style_ids(document).get(docx_styles.RULE)
    for line in document.element.body.findall(qn("w:p")):
        style = line.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if rule is not None and style is not None and style.get(qn("w:val")) == rule:
            document.element.body.remove(line)


def _text_of(line: Node) -> str:
    return "".join(words.text or "" for words in line.iter(qn("w:t"))).strip()
