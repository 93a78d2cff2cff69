"""Automatic numbers of Word paragraphs, which stand in no text: `一、` `（二）` `3.` are counted here from numbering.xml and styles.xml.

Counters live as long as one document is read; a paragraph must be asked once, in order.
"""

from lxml import etree

CHINESE = "〇一二三四五六七八九"
FORMATS_IN_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "ideographDigital",
    "chineseLegalSimplified",
}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def local_name(element: etree._Element) -> str:
    """Return a tag without its namespace: transitional and strict documents use different ones."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child called `name`."""
    return next((one for one in element if local_name(one) == name), None) if element is not None else None


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute whatever its namespace."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


class Numbering:
    """The number formats of a document and the counters of its lists."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._of_style = _style_numbers(styles)
        if numbering is not None:
            self._read(numbering)

    def label_of(self, paragraph: etree._Element) -> str:
        """Return the paragraph's automatic number as Word prints it, "" for none or a bullet."""
        properties = child(paragraph, "pPr")
        number = _number_of(properties) or self._of_style.get(attribute(child(properties, "pStyle"), "val") or "")
        if number is None or number not in self._levels:
            return ""
        list_id, level = number
        self._counts[number] = self._counts.get(number, self._levels[number][2] - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((list_id, deeper), None)
        return self._written(list_id, level)

    def _written(self, list_id: str, level: int) -> str:
        form, pattern, _start = self._levels[(list_id, level)]
        if form in ("bullet", "none"):
            return ""
        for shown in range(level + 1):
            levels = self._levels.get((list_id, shown))
            count = self._counts.get((list_id, shown), levels[2] if levels else 1)
            pattern = pattern.replace(f"%{shown + 1}", _digits(count, levels[0] if levels else form))
        return pattern

    def _read(self, numbering: etree._Element) -> None:
        abstract = {attribute(one, "abstractNumId"): one for one in numbering if local_name(one) == "abstractNum"}
        for one in numbering:
            if local_name(one) != "num":
                continue
            definition = abstract.get(attribute(child(one, "abstractNumId"), "val"))
            for level in definition if definition is not None else ():
                index = attribute(level, "ilvl")
                if local_name(level) == "lvl" and index is not None and index.isdigit():
                    start = attribute(child(level, "start"), "val") or "1"
                    form = attribute(child(level, "numFmt"), "val") or "decimal"
                    text = attribute(child(level, "lvlText"), "val") or ""
                    self._levels[(attribute(one, "numId") or "", int(index))] = (form, text, int(start) if start.isdigit() else 1)


def _number_of(properties: etree._Element | None) -> tuple[str, int] | None:
    number = child(properties, "numPr")
    list_id = attribute(child(number, "numId"), "val")
    level = attribute(child(number, "ilvl"), "val") or "0"
    return (list_id, int(level)) if list_id and list_id != "0" and level.isdigit() else None


def _style_numbers(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles if styles is not None else ():
        number = _number_of(child(style, "pPr")) if local_name(style) == "style" else None
        if number:
            found[attribute(style, "styleId") or ""] = number
    return found


def _digits(count: int, form: str) -> str:
    if form in FORMATS_IN_CHINESE:
        return _in_chinese(count)
    if form == "decimalEnclosedCircle" and 1 <= count <= len(CIRCLED):
        return CIRCLED[count - 1]
    if form in ("upperLetter", "lowerLetter") and 1 <= count <= 26:
        return chr((ord("A") if form == "upperLetter" else ord("a")) + count - 1)
    return str(count)


def _in_chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    if count < 10:
        return CHINESE[count]
    head = "十" if tens == 1 else f"{CHINESE[tens % 10]}十"
    return head + (CHINESE[ones] if ones else "")
