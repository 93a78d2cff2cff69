"""Asking a Prefect server, here a small one on loopback whose database is busy at first."""

import json
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from runtime import submitting
from runtime.jobs import job_named
from runtime.settings import read_settings


class BusyServer(BaseHTTPRequestHandler):
    """Answers each path with 503 the first time it is asked, and then as Prefect does."""

    asked: Counter[str] = Counter()

    def do_GET(self) -> None:
        self._answer(200, {})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked[self.path] += 1
        if self.asked[self.path] == 1:
            self._answer(503, {"detail": "database is locked"})
        elif self.path.endswith("/filter"):
            self._answer(200, [{"id": "run-1"}])
        else:
            self._answer(200, {"status": "ACCEPT"})

    def _answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    BusyServer.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), BusyServer) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        yield served
        served.shutdown()


def test_a_suspended_run_goes_on_though_the_server_is_busy_at_first(server, tmp_path, monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    settings = read_settings(home=tmp_path, port=server.server_port)
    assert submitting.resume_suspended(settings, job_named("publish-bulletin")) == 1
    assert BusyServer.asked == {"/prefect/api/flow_runs/filter": 2, "/prefect/api/flow_runs/run-1/resume": 2}


def test_no_server_resumes_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert submitting.resume_suspended(read_settings(home=tmp_path, port=9), job_named("publish-bulletin")) == 0
