"""Returned mail as different servers make it: reports by the standard, and plain text of older and Chinese systems."""

ORIGINAL = """From: =?utf-8?b?55yB?= <duban@example.cn>
To: zhang@kjt.example.cn
Subject: =?utf-8?b?552j5Yqe?=
Message-ID: <20131226.contact-5.abc@example.cn>
Date: Thu, 26 Dec 2013 09:00:00 +0800
"""

REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example.cn (Mail Delivery System)
To: duban@example.cn
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <20131226010203.ABC@mx.example.cn>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain; charset=us-ascii

This is the mail system. I could not deliver it.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.cn
Arrival-Date: Thu, 26 Dec 2013 09:00:01 +0800

Final-Recipient: rfc822; zhang@kjt.example.cn
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--XX
Content-Type: {kind}

{original}
--XX--
"""


def report(action="failed", status="5.1.1", diagnostic="550 5.1.1 <zhang@kjt.example.cn>: User unknown", kind="message/rfc822"):
    return REPORT.format(action=action, status=status, diagnostic=diagnostic, kind=kind, original=ORIGINAL).encode()


def plain(text, subject="系统退信", sender="postmaster@mail.example.cn", headers="", charset="utf-8"):
    head = f"From: {sender}\nTo: duban@example.cn\nSubject: {subject}\n{headers}MIME-Version: 1.0\n"
    return (
        head.encode() + f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + text.encode(charset)
    )


QUOTED = f"\n--- 原邮件 ---\n{ORIGINAL}\n正文"


def enclosing(said, kind, disposition=""):
    """Return a mail with the server's words and the first mail enclosed, whose own words sound like a server's."""
    head = "From: =?gb18030?B?z7XNsw==?= <postmaster@mail.example.cn>\nSubject: 退信通知\nMIME-Version: 1.0\n"
    own = "Content-Type: text/plain; charset=utf-8\n\n452 个示范点延迟，系统稍后重试。\n"
    parts = f"--YY\nContent-Type: text/html; charset=utf-8\n\n<b>{said}</b>\n\n--YY\nContent-Type: {kind}\n{disposition}\n{ORIGINAL}{own}\n--YY--\n"
    return f'{head}Content-Type: multipart/mixed; boundary="YY"\n\n{parts}'.encode()
