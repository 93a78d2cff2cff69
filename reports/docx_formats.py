"""How a Word document's parts are really set: what a run, its paragraph, their styles and the document's defaults say, the nearest first.

Measures are given as a reader knows them: points, millimetres, characters of the body.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from docx import Document as open_document
from docx.oxml.ns import qn

from reports.docx_parts import Node

MM_A_TWIP = 25.4 / 1440


@dataclass(frozen=True)
class Line:
    """A paragraph and the name of its style."""

    node: Node
    style: str

    @property
    def text(self) -> str:
        """Return what stands in it, without the text of a box that hangs on it."""
        return "".join(words.text or "" for words in self.node.xpath("./w:r/w:t"))

    @property
    def runs(self) -> list[Node]:
        """Return the runs that hold text."""
        return [run for run in self.node.findall(qn("w:r")) if run.find(qn("w:t")) is not None]


class Formats:
    """A Word document, asked how its parts are set."""

    def __init__(self, content: bytes) -> None:
        self.document = open_document(BytesIO(content))
        self.styles = {node.get(qn("w:styleId")): node for node in self.document.styles.element.findall(qn("w:style"))}
        self.names = {number: node.find(qn("w:name")).get(qn("w:val")) for number, node in self.styles.items()}

    @cached_property
    def lines(self) -> list[Line]:
        """Return the paragraphs of the body, outside tables."""
        return list(self.lines_of(self.document.element.body))

    def lines_of(self, part: Node) -> Iterator[Line]:
        """Give the paragraphs that stand directly in a part."""
        for node in part.findall(qn("w:p")):
            yield Line(node, self.style_of(node))

    def style_of(self, node: Node) -> str:
        """Return the name of a paragraph's style, as Word shows it in English."""
        found = node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return str(self.names.get(found.get(qn("w:val")) if found is not None else None, "Normal"))

    def of_run(self, line: Line, run: Node | None, path: str, attribute: str) -> str | None:
        """Return an attribute of a run's type; without a run, of the paragraph's style."""
        own = [run.find(qn("w:rPr"))] if run is not None else []
        return self._first([*own, *(node.find(qn("w:rPr")) for node in self._chain(line))], path, attribute)

    def of_line(self, line: Line, path: str, attribute: str) -> str | None:
        """Return an attribute of a paragraph's setting, `path` such as `w:spacing`."""
        return self._first([line.node.find(qn("w:pPr")), *(node.find(qn("w:pPr")) for node in self._chain(line))], path, attribute)

    def face(self, line: Line, run: Node | None = None) -> str:
        """Return the name of the Chinese typeface."""
        return self.of_run(line, run, "w:rFonts", "w:eastAsia") or ""

    def points(self, line: Line, run: Node | None = None) -> float:
        """Return the size of the type in points."""
        return int(self.of_run(line, run, "w:sz", "w:val") or 20) / 2

    def side(self, line: Line) -> str:
        """Return where the text is set: left, center, right or both."""
        return self.of_line(line, "w:jc", "w:val") or "left"

    def twips(self, line: Line, path: str, attribute: str) -> int:
        """Return a length of a paragraph's setting in twips; nothing is 0."""
        return int(float(self.of_line(line, path, attribute) or 0))

    def border(self, line: Line, edge: str) -> tuple[str, int]:
        """Return the colour and thickness (eighths of a point) of a paragraph's rule; without one, nothing."""
        path = f"w:pBdr/w:{edge}"
        if (self.of_line(line, path, "w:val") or "nil") in ("nil", "none"):
            return "", 0
        return self.of_line(line, path, "w:color") or "", int(self.of_line(line, path, "w:sz") or 0)

    def _chain(self, line: Line) -> Iterator[Node]:
        found = line.node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        number: str | None = found.get(qn("w:val")) if found is not None else self._default
        seen: set[str] = set()
        while number is not None and number in self.styles and number not in seen:
            seen.add(number)
            yield self.styles[number]
            based = self.styles[number].find(qn("w:basedOn"))
            number = based.get(qn("w:val")) if based is not None else None
        defaults = self.document.styles.element.find(qn("w:docDefaults"))
        if defaults is not None:
            yield from (node for node in defaults)

    @cached_property
    def _default(self) -> str | None:
        marked = [
            number
            for number, node in self.styles.items()
            if node.get(qn("w:default")) in ("1", "true") and node.get(qn("w:type")) == "paragraph"
        ]
        return marked[0] if marked else None

    @staticmethod
    def _first(places: list[Node], path: str, attribute: str) -> str | None:
        wanted = "/".join(qn(part) for part in path.split("/"))
        for place in places:
            found = place.find(wanted) if place is not None else None
            if found is not None and found.get(qn(attribute)) is not None:
                return str(found.get(qn(attribute)))
        return None
