"""Reading a document into a draft: the one door between a file and everything duban knows about it.

A reader takes a file that passed `safety` and gives blocks; what the blocks mean is decided afterwards, the same for every format. A new format is one reader
and one line in `READERS` (see docs/recipes/add-a-reader.md).
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from intake.document import Content, Document
from intake.draft import DraftPlan, SourceKind
from intake.drafting import draft_of
from intake.readers.radicals import without_radicals
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
    document = document_of(load(path))
    draft = draft_of(document, base_year)
    return draft.model_copy(update={"findings": (*draft.findings, *document.findings)})


def document_of(file: SafeFile) -> Document:
    """Return the blocks of a file that passed the door."""
    module, function = READERS[file.kind]
    reader: Callable[[SafeFile], Content] = getattr(import_module(module), function)
    content = reader(file)
    return Document(name=file.name, sha256=file.sha256, kind=file.kind, blocks=without_radicals(content.blocks), findings=content.findings)
