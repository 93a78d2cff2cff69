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
MAX_INHERITED = 20
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
        self._list_of: dict[str, str] = {}
        self._level_of_style: dict[str, int] = {}
        self._of_style = _style_numbers(styles)
        if numbering is not None:
            self._read(numbering)

    def label_of(self, paragraph: etree._Element) -> str:
        """Return the paragraph's automatic number as Word prints it, "" for none or a bullet."""
        properties = child(paragraph, "pPr")
        number = self._number_of(properties, attribute(child(properties, "pStyle"), "val") or "")
        if number is None or number not in self._levels:
            return ""
        number_id, level = number
        list_id = self._list_of[number_id]
        self._counts[(list_id, level)] = self._counts.get((list_id, level), self._levels[number][2] - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((list_id, deeper), None)
        return self._written(number_id, level)

    def _number_of(self, properties: etree._Element | None, style: str) -> tuple[str, int] | None:
        """Return list and level: the paragraph's own, else its style's, whose level the list itself may name. List 0 takes a style's number away."""
        own = child(properties, "numPr")
        if own is not None and attribute(child(own, "numId"), "val") is not None:
            return _number_of(properties)
        styled = self._of_style.get(style)
        return (styled[0], self._level_of_style.get(style, styled[1])) if styled else None

    def _written(self, number_id: str, level: int) -> str:
        form, pattern, _start = self._levels[(number_id, level)]
        if form in ("bullet", "none"):
            return ""
        for shown in range(level + 1):
            levels = self._levels.get((number_id, shown))
            count = self._counts.get((self._list_of[number_id], shown), levels[2] if levels else 1)
            pattern = pattern.replace(f"%{shown + 1}", _digits(count, levels[0] if levels else form))
        return pattern

    def _read(self, numbering: etree._Element) -> None:
        """Read the lists. Two numbers over one definition count on together, as Word does, unless one starts anew."""
        abstract = {attribute(one, "abstractNumId"): one for one in numbering if local_name(one) == "abstractNum"}
        for one in numbering:
            if local_name(one) != "num":
                continue
            number_id, definition_id = attribute(one, "numId") or "", attribute(child(one, "abstractNumId"), "val")
            starts_anew = any(child(override, "startOverride") is not None for override in one if local_name(override) == "lvlOverride")
            self._list_of[number_id] = f"own-{number_id}" if starts_anew else f"of-{definition_id}"
            definition = abstract.get(definition_id)
            for level in definition if definition is not None else ():
                index = attribute(level, "ilvl")
                if local_name(level) == "lvl" and index is not None and index.isdigit():
                    self._read_level(number_id, int(index), level)

    def _read_level(self, number_id: str, index: int, level: etree._Element) -> None:
        start = attribute(child(level, "start"), "val") or "1"
        form = attribute(child(level, "numFmt"), "val") or "decimal"
        text = attribute(child(level, "lvlText"), "val") or ""
        self._levels[(number_id, index)] = (form, text, int(start) if start.isdigit() else 1)
        if style := attribute(child(level, "pStyle"), "val"):
            self._level_of_style[style] = index


def _number_of(properties: etree._Element | None) -> tuple[str, int] | None:
    number = child(properties, "numPr")
    list_id = attribute(child(number, "numId"), "val")
    level = attribute(child(number, "ilvl"), "val") or "0"
    return (list_id, int(level)) if list_id and list_id != "0" and level.isdigit() else None


def _style_numbers(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Return the list and level of each style, inherited from the style it is based on."""
    found: dict[str, tuple[str, int]] = {}
    parents: dict[str, str] = {}
    for style in styles if styles is not None else ():
        if local_name(style) != "style":
            continue
        name = attribute(style, "styleId") or ""
        parents[name] = attribute(child(style, "basedOn"), "val") or ""
        if number := _number_of(child(style, "pPr")):
            found[name] = number
    for name in parents:
        above, steps = name, 0
        while above and above not in found and steps < MAX_INHERITED:
            above, steps = parents.get(above, ""), steps + 1
        if above in found:
            found[name] = found[above]
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
