"""A saved web page without what surrounds the document: menus, side columns, footers, buttons, hidden parts.

The document is looked for by weight, not by names alone: from the body downwards, the part that holds most of the text outside links is followed as long as
everything beside it is mere page. What names say (nav, footer, class "menu") and link-heavy lists are taken out before.
"""

import re

from lxml import etree

from intake.phrases import squeeze
from intake.readers.webpage import doc_no_on_card, is_card, is_furniture

NEVER_TEXT = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "canvas", "video", "audio", "map", "head", "link", "meta",
    "nav", "footer", "aside", "select", "button", "input", "textarea", "option", "datalist", "dialog", "rp", "rt", "del",
}  # fmt: skip
CHROME = re.compile(
    r"(?:^|[-_ ])(?:nav\w*|menu\w*|foot(?:er)?\w*|crumbs?|bread-?crumbs?|side-?bar|share\w*|bdshare\w*|copyright|tool-?bar|search\w*|login\w*|qrcode|ewm"
    r"|weixin|related\w*|recommend\w*|xgwj|friend-?links?|pager?|dqwz|location|position|topbar|header-?nav|skip-?link|accessib\w*)(?:$|[-_ ])",
    re.IGNORECASE,
)
CONTAINERS = {"html", "body", "div", "section", "article", "main", "form", "center", "table", "tbody", "tr", "td", "font", "span"}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# 某通知_某栏目_某市政府网: parts of a window's title; a dash between years parts nothing.
WINDOW_PARTS = re.compile(r"\s*(?:[_|]|[-—–]+(?![\d—–-]))\s*")
SITE_NAME = re.compile(r"(?:网|网站|政府|门户|平台|频道|栏目|委员会|[局厅部委办])$")
MOST_LINKS = 0.5
DOMINANT = 0.5
LONGEST_NAME = 200
META_TITLES = ("ArticleTitle", "og:title")


def document_part(root: etree._Element) -> etree._Element:
    """Return the part of the page that holds the document; the rest of it is stripped of what is no text."""
    body = root if root.tag == "body" else next(root.iter("body"), root)
    _strip(body)
    weights = _weights(body)
    part = body
    while (inner := _inner(part, weights)) is not None:
        part = inner
    return part


def title_of(root: etree._Element, part: etree._Element) -> str | None:
    """Return the title that the page gives its document: by its own mark, by a heading before `part`, or in the window's title."""
    marks = [one.get("content") for name in META_TITLES for one in root.iter("meta") if name in (one.get("name"), one.get("property"))]
    inside = set(part.iter())
    heads = [
        words_of(one)
        for one in root.iter("h1", "h2", "div", "p", "span")
        if _is_heading(one) and one not in inside and not list(one.iter("p", "div", "table", "li"))
    ]
    window = [_in_window(words_of(one)) for one in root.iter("title")]
    return next((squeeze(text) for text in (*marks, *heads, *window) if text and 6 <= len(squeeze(text)) <= 90), None)


def _is_heading(element: etree._Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return element.tag in ("h1", "h2") or "title" in names


def _in_window(title: str) -> str:
    """Return the longest part of a window's title that does not name the site."""
    return max((part for part in WINDOW_PARTS.split(title) if not SITE_NAME.search(part)), key=len, default="")


def number_of(root: etree._Element) -> str | None:
    """Return the document number on the page's index card."""
    words = " ".join("".join(str(text) for text in root.itertext()).split())
    return doc_no_on_card(words)


def words_of(element: etree._Element) -> str:
    """Return the element's text with white space as single spaces."""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _strip(body: etree._Element) -> None:
    for element in list(body.iter()):
        if element is body or element.getparent() is None:
            continue
        if (
            not isinstance(element.tag, str)
            or element.tag in NEVER_TEXT
            or _is_hidden(element)
            or (_is_chrome_by_name(element) and not _holds_document(element))
        ):
            _drop(element)


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(HIDDEN.search(element.get("style") or ""))


def _is_chrome_by_name(element: etree._Element) -> bool:
    return any(CHROME.search((element.get(name) or "")[:LONGEST_NAME]) for name in ("class", "id", "role"))


def _holds_document(element: etree._Element) -> bool:
    """Return whether a part whose name says menu or footer holds real sentences or a large table all the same."""
    text = words_of(element)
    return text.count("。") >= 3 or len(list(element.iter("tr"))) >= 4


def _drop(element: etree._Element) -> None:
    """Take the element out and keep the text behind it."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _weights(body: etree._Element) -> dict[etree._Element, int]:
    """Return for each element the characters of its text that stand in no link, itself and all below counted."""
    weights: dict[etree._Element, int] = {}
    for _event, element in etree.iterwalk(body, events=("end",)):
        own = 0 if element.tag == "a" else len(squeeze(element.text)) + sum(weights.get(child, 0) for child in element)
        weights[element] = own + (0 if element.tag == "a" else sum(len(squeeze(child.tail)) for child in element))
    return weights


def _inner(part: etree._Element, weights: dict[etree._Element, int]) -> etree._Element | None:
    """Return the child that holds the document if all its siblings are mere page, else None."""
    children = [child for child in part if child.tag in CONTAINERS]
    heaviest = max(children, key=lambda child: weights.get(child, 0), default=None)
    if heaviest is None or weights[heaviest] <= weights[part] * DOMINANT or squeeze(part.text) or _is_data(part):
        return None
    beside = [child for child in part if child is not heaviest]
    return heaviest if not any(_is_document_text(child) or squeeze(child.tail) for child in beside) else None


def _is_data(element: etree._Element) -> bool:
    """Return whether the element is a table of several rows and columns, which is never cut open."""
    if element.tag not in ("table", "tbody", "tr", "td"):
        return False
    rows = [row for row in element.iter("tr") if len([cell for cell in row if cell.tag in ("td", "th")]) >= 3]
    return len(rows) >= 2 and not any(True for _nested in element.iterdescendants("table"))


def _is_document_text(element: etree._Element) -> bool:
    text = words_of(element)
    if is_card(text):
        return False
    linked = sum(len(words_of(link)) for link in element.iter("a"))
    if linked > len(text) * MOST_LINKS:
        return False
    has_words = bool(text) and not is_furniture(text) and element.tag in ("p", "ol", "ul")
    return has_words or "。" in text or "单位：" in text or any(_is_data(table) for table in element.iter("table"))
