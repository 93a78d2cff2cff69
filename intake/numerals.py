"""Numbers as documents write them: 1,500 · 三十五 · 两 · 一半.

Chinese numerals are read up to 亿; a digit string such as 二〇一三 is read digit by digit.
"""

import re

DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
POWERS = {"十": 10, "百": 100, "千": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}
CHINESE = "[零〇○一二两三四五六七八九十百千]"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


def number_of(text: str) -> float | None:
    """Return the number that `text` as a whole writes, or None."""
    text = text.strip().replace(",", "")
    if re.fullmatch(r"[-−－]?\d+(?:\.\d+)?", text):
        return float(text.replace("−", "-").replace("－", "-"))
    if text and all(char in DIGITS or char in POWERS or char in GROUPS for char in text):
        return float(_chinese(text))
    return None


def _chinese(text: str) -> int:
    if len(text) > 1 and all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in POWERS:
            section += (digit or 1) * POWERS[char]
            digit = 0
        else:
            total += ((section + digit) or 1) * GROUPS[char]
            section = digit = 0
    return total + section + digit
