"""Reading a document into a draft: the one door between a file and everything duban knows about it.

A reader takes a file that passed `safety` and gives blocks; what the blocks mean is decided afterwards, the same for every format. A new format is one reader
and one line in `READERS` (see docs/recipes/add-a-reader.md).
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from intake.document import Content, Document
from intake.draft import DraftPlan, ItemDraft, SourceKind
from intake.drafting import draft_of
from intake.readers.radicals import Wording, without_radicals
from intake.safety import SafeFile, load

# Readers are named, not imported: openpyxl, lxml, pdfium and xlrd load only when a file needs them.
READERS: dict[SourceKind, tuple[str, str]] = {
    "txt": ("intake.readers.txt", "read_txt"),
    "md": ("intake.readers.txt", "read_txt"),
    "csv": ("intake.readers.csv_table", "read_csv"),
    "docx": ("intake.readers.docx", "read_docx"),
    "html": ("intake.readers.html", "read_html"),
    "pdf": ("intake.readers.pdf", "read_pdf"),
    "doc": ("intake.readers.office", "read_doc"),
    "wps": ("intake.readers.office", "read_doc"),
    "xlsx": ("intake.readers.xlsx", "read_xlsx"),
    "xls": ("intake.readers.xls", "read_xls"),
    "et": ("intake.readers.xls", "read_xls"),
}


def read_document(path: Path, base_year: int | None = None) -> DraftPlan:
    """Return the draft of the document at `path` with its findings. `base_year` is the year of months and quarters written without one; by default the
    year of the document's date or number. Whatever is wrong with the file is one DubanError; nothing is written.
    """
    return read_file(load(path), base_year)[0]


def read_file(file: SafeFile, base_year: int | None = None) -> tuple[DraftPlan, Document]:
    """Return the draft of a file that passed the door, and the blocks it was read from."""
    content = _content_of(file)
    document = _document(file, content)
    draft = draft_of(document, base_year)
    items = _as_written(draft.items, Wording(content.blocks))
    return draft.model_copy(update={"items": items, "findings": (*draft.findings, *document.findings)}), document


def document_of(file: SafeFile) -> Document:
    """Return the blocks of a file that passed the door."""
    return _document(file, _content_of(file))


def _content_of(file: SafeFile) -> Content:
    module, function = READERS[file.kind]
    reader: Callable[[SafeFile], Content] = getattr(import_module(module), function)
    return reader(file)


def _as_written(items: tuple[ItemDraft, ...], wording: Wording) -> tuple[ItemDraft, ...]:
    """Return the items, each with its words as the document has them where they were made whole for reading."""
    if not wording.differs:
        return items
    written = [wording.of(item.text) for item in items]
    return tuple(
        item.model_copy(update={"source": item.source.model_copy(update={"written": words})})
        for item, words in zip(items, written, strict=True)
    )


def _document(file: SafeFile, content: Content) -> Document:
    return Document(name=file.name, sha256=file.sha256, kind=file.kind, blocks=without_radicals(content.blocks), findings=content.findings)
