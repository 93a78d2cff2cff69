"""Lines that a web page puts round a document and that belong to no document: the way back, the font size, the printing, the visit counter.

Pages saved as HTML and pages printed to PDF carry the same ones. A line is furniture only as a whole: a line that names a unit or ends a sentence never is.
"""

import re

from intake.document import Block, Paragraph
from intake.phrases import squeeze

FURNITURE = re.compile(
    r"(?:您?(?:当前|现在)(?:的)?(?:所在)?位置|首页\s*[>＞»/|]|【?\s*字\s*[体号]\s*[:：]|分享(?:到|至|[:：]|$)|扫一扫|浏览(?:次数|量)|访问量|点击(?:数|率|量)|阅读(?:次数|量)"
    r"|(?:信息|文章|稿件)?来源\s*[:：]|发布(?:日期|时间|机构|单位)\s*[:：]|责任编辑|编辑\s*[:：]|上一[篇条]|下一[篇条]|相关(?:链接|阅读|稿件|文章|文件|解读|新闻|推荐)"
    r"|返回顶部|打印本页|关闭窗口|(?:主办|承办|版权所有|技术支持|网站标识码|联系电话)(?:单位)?\s*[:：]?.*(?:网|局|厅|府|室|委|中心|公司|\d)"
    r"|.*(?:ICP备|公网安备|网站标识码)|Copyright|版权所有|信息索引[:：]|索引号\s*[:：]|组配分类\s*[:：]|主题分类\s*[:：]|统一编号\s*[:：]|有效性\s*[:：]|公开方式\s*[:：])",
    re.IGNORECASE,
)
# A site names who runs it once, at its foot; a document whose duties have 主办单位 names one after the other.
ORGANIZER = re.compile(r"[\s\u3000]*(?:主办|承办)(?:单位)?\s*[:：]")
MOST_ORGANIZERS = 2
WHO_ANSWERS = re.compile(r"责任(?:单位|部门|处室|科室|主体)|牵头|主办单位|承办单位")
BUTTONS = re.compile(r"(?:打印|关闭|收藏|分享|复制链接|大|中|小|A\+|A-|下载|返回|简|繁|微信|微博|纠错|保存)+")
BETWEEN_BUTTONS = re.compile(r"[\s|·【】\[\]（）()]+")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+(?:\s+\d+\s*/\s*\d+)?")
LONGEST = 120
CARDS = re.compile(r"索\s*引\s*号|主题分类|组配分类|公开(?:方式|时限|范围)|统一编号|信息公开目录")
DOC_NO_ROW = re.compile(
    r"(?:发\s*文\s*字\s*号|文\s*件\s*编\s*号|文\s*号)\s*[:：]?\s*(?P<number>[一-龥（）()]{2,20}\s*[〔\[［（(]\s*\d{4}\s*[〕\]］）)]\s*\d+\s*号)"
)
HERE = re.compile(r".{0,6}(?:当前|现在)(?:的)?(?:所在)?位置")
TOP_BLOCKS = 40
FOOT_BLOCKS = 40
REPEATED_WITHIN = 4


def is_furniture(text: str) -> bool:
    """Return whether the line `text` belongs to the page and not to the document on it."""
    bare = text.strip(" \t\u3000\xa0")
    if len(bare) > LONGEST or "责任单位" in bare or "牵头" in bare or bare.endswith(("。", "；")):
        return False
    return bool(_is_buttons(bare) or ADDRESS.fullmatch(bare) or FURNITURE.match(bare))


def is_of_the_page(text: str) -> bool:
    """Return whether a line is furniture whatever else the page says; who runs a site can only be told from all lines."""
    return is_furniture(text) and not ORGANIZER.match(text)


def without_organizers(blocks: list[Block]) -> list[Block]:
    """Return the blocks without the lines that name who runs the site, where there are so few that they are no notes of duties."""
    lines = [block for block in blocks if isinstance(block, Paragraph) and ORGANIZER.match(block.text) and is_furniture(block.text)]
    return [block for block in blocks if block not in lines] if len(lines) <= MOST_ORGANIZERS else blocks


def _is_buttons(line: str) -> bool:
    bare = BETWEEN_BUTTONS.sub("", line)
    return len(bare) > 1 and bool(BUTTONS.fullmatch(bare))


def is_card(text: str) -> bool:
    """Return whether `text` is the index card that government sites put above a document (索引号, 主题分类 …)."""
    return not WHO_ANSWERS.search(text) and (len(CARDS.findall(text)) >= 2 or (len(text) < 200 and bool(CARDS.search(text))))


def doc_no_on_card(text: str) -> str | None:
    """Return the document number that an index card gives, None where there is none."""
    match = DOC_NO_ROW.search(text)
    return match["number"] if match else None


def document_only(blocks: list[Block]) -> list[Block]:
    """Return the blocks of a printed web page without what stands above and below the document; a document that is no web page stays as it is."""
    top = _end_of_top(blocks)
    foot = _start_of_foot(blocks, top)
    number = next((found for block in blocks[:top] if (found := doc_no_on_card(words_in(block)))), None)
    kept = without_organizers([block for block in blocks[top:foot] if not (isinstance(block, Paragraph) and is_of_the_page(block.text))])
    is_missing = number is not None and not any(number in words_in(block) for block in kept[:TOP_BLOCKS])
    return said_once([*kept[:1], Paragraph(number or "", None, apart=True), *kept[1:]] if is_missing else kept)


def said_once(blocks: list[Block]) -> list[Block]:
    """Return the blocks without a heading of the page that the document's own title repeats."""
    first, *rest = blocks or [Paragraph("")]
    below = [squeeze(block.text) for block in rest[:REPEATED_WITHIN] if isinstance(block, Paragraph)]
    is_repeated = isinstance(first, Paragraph) and squeeze(first.text) in below
    return rest if is_repeated or not blocks else blocks


def words_in(block: Block) -> str:
    """Return all words of a block."""
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(cell.text for row in block.rows for cell in row)


def _end_of_top(blocks: list[Block]) -> int:
    """Return where the document begins: behind the last line of the index card or of the way back to the start page."""
    marks = [at for at, block in enumerate(blocks[:TOP_BLOCKS]) if _is_top(words_in(block))]
    return marks[-1] + 1 if marks else 0


def _is_top(words: str) -> bool:
    return "责任单位" not in words and (bool(HERE.match(words)) or is_card(words))


def _start_of_foot(blocks: list[Block], top: int) -> int:
    """Return where the page's foot begins: at the first line of the page after which no sentence follows."""
    start = len(blocks)
    for at in range(len(blocks) - 1, max(top, len(blocks) - FOOT_BLOCKS) - 1, -1):
        block = blocks[at]
        if not isinstance(block, Paragraph) or "。" in block.text or "单位：" in block.text:
            break
        if is_furniture(block.text):
            start = at
    return start
