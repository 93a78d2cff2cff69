"""What is written as an e-mail is read back, by Python's own reader, as what was meant."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.channel import DeliveryError, Mail, MailFile
from notify.mail import content_of

WORDS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=200).map(str.strip).filter(bool)


def mail(**said):
    usual = {"name": "张联络", "address": "kjt@example.cn", "subject": "督办提醒：2项", "text": "正文\n第二行", "html": "<p>正文</p>"}
    at = datetime(2013, 12, 26, 4, tzinfo=UTC)
    return Mail(id=1, message_id="20131226.contact-1.abc", unit="科技厅", day=date(2013, 12, 26), at=at, **{**usual, **said})


def read(content):
    return message_from_bytes(content, policy=default)


@given(name=WORDS, subject=WORDS, transfer=st.sampled_from(["8bit", "base64"]))
def test_names_and_subjects_come_back(name, subject, transfer):
    found = read(content_of(mail(name=name, subject=subject), "duban@example.cn", "督查室", transfer))
    assert found["Subject"].split() == subject.split()
    assert found["To"].addresses[0].addr_spec == "kjt@example.cn"
    # Python's reader leaves a space between the encoded words of a long name.
    assert "".join(found["To"].addresses[0].display_name.split()) == "".join(name.split())
    assert not found.defects


@pytest.mark.parametrize("transfer", ["8bit", "base64"])
def test_parts_come_back(transfer):
    files = (MailFile("督办通知单〔2013〕1号.docx", b"PK\x00\r\n--=_"), MailFile("list.csv", b"a,b"))
    found = read(content_of(mail(files=files), "duban@example.cn", None, transfer))
    assert found.get_body(("plain",)).get_content().splitlines() == ["正文", "第二行"]
    assert found.get_body(("html",)).get_content().strip() == "<p>正文</p>"
    attached = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in found.iter_attachments()]
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert attached == [(files[0].name, docx, files[0].content), ("list.csv", "application/octet-stream", b"a,b")]
    assert found["Message-ID"] == "<20131226.contact-1.abc@example.cn>"
    assert found["Date"].datetime == datetime(2013, 12, 26, 4, tzinfo=UTC)


def test_the_same_message_gives_the_same_bytes():
    assert content_of(mail(), "duban@example.cn", None) == content_of(mail(), "duban@example.cn", None)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"name": "x\r\nBcc: other@example.cn"}, id="line break in the name"),
        pytest.param({"subject": "x\nBcc: other@example.cn"}, id="line break in the subject"),
        pytest.param({"address": "a@example.cn\r\nBcc: b@example.cn"}, id="line break in the address"),
        pytest.param({"address": "a b@example.cn"}, id="space in the address"),
        pytest.param({"address": "a@example.cn,b@example.cn"}, id="two addresses"),
        pytest.param({"address": "张@example.cn"}, id="an address no header can hold"),
        pytest.param({"address": "nobody"}, id="no address"),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_for_good(said):
    with pytest.raises(DeliveryError) as refused:
        content_of(mail(**said), "duban@example.cn", None)
    assert refused.value.permanent
