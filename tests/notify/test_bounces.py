"""Reading what came back: which message, for good or not, why; and never a person's answer taken for it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.bounces import read_bounce
from tests.notify.returned import ORIGINAL, QUOTED, enclosing, plain, report

OURS = "20131226.contact-5.abc"
IN_REPLY = f"In-Reply-To: <{OURS}@example.cn>\n"
HTML = (
    b"From: postmaster@qq.example\nSubject: =?gb18030?B?z7XNs83L0MU=?=\nContent-Type: text/html; charset=gb18030\n\n"
    + f"<p>您的邮件被退回</p><p>550 Mailbox unavailable or access denied</p><pre>Message-ID: &lt;{OURS}@example.cn&gt;</pre>".encode(
        "gb18030"
    )
)


@pytest.mark.parametrize(
    ("content", "status", "is_final", "reason"),
    [
        pytest.param(report(), "5.1.1", True, "User unknown", id="by the standard"),
        pytest.param(report(kind="text/rfc822-headers"), "5.1.1", True, "User unknown", id="with the headers only"),
        pytest.param(report("delayed", "4.4.1", "connect to kjt: timed out"), "4.4.1", False, "timed out", id="takes longer"),
        pytest.param(report("failed", "4.4.7", "delivery time expired"), "4.4.7", True, "expired", id="given up after long trying"),
        pytest.param(
            plain("很抱歉，您的邮件被退回。\n收件人 zhang@kjt.example.cn\n退信原因：550 User not found: zhang" + QUOTED),
            *("550", True, "User not found"),
            id="Chinese words",
        ),
        pytest.param(
            plain("无法投递到以下收件人\n原因：SMTP error, RCPT TO: 550 5.2.1 disabled" + QUOTED, charset="gb18030"),
            *("5.2.1", True, "disabled"),
            id="GB18030",
        ),
        pytest.param(
            plain(
                "Hi. This is the delivery program.\nI've given up.\n<zhang@kjt.example.cn>: 552 quota exceeded" + QUOTED, "failure notice"
            ),
            *("552", True, "quota exceeded"),
            id="an old server",
        ),
        pytest.param(plain("收件人不存在", headers=IN_REPLY), "", True, "系统退信", id="no more than a header tells which"),
        pytest.param(
            plain(
                "452 4.2.2 mailbox full\nWill retry for 5 days" + QUOTED,
                "Warning: could not send message, delivery delayed",
                "MAILER-DAEMON@x.cn",
            ),
            *("4.2.2", False, "mailbox full"),
            id="a warning in plain text",
        ),
        pytest.param(plain("投递延迟，系统稍后重试" + QUOTED, "投递状态通知"), "", False, "投递状态通知", id="a warning in Chinese"),
        pytest.param(
            plain("rejected: 550 5.7.1 spam" + QUOTED, "Delivery failure", "a@b.cn", "Return-Path: <>\n"),
            "5.7.1",
            True,
            "spam",
            id="an empty sender",
        ),
    ],
)
def test_what_came_back(content, status, is_final, reason):
    bounce = read_bounce(content)
    assert bounce.message_ids[0] == OURS
    assert (bounce.status, bounce.is_final) == (status, is_final)
    assert reason in bounce.reason


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "application/octet-stream; name=a.eml", "text/rfc822-headers"], ids=["enclosed", "as a file", "headers"]
)
@pytest.mark.parametrize(("said", "status"), [("550 User not found", "550"), ("收件人地址不存在", "")])
def test_the_first_mails_own_words_are_not_the_servers(kind, said, status):
    bounce = read_bounce(enclosing(said, kind))
    assert (bounce.message_ids, bounce.status, bounce.is_final) == ((OURS,), status, True)


def test_a_page_in_place_of_text():
    bounce = read_bounce(HTML)
    assert (bounce.status, bounce.is_final) == ("550", True)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            plain("收到，已办理，退回旧表。" + QUOTED, "回复：督办提醒", "zhang@kjt.example.cn", IN_REPLY), id="a person's answer"
        ),
        pytest.param(plain("退信问题请教", "退信", "zhang@kjt.example.cn", IN_REPLY), id="a person who writes of returned mail"),
        pytest.param(plain("我在休假", "自动回复", "postmaster@x.cn", f"Auto-Submitted: auto-replied\n{IN_REPLY}"), id="out of office"),
        pytest.param(report("delivered", "2.0.0", "250 ok"), id="a receipt"),
        pytest.param(report("relayed", "2.0.0", "250 ok"), id="handed on"),
        pytest.param(plain("550 User not found"), id="nobody knows which"),
        pytest.param(ORIGINAL.encode(), id="the message itself"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff" * 500, id="no mail at all"),
    ],
)
def test_what_is_no_return(content):
    assert read_bounce(content) is None


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            b"",
            b"From: postmaster@x.cn\nSubject: ",
            b"Content-Type: multipart/report; boundary=",
            b"Content-Type: message/delivery-status\n\n",
        ]
    ),
)
def test_nothing_that_a_file_holds_is_an_error(content, before):
    read_bounce(before + content)


@pytest.mark.parametrize("piece", ["<", "message-id ", "550 ", "5.1.1.", "退信<a", "<!--", "https://", "=?utf-8?b?", "--XX\n"])
def test_hostile_mail_takes_little_time(piece):
    started = time.process_time()
    read_bounce(plain("退信 " + piece * (1_000_000 // len(piece)), piece * 10_000))
    assert time.process_time() - started < 10
