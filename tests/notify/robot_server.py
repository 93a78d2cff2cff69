"""A robot's house on loopback: answers as it is told, and keeps what it was asked."""

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

KEY = "b7c0ffee-1234-4abc-9def-0123456789ab"
SECRET = "SECdeadbeefcafe0123456789"


@dataclass
class Asked:
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer. `after` is how long it takes, `cut` ends the connection in its place, `drip` sends a byte at a time for ever."""

    content: object = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    status: int = 200
    after: float = 0
    cut: bool = False
    drip: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class RobotHouse:
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    otherwise: Reply = field(default_factory=Reply)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key={KEY}"


def _handler(house):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            house.asked.append(Asked(parts.path, parse_qs(parts.query), dict(self.headers), body))
            reply = house.replies.pop(0) if house.replies else house.otherwise
            time.sleep(reply.after)
            if not reply.cut:
                self._answer(reply)

        def _answer(self, reply):
            content = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
            try:
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(content)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in [bytes([byte]) for byte in content] if reply.drip else [content]:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(0.1 if reply.drip else 0)
            except OSError:
                pass

        def log_message(self, *_args):
            pass

    return Handler


@contextmanager
def robot_house(*replies, otherwise=None, context=None):
    """Run the server for the block; `replies` are given one after the other, then `otherwise`. With a TLS `context` it speaks https."""
    house = RobotHouse(replies=list(replies), otherwise=otherwise or Reply())
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(house))
    server.daemon_threads = True
    house.port = server.server_address[1]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
