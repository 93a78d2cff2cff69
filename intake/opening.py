"""Opening a draft that somebody hands in: JSON or a review workbook, told apart by content, not by the file's name."""

import json
from pathlib import Path

from intake.draft import DraftPlan, draft_from_json
from intake.encoding import decode
from intake.review.carrying import Earlier
from intake.review.reading import readings_in
from intake.safety import SafeFile, load
from rules.errors import DubanError
from rules.texts import _


def read_draft(path: Path) -> DraftPlan:
    """Return the draft in the file at `path`. Refused with draft-not-json (line and column), draft-not-valid (the fields), workbook-mistakes, or what
    the door refuses.
    """
    return read_earlier(path).reviewed


def read_earlier(path: Path) -> Earlier:
    """Return the draft in the file at `path` with the first reading that a review workbook keeps. Refused like `read_draft`."""
    file = load(path)
    return Earlier(*readings_in(file)) if file.kind == "xlsx" else Earlier(_draft_in_json(file))


def _draft_in_json(file: SafeFile) -> DraftPlan:
    text = decode(file.data, file.name)
    if not text.lstrip().startswith("{"):
        message = _("“{name}”不是草案；请给 duban plan draft 生成的 json 或 xlsx（文件本身请先用 duban plan draft 读成草案）")
        raise DubanError("draft-not-json", message.format(name=file.name))
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        message = _("“{name}”第{line}行第{column}列不是合格的 JSON；请改正，或重新生成草案")
        raise DubanError("draft-not-json", message.format(name=file.name, line=place[0], column=place[1])) from error
    return draft_from_json(content, file.name)
