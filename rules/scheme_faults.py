"""What is wrong with a value of a scheme, in words and with its path: items[2].weight：须大于 0."""

from collections.abc import Mapping, Sequence
from typing import Any

from rules.texts import _


def fault_words(fault: Mapping[str, Any]) -> str:
    """Return one fault that pydantic found as words for the person who wrote the file."""
    told = {name: str(value).replace(" or ", _("、")).replace(", ", _("、")) for name, value in fault.get("ctx", {}).items()}
    pattern = _patterns().get(fault["type"], _("不合格式（{message}）"))
    words = pattern.format_map({"message": fault["msg"], "ge": "", "gt": "", "le": "", "expected": "", "max_length": "", **told})
    return _("{path}：{fault}").format(path=_path(fault["loc"]) or _("文件"), fault=words)


def _path(places: Sequence[str | int]) -> str:
    path = ""
    for place in places:
        path += f"[{place}]" if isinstance(place, int) else f".{place}"
    return path.lstrip(".")


def _patterns() -> Mapping[str, str]:
    number, text, whole = _("应为数字"), _("应为文字"), _("应为整数")
    return {
        "missing": _("没有写"),
        "extra_forbidden": _("没有这一项"),
        "float_type": number,
        "finite_number": number,
        "int_type": whole,
        "int_from_float": whole,
        "string_type": text,
        "bool_type": _("应为 true 或 false"),
        "tuple_type": _("应为列表 […]"),
        "model_type": _("应为 {{…}}"),
        "model_attributes_type": _("应为 {{…}}"),
        "greater_than": _("须大于 {gt}"),
        "greater_than_equal": _("不能小于 {ge}"),
        "less_than_equal": _("不能大于 {le}"),
        "enum": _("应为 {expected} 之一"),
        "literal_error": _("应为 {expected} 之一"),
        "string_pattern_mismatch": _("应为小写字母开头，由小写字母、数字和连字符组成，最多 40 个字符"),
        "string_too_short": _("不能空着"),
        "string_too_long": _("太长"),
        "too_short": _("不能空着"),
        "too_long": _("最多 {max_length} 条"),
    }
