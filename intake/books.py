"""Excel books opened with openpyxl: one place that knows what a damaged one does."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


@contextmanager
def opened(file: SafeFile, *, is_worked: bool = False, read_only: bool = True) -> Iterator["Workbook"]:
    """Give the book; refuse with file-damaged whatever openpyxl trips over, also while it is read. `is_worked` gives a formula's last result instead of its text."""
    import openpyxl

    with warnings.catch_warnings():
        # openpyxl warns of ornaments it does not keep; nothing here depends on them.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(file.data), read_only=read_only, data_only=is_worked, keep_links=False)
            yield book
            book.close()
        except (DubanError, GeneratorExit):
            raise
        except Exception as error:  # a broken part may raise nearly anything inside openpyxl
            text = _("“{name}”的内容已损坏；请用 Excel 或 WPS 打开修复后另存为 xlsx 再读")
            raise DubanError("file-damaged", text.format(name=file.name)) from error
