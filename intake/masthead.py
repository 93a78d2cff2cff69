"""The plan's own facts from the top and the foot of a notice: title, number, issuer, the day signed and the day issued, the plan's period.

Numbers of cited documents are not the document's own: the own one stands on a line by itself. Where a covering notice issues a plan, the plan's title counts.
"""

import re
from dataclasses import dataclass
from datetime import date

from intake.document import Document, Paragraph
from intake.draft import PlanDraft
from intake.numerals import number_of
from intake.phrases import TERMINAL, squeeze, tidy
from intake.planperiod import period_of_plan, year_in_headings

DOC_NO = re.compile(r"[一-龥]{1,12}(?:[（(][一-龥]+[）)])?\s*[〔\[［（(【]\s*(?:19|20)\d{2}\s*[〕\]］）)】]\s*(?:第)?\d+\s*号")
DATE = re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
CHINESE_DATE = re.compile(
    r"(?P<y>[二一〇○零０九八七六五四三]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
ISSUED = re.compile(r"^(?P<office>.*?)[\s\u3000]*(?P<date>\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*(?:印发|印)$")
TITLE_END = re.compile(
    r"(?:方案|计划|规划|意见|办法|要点|通知|通报|决定|分工表|分解表|责任表|任务表|清单|措施|行动|细则|安排|规定|方法|批复|函)(?:（.*）|\(.*\))?$"
)
OFFICE_BEFORE_TITLE = re.compile(r"^(?P<office>[一-龥（）、 ]{4,40}?)(?:印发)?关于")
OFFICE_BEFORE_ISSUING = re.compile(r"^(?P<office>[一-龥（）、 ]{4,40}?)(?:印发|转发)")
OFFICE = re.compile(r"(?:政府|办公厅|办公室|局|厅|委员会|委|部|院|党委|领导小组|管委会)$")
JUNK = re.compile(r"^(?:当前位置|时间[:：]|来源[:：]|导语|发布|索引号|首页|信息|字号|中央政府门户|.*(?:www\.|http)|附件|附表)")
SEARCHED = 40
TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts found, and the year the document was made in, for telling history from deadlines."""

    plan: PlanDraft
    year: int | None


def masthead_of(document: Document, caption: str | None, schedule: tuple[date | None, date | None]) -> Masthead:
    """Return the plan's facts. `caption` is the first table's title, for a table without a notice; `schedule` the days its period columns span."""
    paragraphs = document.paragraphs
    notice = _notice_title(paragraphs)
    title = _plan_title(paragraphs, notice) or notice or caption
    issued_on, printed_by = _issued(paragraphs)
    signed_on = _signed(paragraphs)
    doc_no = _doc_no(paragraphs)
    year = next((day.year for day in (signed_on, issued_on) if day), None) or _year_of(doc_no)
    starts_on, ends_on = schedule if schedule[1] else period_of_plan((title, notice), paragraphs, year)
    plan = PlanDraft(
        title=title,
        doc_no=doc_no,
        issuer=printed_by or _issuer(notice, title),
        signed_on=signed_on,
        issued_on=issued_on,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return Masthead(plan, year or year_in_headings(paragraphs))


def _notice_title(paragraphs: tuple[Paragraph, ...]) -> str | None:
    """Return the first title; up to three lines without a blank one between make one title."""
    for at, paragraph in enumerate(paragraphs[:SEARCHED]):
        text = paragraph.text
        if JUNK.match(text) or DOC_NO.fullmatch(squeeze(text)) or DATE.fullmatch(squeeze(text)):
            continue
        if text.endswith(("。", "：", ":", "；")):
            return None
        lines = [text]
        for following in paragraphs[at + 1 : at + 3]:
            if TITLE_END.search(squeeze("".join(lines))) or following.apart or not _goes_on(following.text):
                break
            lines.append(following.text)
        joined = tidy("".join(lines))
        if TITLE_END.search(squeeze(joined)) and len(joined) <= TITLE_LENGTH:
            return squeeze(joined)
    return None


def _goes_on(text: str) -> bool:
    return not (text.endswith(("。", "：", ":", "；", "，")) or DOC_NO.fullmatch(squeeze(text)) or DATE.fullmatch(squeeze(text)))


def _plan_title(paragraphs: tuple[Paragraph, ...], notice: str | None) -> str | None:
    """Return the title of the plan that a covering notice issues: a line of its own whose words the notice's title holds."""
    if not notice or not notice.endswith("通知"):
        return None
    named = set(re.findall(r"《([^》]+)》", "".join(paragraph.text for paragraph in paragraphs[:SEARCHED])))
    for paragraph in paragraphs[1:SEARCHED]:
        text = squeeze(paragraph.text)
        if len(text) <= TITLE_LENGTH and text != notice and TITLE_END.search(text) and not text.endswith("通知"):
            core = re.sub(r"^关于|的?(?:实施)?(?:方案|意见|计划)$", "", text)
            if text in named or core in notice:
                return text
    return None


def _doc_no(paragraphs: tuple[Paragraph, ...]) -> str | None:
    for paragraph in paragraphs[:SEARCHED]:
        if match := DOC_NO.fullmatch(squeeze(paragraph.text)):
            return match[0]
    return None


def _year_of(doc_no: str | None) -> int | None:
    match = re.search(r"\d{4}", doc_no or "")
    return int(match[0]) if match else None


def _signed(paragraphs: tuple[Paragraph, ...]) -> date | None:
    return next((day for paragraph in paragraphs if (day := _whole_date(squeeze(paragraph.text)))), None)


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


def _issuer(notice: str | None, title: str | None) -> str | None:
    for text in (notice, title):
        for pattern in (OFFICE_BEFORE_TITLE, OFFICE_BEFORE_ISSUING):
            match = pattern.match(text or "")
            if match and OFFICE.search(match["office"].strip()):
                return match["office"].strip(TERMINAL)
    return None
