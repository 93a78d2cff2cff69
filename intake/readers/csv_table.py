"""Comma-separated files: what a sheet was saved as, its title rows still above the head, sentences written across it as paragraphs."""

import csv
import io

from intake.document import EMPTY, Cell, Content, rectangular
from intake.encoding import decode
from intake.readers.sheets import sheet_blocks
from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _


def read_csv(file: SafeFile) -> Content:
    """Return the tables and paragraphs of the file; a semicolon or tab between the cells is understood too."""
    text = decode(file.data, file.name)
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        records = list(reader)
    except csv.Error as error:
        if "field limit" in str(error):
            raise _endless_cell(file.name, reader.line_num) from error
        message = _("“{name}”不是完好的 csv（{reason}）；请用表格软件打开后另存为 csv 或 xlsx 再读")
        raise DubanError("file-damaged", message.format(name=file.name, reason=error)) from error
    rows = [[Cell(text, number) if (text := cell.strip()) else EMPTY for cell in record] for number, record in enumerate(records, start=1)]
    return Content(tuple(sheet_blocks([list(row) for row in rectangular(rows)], None)))


def _endless_cell(name: str, line: int) -> DubanError:
    message = _("“{name}”到第{line}行为止有一格超过{most}字，不像表格里的一格，多半是引号没有配对；请补上引号或拆开这一格后再读")
    return DubanError("file-too-large", message.format(name=name, line=line, most=csv.field_size_limit()))
