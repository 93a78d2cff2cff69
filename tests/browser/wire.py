"""The line between browser and server: it can break in the middle of what is sent, or swallow the answer to what was done."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field

_PIECE = 65536


@dataclass
class Wire:
    """Hands bytes on from its own port to the server's. `cut_after`: so many bytes of one connection's sending go through, then the line breaks.

    `is_deaf`: forms that are sent go through, their answers do not; `held` is set when the first of these came.
    """

    server_port: int
    cut_after: int | None = None
    is_deaf: bool = False
    held: threading.Event = field(default_factory=threading.Event)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def mend(self) -> None:
        """Let everything through again; lines that are broken stay so."""
        self.cut_after, self.is_deaf = None, False
        self.held.clear()

    def hang_up(self) -> None:
        """Break every line there is, as a server does that dies."""
        for line in list(self._open):
            _reset(line)
        self._open.clear()

    def stop(self) -> None:
        self._listener.close()
        self.hang_up()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                browser, _address = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.server_port), 5)
                except OSError:
                    _reset(browser)
                    continue
                server.settimeout(None)
                self._open += [browser, server]
                is_form = threading.Event()
                threading.Thread(target=self._send, args=(browser, server, is_form), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, browser, is_form), daemon=True).start()

    def _send(self, browser: socket.socket, server: socket.socket, is_form: threading.Event) -> None:
        passed = 0
        with suppress(OSError):
            while piece := browser.recv(_PIECE):
                passed += len(piece)
                if piece.startswith(b"POST "):
                    is_form.set()
                elif piece.startswith(b"GET "):
                    is_form.clear()
                if self.cut_after is not None and passed > self.cut_after:
                    break
                server.sendall(piece)
        _reset(browser)
        _reset(server)

    def _answer(self, server: socket.socket, browser: socket.socket, is_form: threading.Event) -> None:
        with suppress(OSError):
            while piece := server.recv(_PIECE):
                if self.is_deaf and is_form.is_set():
                    self.held.set()
                else:
                    browser.sendall(piece)
        _reset(browser)
        _reset(server)


def _reset(line: socket.socket) -> None:
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
