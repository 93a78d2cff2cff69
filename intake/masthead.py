"""The plan's own facts from the top and the foot of a notice: title, number, issuer, the day signed and the day issued, the plan's period.

Numbers of cited documents are not the document's own: the own one stands on a line by itself. Where a covering notice issues a plan, the plan's title counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from intake.document import Document, Paragraph
from intake.draft import Finding, PlanDraft
from intake.numerals import number_of
from intake.phrases import squeeze, tidy
from intake.planperiod import counted_period, covering, period_of_plan, year_in_headings
from intake.titles import DATE, DOC_NO, SEARCHED, is_office, issuer_of, notice_title, plan_title, top_of
from rules.texts import _

DAY = r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二一〇○零０九八七六五四三]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
CHINESE_DATE = re.compile(
    r"(?P<y>[二一〇○零０九八七六五四三]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
ISSUED = re.compile(rf"^(?P<office>.*?)[\s\u3000]*(?P<date>{DAY})\s*(?:印发|印)$")
SIGNED = re.compile(rf"^(?P<office>[一-龥（）()、 \u3000]{{2,60}}?)[\s\u3000]*(?P<date>{DAY})$")
BEFORE_NUMBER = re.compile(r"^(?:文号|发文字号|文件编号|发文号)[:：]?")
BEHIND_NUMBER = re.compile(r"(?:签发人|★).*$")
NUMBER_OF_TITLE = re.compile(r"[（(](?P<number>[^（）()]{2,14}[〔\[［【](?:19|20)\d{2}[〕\]］】]第?\d+号)[）)]$")
RED_HEAD = re.compile(r"^(?P<office>[一-龥（）]{4,40})文件$")


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts found, and the year the document was made in, for telling history from deadlines; `counted` are the words for how long the plan takes where
    its days were counted from its issue.
    """

    plan: PlanDraft
    year: int | None
    counted: str | None = None


def masthead_of(document: Document, caption: str | None, schedule: tuple[date | None, date | None]) -> Masthead:
    """Return the plan's facts. `caption` is the first table's title, for a table without a notice; `schedule` the days its period columns span."""
    paragraphs = document.paragraphs
    top = top_of(paragraphs)
    notice = notice_title(top)
    title = plan_title(top, notice) or notice or caption
    issued_on, printed_by = _issued(paragraphs)
    signed_on, signed_by = _signed(paragraphs)
    doc_no = _doc_no(paragraphs)
    year = next((day.year for day in (signed_on, issued_on) if day), None) or _year_of(doc_no)
    starts_on, ends_on = covering((title, notice), schedule) if schedule[1] else period_of_plan((title, notice), paragraphs, year)
    issued = issued_on or signed_on or (date(year, 1, 1) if year else None)
    counted = counted_period((title, notice), paragraphs, issued) if issued and ends_on is None else None
    if counted:
        starts_on, ends_on = counted[0]
    plan = PlanDraft(
        title=title,
        doc_no=doc_no,
        issuer=printed_by or issuer_of((notice, title), _red_head(top) or signed_by),
        signed_on=signed_on,
        issued_on=issued_on,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return Masthead(plan, year or year_in_headings(paragraphs), counted[1] if counted else None)


def end_was_counted(masthead: Masthead) -> Iterator[Finding]:
    """The plan's last day, where it was counted from the document's own day and the length it names: somebody should look."""
    if masthead.counted:
        message = _("文中只写“{words}”，计划期间按成文日期推为{first}至{last}；请核对")
        text = message.format(words=masthead.counted, first=masthead.plan.starts_on, last=masthead.plan.ends_on)
        yield Finding(code="plan-end-counted", severity="info", message=text)


def _doc_no(paragraphs: tuple[Paragraph, ...]) -> str | None:
    """Return the number that stands on a line by itself, else the one in brackets behind a title."""
    lines = [BEHIND_NUMBER.sub("", BEFORE_NUMBER.sub("", squeeze(one.text))) for one in paragraphs[:SEARCHED]]
    own = next((match[0] for line in lines if (match := DOC_NO.fullmatch(line))), None)
    return own or next((match["number"] for line in lines[:5] if (match := NUMBER_OF_TITLE.search(line))), None)


def _red_head(top: tuple[Paragraph, ...]) -> str | None:
    return next((match["office"] for one in top[:5] if (match := RED_HEAD.match(squeeze(one.text)))), None)


def _year_of(doc_no: str | None) -> int | None:
    match = re.search(r"\d{4}", doc_no or "")
    return int(match[0]) if match else None


def _signed(paragraphs: tuple[Paragraph, ...]) -> tuple[date | None, str | None]:
    """Return the day on a line of its own, and the offices on that line or on the lines above it."""
    for at, paragraph in enumerate(paragraphs):
        if day := _whole_date(squeeze(paragraph.text)):
            above: list[str] = []
            for one in reversed(paragraphs[max(at - 4, 0) : at]):
                if not is_office(one.text):
                    break
                above.insert(0, one.text.strip())
            return day, "、".join(above) or None
        match = SIGNED.match(paragraph.text.strip())
        if match and is_office(match["office"]):
            return _whole_date(squeeze(match["date"])), match["office"].strip()
    return None, None


def _issued(paragraphs: tuple[Paragraph, ...]) -> tuple[date | None, str | None]:
    for paragraph in reversed(paragraphs):
        if match := ISSUED.match(paragraph.text.strip()):
            return _whole_date(squeeze(match["date"])), tidy(match["office"]) or None
    return None, None


def _whole_date(text: str) -> date | None:
    text = text.strip("（）()")
    match = DATE.fullmatch(text)
    if match:
        parts = [int(match["y"]), int(match["m"]), int(match["d"])]
    elif match := CHINESE_DATE.fullmatch(text.replace("０", "〇")):
        parts = [int(number_of(match[name]) or 0) for name in ("y", "m", "d")]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None
