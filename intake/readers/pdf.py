"""PDF files with a text layer: prose as paragraphs, tables as grids, ruled or told by their gaps, page by page and then joined across the pages.

A scan has no text to read and is refused; pages that are pictures in a file with text are told as a finding. Page numbers, running heads and, on printed web
pages, what surrounds the document are left out.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator

import pypdfium2

from intake.document import Block, Content, Table
from intake.draft import Finding
from intake.phrases import squeeze
from intake.readers.pdf_columns import placed_lines
from intake.readers.pdf_gaps import gap_tables
from intake.readers.pdf_grid import Ruled, is_alike, ruled_tables
from intake.readers.pdf_joining import joined
from intake.readers.pdf_lines import Line, is_page_number, lines_of
from intake.readers.pdf_page import Page, page_of
from intake.readers.pdf_prose import Columns, Placed, paragraphs_of
from intake.readers.webpage import ADDRESS, document_only
from intake.safety import MAX_UNPACKED_BYTES, SafeFile, locked
from rules.errors import DubanError
from rules.texts import _

MAX_PAGES = 3000
MAX_PARTS = 3_000_000
MAX_STREAMS_BYTES = 2 * 1024**3
FEWEST_GLYPHS = 10
SHOWN_PAGES = 20
EDGE_LINES = 2
STREAM = re.compile(rb"(?<!end)stream\r?\n")
CHUNK = 64 * 1024

Part = Placed | Ruled


def read_pdf(file: SafeFile) -> Content:
    """Return paragraphs and tables in order. Refused: pdf-without-text, file-encrypted, file-damaged, file-too-large, zip-bomb."""
    _refuse_bombs(file)
    try:
        document = pypdfium2.PdfDocument(file.data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise locked(file.name) from error
        raise _damaged(file.name) from error
    try:
        pages, pictures = _pages(document, file.name)
    except pypdfium2.PdfiumError as error:
        raise _damaged(file.name) from error
    finally:
        document.close()
    blocks = document_only(_blocks(_without_running_heads(pages)))
    return Content(tuple(blocks), _pictures_told(pictures))


def _pages(document: pypdfium2.PdfDocument, name: str) -> tuple[list[list[Part]], list[int]]:
    """Return the parts of each page from top to bottom, and the numbers of the pages that are pictures."""
    if len(document) > MAX_PAGES:
        text = _("“{name}”有{count}页，超过上限{limit}页；请拆分后再读")
        raise DubanError("file-too-large", text.format(name=name, count=len(document), limit=MAX_PAGES))
    pages: list[list[Part]] = []
    pictures: list[int] = []
    glyphs = parts_seen = 0
    for number in range(len(document)):
        page = page_of(document, number)
        glyphs += len(page.glyphs)
        parts_seen += page.part_count
        if parts_seen > MAX_PARTS:
            raise DubanError("file-too-large", _("“{name}”的文字和线条超过{limit}个；请拆分后再读").format(name=name, limit=MAX_PARTS))
        if page.has_picture and not page.glyphs:
            pictures.append(number + 1)
        pages.append(_parts(page, number, _last_table(pages)))
    if glyphs < FEWEST_GLYPHS:
        text = _("“{name}”没有文字层（多半是扫描件），读不出文字；请用文字识别软件转成 Word 或 Excel，或向发文单位要电子文本")
        raise DubanError("pdf-without-text", text.format(name=name))
    return pages, pictures


def _parts(page: Page, number: int, going_on: Ruled | None) -> list[Part]:
    """Return tables and lines of a page in the order of reading: a page without tables may be set in two columns."""
    tables, rest = ruled_tables(page, going_on)
    by_gaps, rest = gap_tables(rest, going_on)
    if not tables and not by_gaps:
        return list(placed_lines(rest, number, page.width))
    parts: list[Part] = [*tables, *by_gaps, *(Placed(line, number, page.width) for line in lines_of(rest))]
    return sorted(parts, key=_top)


def _last_table(pages: list[list[Part]]) -> Ruled | None:
    return next((part for part in reversed(pages[-1]) if isinstance(part, Ruled)), None) if pages else None


def _top(part: Part) -> float:
    return part.top if isinstance(part, Ruled) else part.line.top


def _without_running_heads(pages: list[list[Part]]) -> list[list[Part]]:
    """Return the pages without page numbers, printed addresses and lines that stand at the edge of many pages; the first of those stays."""
    edges = [{id(part): part.line for part in (*page[:EDGE_LINES], *page[-EDGE_LINES:]) if isinstance(part, Placed)} for page in pages]
    counts = Counter(_form(line) for page in edges for line in page.values())
    often = {form for form, count in counts.items() if count >= 3 and count >= (0.5 if "#" in form else 0.3) * len(pages)}
    told: set[str] = set()
    kept: list[list[Part]] = []
    for page, edge in zip(pages, edges, strict=True):
        gone = {
            at for at, line in edge.items() if _is_number(line) or (_form(line) in often and ("#" in _form(line) or _form(line) in told))
        }
        told.update(_form(line) for line in edge.values())
        kept.append([part for part in page if id(part) not in gone])
    return kept


def _form(line: Line) -> str:
    return re.sub(r"\d+", "#", squeeze(line.text))


def _is_number(line: Line) -> bool:
    return is_page_number(line.text) or bool(ADDRESS.match(line.text.strip()))


def _blocks(pages: list[list[Part]]) -> list[Block]:
    lines = [part for page in pages for part in page if isinstance(part, Placed)]
    columns = Columns(lines) if lines else None
    blocks: list[Block] = []
    run: list[Placed] = []
    for part in _joined_tables(pages):
        if isinstance(part, Placed):
            run.append(part)
            continue
        blocks.extend(paragraphs_of(run, columns) if columns else [])
        run = []
        blocks.append(Table(part.rows))
    return [*blocks, *(paragraphs_of(run, columns) if columns else [])]


def _joined_tables(pages: list[list[Part]]) -> Iterator[Part]:
    """Yield the parts of all pages; a table at the head of a page goes on with one like it at the foot of the page before."""
    waiting: Ruled | None = None
    for page in pages:
        for at, part in enumerate(page):
            if waiting is not None and at == 0 and isinstance(part, Ruled) and is_alike(part, waiting):
                waiting = joined(waiting, part)
                continue
            if waiting is not None:
                yield waiting
                waiting = None
            if isinstance(part, Ruled):
                waiting = part
            else:
                yield part
    if waiting is not None:
        yield waiting


def _pictures_told(pictures: list[int]) -> tuple[Finding, ...]:
    if not pictures:
        return ()
    numbers = _("、").join(str(number) for number in pictures[:SHOWN_PAGES])
    message = _("第{pages}页只有图片，没有文字可读；请核对其中是否有任务").format(pages=numbers)
    if len(pictures) > SHOWN_PAGES:
        text = _("第{pages}页等{count}页只有图片，没有文字可读；请核对其中是否有任务")
        message = text.format(pages=numbers, count=len(pictures))
    return (Finding(code="pages-without-text", severity="warning", message=message),)


def _refuse_bombs(file: SafeFile) -> None:
    """Refuse a file one of whose packed streams, or all of them, are larger unpacked than any document; measured in pieces, nothing is kept."""
    total = 0
    for match in STREAM.finditer(file.data):
        unpacked = _unpacked(file.data, match.end())
        total += unpacked
        if unpacked > MAX_UNPACKED_BYTES or total > MAX_STREAMS_BYTES:
            text = _("“{name}”解压后过大，可能是压缩炸弹，不予读取；请用 Word 或 WPS 打开检查后另存再读")
            raise DubanError("zip-bomb", text.format(name=file.name))


def _unpacked(data: bytes, at: int) -> int:
    """Return how many bytes the stream at `at` unpacks to, counted no further than is too many; 0 for one that is not packed."""
    packed = zlib.decompressobj()
    unpacked, rest = 0, b""
    try:
        while unpacked <= MAX_UNPACKED_BYTES and not packed.eof:
            if not rest:
                rest, at = data[at : at + CHUNK], at + CHUNK
            if not rest:
                break
            unpacked += len(packed.decompress(rest, CHUNK))
            rest = packed.unconsumed_tail
    except zlib.error:
        return unpacked
    return unpacked


def _damaged(name: str) -> DubanError:
    return DubanError("file-damaged", _("“{name}”不是完好的 PDF；请重新下载，或在阅读器中打开后另存再读").format(name=name))
