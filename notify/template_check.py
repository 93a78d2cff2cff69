"""Whether templates that people changed can be used: each is filled with made-up matters of every kind, and a mistake is named by file and line."""

import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError

from models.notice import NoticeLevel
from notify.letterhead import changed_templates, render_changed
from notify.messages import Addressee, Digest, Line, OfficeLine, Section, words_of
from notify.notices import NoticeLetter, letter_words
from notify.papers import PaperLetter, paper_words
from rules.escalation import Matter
from rules.office_matters import OfficeMatter
from rules.reminders import Urgency
from rules.texts import LANGUAGES, _, use_language

_DAY = date(2026, 3, 2)
_SAMPLE_KINDS = {
    OfficeMatter.DECIDE: "extension",
    OfficeMatter.ISSUE: "blue",
    OfficeMatter.APPROVE: "2026Q1",
    OfficeMatter.CASE: "drafted",
    OfficeMatter.UNDELIVERED: "failed",
    OfficeMatter.UNREACHED: "no-address",
}
_SAMPLE_RULES = {
    Urgency.OVERDUE: ("overdue-1", "2026-02-27"),
    Urgency.DUE: ("due-3", "2026-03-05"),
    Urgency.REPORT: ("report-open", "2026Q1"),
    Urgency.ACKNOWLEDGE: ("acknowledge", "2026-02-02"),
}


@dataclass(frozen=True)
class TemplateMistake:
    """Why a changed template is not used. `line` is None where the mistake has no place of its own."""

    path: Path
    line: int | None
    why: str


def template_mistakes() -> tuple[TemplateMistake, ...]:
    """Return the mistakes of all changed templates, one each; none where people changed nothing."""
    found = (_mistake_in(name, path) for name, path in changed_templates().items())
    return tuple(mistake for mistake in found if mistake is not None)


def mistake_words(mistake: TemplateMistake) -> str:
    """Return a mistake as a sentence."""
    text = (
        _("模板 {path} 第 {line} 行有错：{why}；现用系统自带的模板") if mistake.line else _("模板 {path} 有错：{why}；现用系统自带的模板")
    )
    return text.format(path=mistake.path, line=mistake.line, why=mistake.why)


def sample_words(kind: str) -> Sequence[Mapping[str, Any]]:
    """Return what the templates of a kind may be given: a made-up message with everything in it, and one with as little as can be."""
    unit = Addressee(_("××局"), _("张联络"), "zh", _("李经办"))
    if kind == "notice":
        return [letter_words(unit, letter) for letter in _letters()]
    if kind == "paper":
        return [paper_words(unit, paper) for paper in _papers()]
    lines = tuple(_line(urgency) for urgency in Urgency)
    office = tuple(_office_line(matter) for matter in OfficeMatter)
    full = Digest(unit, _DAY, (Section(unit.unit, lines), Section(_("督查部门"), office)), {OfficeMatter.REVIEW: 2}, (_("说明"),))
    small = Digest(Addressee(_("××局"), None, "zh"), _DAY, (Section(_("××局"), lines[:1]),))
    return [words_of(digest, None) for digest in (full, small)]


def _mistake_in(name: str, path: Path) -> TemplateMistake | None:
    try:
        said = [render_changed(name, path, words) for language in LANGUAGES for words in _samples_in(language, name.partition("/")[0])]
    except TemplateSyntaxError as error:
        return TemplateMistake(path, error.lineno, error.message or _("写法不对"))
    except UnicodeDecodeError:
        return TemplateMistake(path, None, _("不是 UTF-8 编码的文本，请另存为 UTF-8"))
    except OSError as error:
        return TemplateMistake(path, None, error.strerror or type(error).__name__)
    except Exception as error:
        return TemplateMistake(path, _line_of(error), _why(error))
    return None if all(text.strip() for text in said) else TemplateMistake(path, None, _("写出来是空的"))


def _samples_in(language: str, kind: str) -> Sequence[Mapping[str, Any]]:
    with use_language(language):
        return sample_words(kind)


def _line_of(error: Exception) -> int | None:
    """Return the template's line an error arose in: the engine makes it look like a line of a file of that name."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return lines[-1] if lines else None


def _why(error: Exception) -> str:
    undefined = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", str(error))
    if undefined:
        return _("没有“{name}”这个变量").format(name=undefined[1] or undefined[2])
    return (error.message if isinstance(error, TemplateError) else None) or f"{type(error).__name__}: {error}"


def _line(urgency: Urgency) -> Line:
    rule, period = _SAMPLE_RULES[urgency]
    return Line(rule, period, urgency, _DAY, 1, _("示例任务"), 1, _("示例计划"), None)


def _office_line(matter: OfficeMatter) -> OfficeLine:
    return OfficeLine(matter, "", 1, _("示例任务"), 1, _("示例计划"), None, _("××局"), _DAY, 1, _SAMPLE_KINDS.get(matter, ""))


def _papers() -> list[PaperLetter]:
    return [
        PaperLetter(_("示例文件"), "1", _("督查部门"), (_("说明"),), ("1.docx",), _DAY),
        PaperLetter(_("示例文件"), "", None, (), (), _DAY),
    ]


def _letters() -> list[NoticeLetter]:
    same = {"notice_id": 1, "task_id": 1, "task": _("示例任务"), "plan": _("示例计划"), "plan_doc_no": None, "matter": Matter.OVERDUE}
    days = {"due_on": _DAY, "limit_on": _DAY, "issued_on": _DAY}
    rest = {"doc_no": "1", "demand": "", "office": None}
    return [NoticeLetter(**same, **days, **rest, level=level, is_copy=is_copy) for level in NoticeLevel for is_copy in (False, True)]  # type: ignore[arg-type]
