"""The review workbook: a draft as an .xlsx that people edit, and back again without loss.

Reading takes nothing on trust: the file passes the same door as any document, a cell with a formula is refused, and all mistakes are told at once.
"""

from collections.abc import Sequence
from pathlib import Path

from intake.draft import DraftPlan
from intake.review.reading import read
from intake.review.writing import write


def write_workbook(draft: DraftPlan, path: Path, registered: Sequence[str] = (), first_reading: DraftPlan | None = None) -> None:
    """Write the review workbook of `draft` to `path`. `registered` are names to choose from beside the draft's own; `first_reading` is the document as
    read, where `draft` already holds what people had made of it.
    """
    write(draft, path, registered, first_reading)


def read_workbook(path: Path) -> DraftPlan:
    """Return the draft that the review workbook at `path` holds, as people left it.

    Items of which no unit leads get their first unit as lead where the sheet 计划 says so. Refused with workbook-mistakes (every mistake with sheet, row and
    column), not-a-review-workbook, or what `safety.load` refuses.
    """
    return read(path)
