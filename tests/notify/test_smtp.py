"""Sending through a real mail server: what arrives, and which answers mean what."""

import logging
import socket
import socketserver
import ssl
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult

from notify.channel import ChannelDownError, DeliveryError, Mail, MailFile
from notify.smtp import SmtpChannel, SmtpServer
from tests.notify.mail_server import free_port, mail_server, only_with_password

MAIL = Mail(
    id=7,
    message_id="20131226.contact-5.abc",
    unit="自治区科技厅",
    name="张联络",
    address="zhang@example.cn",
    day=date(2013, 12, 26),
    at=datetime(2013, 12, 26, 1, 0, tzinfo=UTC),
    subject="【督办提醒】临近到期 2 项（2013年12月26日）",
    text="自治区科技厅（张联络）：\n\n正文。\n",
    html="<p>自治区科技厅（张联络）：</p>",
)


FILES = (MailFile("督办通知单〔2013〕1号 (甲).docx", b"PK\x03\x04 paper"), MailFile("return slip.pdf", b"%PDF-1.4"))


def channel_to(port, **options):
    return SmtpChannel(SmtpServer("127.0.0.1", port, "none", **options), "duban@example.cn", "自治区督查室")


def test_what_arrives():
    with mail_server() as mailbox:
        channel = channel_to(mailbox.port)
        channel.open()
        channel.send(MAIL)
        channel.close()
    assert mailbox.received == {"zhang@example.cn": 1}
    message = message_from_bytes(mailbox.contents[0], policy=default)
    assert message["Subject"] == MAIL.subject
    assert message["From"].addresses[0].display_name == "自治区督查室"
    assert message["To"].addresses[0].display_name == "张联络"
    assert message["Message-ID"] == "<20131226.contact-5.abc@example.cn>"
    assert message["Date"].datetime == MAIL.at
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content() == MAIL.text
    assert message.get_body(("html",)).get_content().strip() == MAIL.html
    assert mailbox.contents[0].isascii()


def test_files_arrive_under_their_names():
    with mail_server() as mailbox:
        channel = channel_to(mailbox.port)
        channel.send(replace(MAIL, files=FILES))
        channel.close()
    message = message_from_bytes(mailbox.contents[0], policy=default)
    assert [(part.get_filename(), part.get_content()) for part in message.iter_attachments()] == [
        (file.name, file.content) for file in FILES
    ]
    kinds = [part.get_content_type() for part in message.iter_attachments()]
    assert kinds == ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/pdf"]
    assert b"filename*=utf-8''%E7%9D%A3" in mailbox.contents[0]
    assert message.get_body(("plain",)).get_content().splitlines() == MAIL.text.splitlines()
    assert "PK" not in repr(FILES[0])


in_groups = pytest.mark.parametrize("takes_groups", [False, True], ids=["one by one", "pipelining"])


@in_groups
def test_one_refused_of_five(takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        mailbox.rcpt["a3@example.cn"] = "550 5.1.1 no such person"
        channel = channel_to(mailbox.port)
        refused = []
        for number in range(1, 6):
            try:
                channel.send(replace(MAIL, id=number, address=f"a{number}@example.cn"))
            except DeliveryError as error:
                refused.append((number, error.permanent))
        channel.close()
    assert refused == [(3, True)]
    assert sorted(mailbox.received) == [f"a{number}@example.cn" for number in (1, 2, 4, 5)]


def test_a_server_too_slow_after_the_content_leaves_doubt():
    with mail_server() as mailbox:
        mailbox.slow_seconds = 1.2
        channel = channel_to(mailbox.port, patience_seconds=0.4)
        with pytest.raises(DeliveryError) as slow:
            channel.send(MAIL)
        channel.close()
    assert slow.value.uncertain


def test_a_server_that_never_greets_is_down():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = channel_to(silent.getsockname()[1], patience_seconds=0.3)
        with pytest.raises(ChannelDownError, match="连不上"):
            channel.open()


def test_one_connection_for_many_messages():
    with mail_server() as mailbox:
        channel = channel_to(mailbox.port)
        channel.open()
        for number in range(5):
            channel.send(replace(MAIL, id=number, address=f"a{number}@example.cn"))
        channel.close()
    assert (mailbox.connections, sum(mailbox.received.values())) == (1, 5)


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        pytest.param("550 5.1.1 no such person", True, id="nobody there"),
        pytest.param("450 4.2.1 greylisted", False, id="later perhaps"),
        pytest.param("452 4.2.2 mailbox full", False, id="mailbox full"),
        pytest.param("421 closing down", False, id="server goes away"),
    ],
)
@in_groups
def test_a_refused_recipient_stops_nobody_else(answer, permanent, takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        mailbox.rcpt["gone@example.cn"] = answer
        channel = channel_to(mailbox.port)
        channel.open()
        with pytest.raises(DeliveryError) as refused:
            channel.send(replace(MAIL, address="gone@example.cn"))
        channel.send(MAIL)
        channel.close()
    assert (refused.value.permanent, refused.value.uncertain) == (permanent, False)
    assert answer[4:] in str(refused.value)
    assert mailbox.received == {"zhang@example.cn": 1}


@pytest.mark.parametrize(("answer", "permanent"), [("554 5.6.0 refused", True), ("451 4.3.0 try later", False)])
@in_groups
def test_a_refused_content(answer, permanent, takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        mailbox.data.append(answer)
        channel = channel_to(mailbox.port)
        with pytest.raises(DeliveryError) as refused:
            channel.send(MAIL)
        channel.close()
    assert (refused.value.permanent, refused.value.uncertain) == (permanent, False)


@in_groups
def test_a_connection_lost_in_the_content_leaves_doubt(takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        mailbox.hang_up_in_data = True
        channel = channel_to(mailbox.port)
        with pytest.raises(DeliveryError) as lost:
            channel.send(MAIL)
        channel.send(replace(MAIL, address="next@example.cn"))
        channel.close()
    assert lost.value.uncertain
    assert mailbox.received == {"next@example.cn": 1}


@in_groups
def test_a_connection_closed_between_messages_is_opened_anew(takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        channel = channel_to(mailbox.port)
        channel.open()
        channel._connections[0].open().sock.shutdown(socket.SHUT_RDWR)
        channel.send(MAIL)
        channel.close()
    assert mailbox.received == {"zhang@example.cn": 1}


@in_groups
def test_a_refused_sender_is_the_channels_fault(takes_groups):
    with mail_server() as mailbox:
        mailbox.takes_groups = takes_groups
        mailbox.mail = "553 5.1.8 not you"
        channel = channel_to(mailbox.port)
        with pytest.raises(ChannelDownError, match="DUBAN_MAIL_SENDER"):
            channel.send(MAIL)
        channel.close()


class Literal(socketserver.StreamRequestHandler):
    """Answers every command of a group by itself, DATA with 354 whether or not there is a recipient, as RFC 2920 allows it to."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line.split()[0].upper()
            self.server.heard.append((word, self.rfile.peek().count(b"\n") if word == b"MAIL" else 0))
            answer = {b"EHLO": "250-here\r\n250 PIPELINING", b"DATA": "354 go on"}.get(word, "250 ok")
            if word == b"RCPT" and b"gone@" in line:
                answer = "550 gone"
            self.wfile.write(f"{answer}\r\n".encode())
            if word == b"DATA":
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.contents.append(content)
                self.wfile.write(b"250 taken\r\n" if content else b"554 nobody to give it to\r\n")
            if word == b"QUIT":
                return


def test_a_server_that_waits_for_a_content_nobody_is_to_get():
    with socketserver.TCPServer(("127.0.0.1", 0), Literal) as server:
        server.heard, server.contents = [], []
        answering = threading.Thread(target=server.handle_request)
        answering.start()
        channel = channel_to(server.server_address[1])
        with pytest.raises(DeliveryError, match="550 gone") as refused:
            channel.send(replace(MAIL, address="gone@example.cn"))
        channel.send(MAIL)
        channel.close()
        answering.join(10)
    assert (refused.value.permanent, refused.value.uncertain) == (True, False)
    assert [word.decode() for word, _more in server.heard] == ["EHLO", "MAIL", "RCPT", "DATA", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]
    assert [more for word, more in server.heard if word == b"MAIL"] == [2, 2]
    assert server.contents[0] == b""
    assert len(server.contents) == 2


def test_several_at_once_each_with_its_own_answer():
    with mail_server() as mailbox:
        mailbox.rcpt["gone@example.cn"] = "550 no such person"
        channel = channel_to(mailbox.port, connections=3)
        channel.open()
        errors = channel.send_together([replace(MAIL, address=f"{name}@example.cn") for name in ("a", "gone", "b")])
        assert channel.send_together([MAIL]) == [None]
        channel.close()
    assert [error and str(error) for error in errors][::2] == [None, None]
    assert "550 no such person" in str(errors[1])
    assert mailbox.received == {"a@example.cn": 1, "b@example.cn": 1, "zhang@example.cn": 1}
    assert mailbox.connections == 3


def test_no_server():
    with pytest.raises(ChannelDownError, match="DUBAN_SMTP_HOST"):
        channel_to(free_port()).open()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_login():
    with mail_server(**only_with_password("duban", "geheim")) as mailbox:
        channel = channel_to(mailbox.port, user="duban", password="geheim")
        channel.open()
        channel.send(MAIL)
        channel.close()
        assert mailbox.received == {"zhang@example.cn": 1}
        with pytest.raises(ChannelDownError, match="535") as refused:
            channel_to(mailbox.port, user="duban", password="falsch-123").open()
    assert "falsch-123" not in str(refused.value)
    assert "falsch-123" not in repr(SmtpServer("h", 25, "none", "duban", "falsch-123"))


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_server_that_repeats_the_password_is_not_quoted(caplog):
    caplog.set_level(logging.DEBUG, "notify")

    def check(_server, _session, _envelope, _mechanism, given):
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 wrong: {given.password.decode()}")

    with mail_server(authenticator=check, auth_required=True, auth_require_tls=False) as mailbox:
        channel = channel_to(mailbox.port, user="duban", password="falsch-123")
        with pytest.raises(ChannelDownError, match="535") as refused:
            channel.open()
    said = [str(refused.value), repr(refused.value), repr(refused.value.__cause__), repr(channel), repr(vars(channel)), caplog.text]
    assert not [words for words in said if "falsch-123" in words]


@pytest.mark.parametrize("address", ["张@example.cn", "a b@example.cn", "a@x.cn\nBcc: b@x.cn", "nobody"])
def test_an_address_that_cannot_be_is_permanent(address):
    with mail_server() as mailbox, pytest.raises(DeliveryError, match="写法不对") as refused:
        channel_to(mailbox.port).send(replace(MAIL, address=address))
    assert refused.value.permanent


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for this host and return its file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_protected_connections(certificate, security):
    options = {"tls": {"ssl_context": server_context(certificate)}, "starttls": {"tls_context": server_context(certificate)}}
    with mail_server(**options[security]) as mailbox:
        server = SmtpServer("localhost", mailbox.port, security)
        channel = SmtpChannel(server, "duban@example.cn", context=ssl.create_default_context(cafile=certificate))
        channel.open()
        channel.send(MAIL)
        channel.close()
        assert mailbox.received == {"zhang@example.cn": 1}
        if security == "starttls":
            with pytest.raises(ChannelDownError, match="SSLCertVerificationError"):
                SmtpChannel(server, "duban@example.cn").open()


def test_starttls_is_never_given_up_silently():
    with mail_server() as mailbox, pytest.raises(ChannelDownError, match="SMTPNotSupportedError"):
        SmtpChannel(SmtpServer("127.0.0.1", mailbox.port, "starttls"), "duban@example.cn").open()
