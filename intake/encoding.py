"""Bytes to text: UTF-8 with or without byte order mark, UTF-16 with one, GB18030.

GB18030 decodes almost any bytes into something, so its result is believed only if it looks like Chinese as offices write it.
"""

import codecs

from rules.errors import DubanError
from rules.texts import _

PLAIN_ENOUGH = 0.85


def decode(data: bytes, name: str) -> str:
    """Return the text of `data` with line ends as `\\n`; refuse with encoding-unknown when no known encoding fits."""
    text = _decoded(data)
    if text is None or "\0" in text or not _looks_like_text(text):
        message = _("“{name}”的文字编码认不出（能读 UTF-8 和 GB18030）；请用记事本打开，另存为 UTF-8 后再读")
        raise DubanError("encoding-unknown", message.format(name=name))
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str | None:
    encodings = ["utf-8", "gb18030"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if encoding != "gb18030" or _looks_chinese(text) else None
    return None


def _looks_chinese(text: str) -> bool:
    """Return whether nearly all of what is not ASCII stands in GB 2312, the set offices really use; misread Big5 or Shift-JIS does not."""
    foreign = [char for char in text[:20000] if ord(char) > 127]
    if not foreign:
        return True
    return sum(_in_gb2312(char) for char in foreign) / len(foreign) >= PLAIN_ENOUGH


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char in "—·〔〕￥"
    return "\u4e00" <= char <= "\u9fff" or not char.isalpha()


def _looks_like_text(text: str) -> bool:
    sample = text[:20000]
    odd = sum(1 for char in sample if (ord(char) < 32 and char not in "\t\n\r\f\v") or char == "\ufffd" or 0xE000 <= ord(char) <= 0xF8FF)
    return odd * 20 <= len(sample)
