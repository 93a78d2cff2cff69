"""The titles at the top of a notice: its own, and that of the plan it issues; who issued it.

A title may stand on several lines and in brackets; the top of a document ends at its first numbered line, so that a short document does not give its tasks away.
"""

import re
from itertools import takewhile

from intake.document import Paragraph
from intake.outline import marker_of
from intake.phrases import TERMINAL, squeeze, tidy

DATE = re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
DOC_NO = re.compile(
    r"[一-龥×]{1,14}(?:[（(][一-龥]+[）)])?\s*[〔\[［（(【﹝]\s*(?:(?:19|20)?\d{2})\s*[〕\]］）)】﹞]\s*第?\s*\d+\s*号|[一-龥]{2,14}令?\s*(?:(?:19|20)\d{2}\s*年?\s*)?第\s*\d+\s*号"
)
KIND = r"(?:方案|计划|规划|意见|办法|要点|通知|通报|决定|分工表?|分解表?|责任表|任务表|清单|措施|行动|细则|安排|规定|方法|批复|函|任务|工作|事项|实事|目标|纲要|规程|预案|报告|建议|台账|目录|项目|举措|政策|制度|书|一览|部署|汇总|明细|配档|配档表|作战图|路线图|时间表|一览表|汇总表|明细表|运行表)"
TITLE_END = re.compile(rf"{KIND}(?:（[^（）]*）|\([^()]*\)|》|〉|”)*$")
OFFICE_END = r"(?:政府|国务院|办公厅|办公室|局|厅|委员会|[省市县区州]委|委|部|院|党委|领导小组|管委会|办事处|指挥部|专班|党组|工委|中心|集团|公司|联合会|大学|学院|总队|支队|银行|社|署|会)"
OFFICE = re.compile(rf"{OFFICE_END}$")
OFFICES = re.compile(rf"^[一-龥（）()、 \u3000]{{2,60}}{OFFICE_END}$")
BEFORE_TITLE = re.compile(r"^(?P<office>[一-龥（）、 ]{2,60}?)(?:印发|转发|批转|发布|下达)?(?:关于|《关于)")
BEFORE_ISSUING = re.compile(r"^(?P<office>[一-龥（）、 ]{2,60}?)(?:印发|转发|批转|发布|下达)")
# 桃源镇2019年…, 市教育局2024年…: who plans stands before the year, where the title begins with it.
BEFORE_YEAR = re.compile(
    rf"^(?!关于|贯彻|落实|印发|推进|做好|全[国省市县区镇乡]|[各本我])(?P<office>[一-龥（）]{{1,20}}?(?:自治[区州县]|[省市县区旗州盟镇乡]|街道|新区|开发区|{OFFICE_END}))(?=[“\"]?(?:\d{{4}}|[一二][〇○零九][〇○零一二三四五六七八九]{{2}})(?:年|[-—－–至])|[“\"]?十[一二三四五]五[”\"]?)"
)
JOINT = re.compile(
    r"^(?P<party>中共[一-龥]{2,14}?(?:委员会|委)(?:办公厅|办公室)?)[ \u3000、]*(?P<rest>[一-龥]{2,14}(?:人民政府|政府|管理委员会|管委会)(?:办公厅|办公室)?)$"
)
JUNK = re.compile(
    r"^(?:当前位置|时间[:：]|来源[:：]|导语|发布|索引号|首页|信息|字号|中央政府门户|.*(?:www\.|http)|附件|附表|打印|分享|作者|责任编辑|浏览|点击|文号|发文|成文|主题分类|有效性)"
)
GOES_ON = re.compile(r"^(?:[（(](?![^（）()]*(?:牵头|单位))[^（）()]*[）)]$|的(?:通知|意见|决定|通报|函)|[》”])")
IN_BRACKETS = re.compile(r"^[（(][^（）()]*[）)]$")
SEARCHED = 40
TITLE_LENGTH = 110
LINES = 4


def top_of(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Return the paragraphs before the first numbered one."""
    return tuple(takewhile(lambda one: not 0 < marker_of(one.text)[0] <= 5, paragraphs[:SEARCHED]))


def notice_title(top: tuple[Paragraph, ...]) -> str | None:
    """Return the document's first title; where a web page repeats the plan's title above the notice, the notice's own."""
    titles = _titles(top)
    if not titles:
        return None
    first = titles[0]
    notice = next((title for title in titles[1:] if title.endswith("通知") and _core(first) in title), None)
    return notice if notice and not first.endswith("通知") else first


def plan_title(top: tuple[Paragraph, ...], notice: str | None) -> str | None:
    """Return the title of the plan that a covering notice issues: lines of their own that the notice names."""
    if not notice or not notice.endswith("通知"):
        return None
    named = {
        _plain(words)
        for words in re.findall(r"《([^《》]{2,90}(?:《[^《》]{1,60}》[^《》]{0,60})?)》", squeeze("".join(one.text for one in top)))
    }
    lines = [squeeze(one.text) for one in top]
    for at in range(len(lines)):
        for count in range(LINES, 0, -1):
            joined = "".join(lines[at : at + count])
            if _plain(joined) in named and not joined.startswith("《"):
                return joined
    for title in _titles(top):
        if title != notice and not title.endswith("通知") and (_plain(title) in named or _core(title) in _plain(notice)):
            return title
    return None


def issuer_of(titles: tuple[str | None, ...], signature: str | None) -> str | None:
    """Return who issued the document: the office before 关于 or 印发 in a title, else the one that signed, else who stands before the year in a title."""
    for text in titles:
        for pattern in (BEFORE_TITLE, BEFORE_ISSUING):
            match = pattern.match(text or "")
            if match and OFFICE.search(match["office"].strip()):
                return several(match["office"].strip(TERMINAL))
    if signature:
        return several(signature)
    return next((match["office"] for text in titles if (match := BEFORE_YEAR.match(text or ""))), None)


def several(offices: str) -> str:
    """Return offices that issue together with a separator between them."""
    match = JOINT.match(tidy(offices).strip())
    return f"{match['party']}、{match['rest']}" if match else tidy(offices).strip()


def is_office(text: str) -> bool:
    """Return whether a line names nothing but one office or several."""
    return OFFICES.match(text.strip()) is not None and not TITLE_END.search(squeeze(text))


def _titles(top: tuple[Paragraph, ...]) -> list[str]:
    """Return the titles at the top in order, each joined from its lines."""
    found: list[str] = []
    at = 0
    while at < len(top):
        text = top[at].text
        is_other = JUNK.match(text) or DOC_NO.fullmatch(squeeze(text)) or DATE.fullmatch(squeeze(text))
        if is_other or IN_BRACKETS.match(text) or text.endswith(("。", "：", ":", "；", "，")):
            at += 1
            continue
        count = _line_count(top, at)
        joined = squeeze(tidy("".join(one.text for one in top[at : at + count])))
        if TITLE_END.search(joined) and len(joined) <= TITLE_LENGTH:
            found.append(joined)
            at += count
        else:
            at += 1
    return found


def _line_count(top: tuple[Paragraph, ...], at: int) -> int:
    """Return how many lines from `at` on make one title."""
    count = 1
    for following in top[at + 1 : at + LINES]:
        joined = squeeze("".join(one.text for one in top[at : at + count]))
        is_whole = TITLE_END.search(joined) is not None and joined.count("《") <= joined.count("》")
        text = squeeze(following.text)
        is_tail = GOES_ON.match(text) is not None and not DATE.search(text)
        if (is_whole and not is_tail) or (following.apart and not is_tail and not is_office(joined)) or not _may_go_on(text):
            break
        count += 1
    return count


def _may_go_on(text: str) -> bool:
    return not (text.endswith(("。", "：", ":", "；", "，")) or JUNK.match(text) or DOC_NO.fullmatch(text) or DATE.fullmatch(text))


def _core(title: str) -> str:
    return _plain(re.sub(r"^关于|的?(?:实施)?(?:方案|意见|计划)$", "", title))


def _plain(text: str) -> str:
    """Return a title without the marks that a citation changes."""
    return re.sub(r"[《》〈〉“”\"（）()\s]", "", text)
