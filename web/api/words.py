"""The API's own sentences: of its own refusals, of statuses, of fields, and of services' refusals, which speak of the command line's options.

A service names an option where the caller left something out (`--reason`); the API's field of the same meaning takes its place here.
"""

from collections.abc import Mapping
from typing import Any

from rules.texts import _

_FIELDS = {
    "--no-change": "no_change",
    "--next": "next_step",
    "--due 2014-03-31": "due_on",
    "--days 60": "days",
    "--reason": "reason",
    "--value": "values",
    "--text": "text",
    "--confirm": "confirmed",
    "--correction": "correction",
    "--progress": "progress",
    "--target": "targets",
    "--unit": "unit",
    "--on": "on",
}


def detail_of(code: str, message: str = "") -> str:
    """Return the sentence of a refusal; `message` is a service's own, used where the API has none for the code."""
    own = _details().get(code)
    if own is not None:
        return own
    for option, name in _FIELDS.items():
        message = message.replace(option, name)
    return message


def title_of(status: int) -> str:
    """Return what a status means."""
    titles = {
        400: _("请求写法不对"),
        401: _("没有有效的令牌"),
        403: _("无权办理"),
        404: _("没有找到"),
        405: _("这个地址不支持这种方法"),
        409: _("现在不能这样办理"),
        412: _("看过以后有了变化"),
        413: _("内容太大"),
        415: _("内容的格式不支持"),
        422: _("内容不能接受"),
        429: _("请求太频繁"),
        503: _("暂时不能办理"),
    }
    return titles.get(status, _("程序出错"))


def _details() -> Mapping[str, str]:
    return {
        # The reason names places of the machine; the log has it.
        "database-unreachable": _("数据库暂时连不上，请稍后重试；正在办理的事是否已写入，请到时查看"),
        "no-token": _("请求没有带令牌，或令牌不存在、已停用、已过期；请在 Authorization 头中写 Bearer 和令牌"),
        "token-reads-only": _("这个令牌只能查看，不能办理；请换一个可以办理的令牌"),
        "too-many-requests": _("请求太频繁，请按 Retry-After 头所说的秒数稍后再试"),
        "idempotency-key-needed": _("办理须带 Idempotency-Key 头：1 至 64 个可见的英文字符，每件事一个，重试时不变"),
        "key-reused": _("这个 Idempotency-Key 已经用于另一次不同的请求；请换一个"),
        "changed-meanwhile": _("If-Match 所说的情况以后，别人办理过这项任务；请重新读取，核对后再办"),
        "bad-etag": _("If-Match 的写法不对；请用读取任务时得到的 ETag，或上一次办理后答复的 etag"),
        "bad-json": _("正文不是有效的 JSON"),
        "bad-fields": _("有字段不能用，见 errors"),
        "bad-media-type": _("正文的 Content-Type 不支持；请用 application/json，交佐证材料用 multipart/form-data 或文件本身的类型"),
        "body-too-large": _("正文太大：JSON 最多 1 MB，佐证材料一份最多 50 MB、一次最多 200 MB"),
        "digest-mismatch": _("收到的文件与 Content-Digest 不符，或写法不是 sha-256=:…:；请重新发送"),
        "file-name-needed": _("没有文件名：请在 Content-Disposition 头中写明 filename 或 filename*"),
        "file-needed": _("没有收到文件：multipart 须有名为 file 的部分"),
        "unknown-path": _("没有这个地址，请看 openapi.json"),
        "method-not-allowed": _("这个地址不支持这种方法，可用的见 Allow 头"),
        "broken-form": _("multipart 正文不完整或写法不对"),
        "unexpected-error": _("程序出错，没有办理；请把 instance 中的编号告诉运维人员"),
        "unknown-task": _("没有这项任务，或者它不归这个账号查看"),
        "unknown-plan": _("没有这份计划，或者它不归这个账号查看"),
        "unknown-request": _("没有这件申请，或者它不归这个账号查看"),
        "unknown-notice": _("没有这件通知单，或者它不归这个账号查看"),
        "unknown-paper": _("没有这份通报，或者它不归这个账号查看"),
        "unknown-evidence": _("这项任务没有这份佐证材料"),
        "unknown-format": _("这份通报没有这种格式的文件"),
    }


def field_fault(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with one field, by the kind of fault."""
    told = fault.get("ctx", {})
    kind = str(fault["type"])
    sentences = {
        "missing": _("必须填写"),
        "extra_forbidden": _("没有这个字段"),
        "string_too_short": _("不能为空"),
        "string_too_long": _("最多 {max_length} 个字"),
        "too_long": _("最多 {max_length} 项"),
        "greater_than_equal": _("不能小于 {ge:g}"),
        "less_than_equal": _("不能大于 {le:g}"),
        "less_than": _("须小于 {lt:g}"),
        "enum": _("只能是 {expected}"),
        "literal_error": _("只能是 {expected}"),
        "measure_twice": _("同一项指标写了两次"),
        "figure_or_range": _("每项新目标写 value，或按大小写 low 和 high"),
        "int_parsing": _("须为整数"),
        "string_pattern_mismatch": _("含有不能用的字符，或写法不对"),
        "bad_day": _("须为 1949 至 2199 年间的日期，如 2013-09-30"),
    }
    if kind in sentences:
        return sentences[kind].format(**told)
    return _("写法不对（{kind}）").format(kind=kind)
