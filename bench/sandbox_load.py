"""The load: plain sockets, because a client library costs more than the servers that it would measure.

    python -m bench.sandbox_load rate PORT METHOD PATH SECONDS [BODY]    requests a second, over several connections
    python -m bench.sandbox_load time PORT METHOD PATH COUNT FILE        seconds for one request, median; keeps the body
    python -m bench.sandbox_load beside PORT PATH LIST_PATH SECONDS      how long GET PATH waits while lists run

`#` in a path or body becomes a new number for each request. Prints one JSON object.
"""

from __future__ import annotations

import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

CONNECTIONS = 8


class Connection:
    """One kept-alive connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self._host = f"127.0.0.1:{port}"

    def send(self, method: str, path: str, body: bytes = b"") -> None:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)

    def receive(self) -> bytes:
        """The body of the next answer. Raises ValueError when it is not a success."""
        status = self._file.readline()
        headers = {}
        while (line := self._file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        if headers.get(b"transfer-encoding") == b"chunked":
            body = b"".join(self._chunks())
        else:
            body = self._file.read(int(headers.get(b"content-length", 0)))
        if status.split()[1][:1] != b"2":
            raise ValueError(f"{status!r} {body[:200]!r}")
        return body

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        self.send(method, path, body)
        return self.receive()


def rate(port: int, method: str, path: str, seconds: float, body: str = "") -> dict[str, float]:
    """Requests a second over several connections, which keeps the server busy all the time."""
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    numbers, done = count(), 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for connection in connections:
            number = f"{next(numbers):06d}"
            connection.send(method, path.replace("#", number), body.replace("#", number).encode())
        for connection in connections:
            connection.receive()
            done += 1
    return {"per_second": done / (time.perf_counter() - began)}


def single(port: int, method: str, path: str, times: int, keep: Path) -> dict[str, float]:
    """Seconds that one request takes, as the median of some; the last answer's body is kept in a file."""
    connection = Connection(port)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        received = connection.ask(method, path)
        taken.append(time.perf_counter() - began)
    keep.write_bytes(received)
    return {"seconds": statistics.median(taken)}


def beside(port: int, path: str, list_path: str, seconds: float) -> dict[str, float]:
    """The 95th percentile of a GET, and its longest, while another connection asks for a long list all the time."""
    stop = threading.Event()
    lists = Connection(port)

    def keep_listing() -> None:
        while not stop.is_set():
            lists.ask("GET", list_path)

    lister = threading.Thread(target=keep_listing)
    lister.start()
    connection, taken = Connection(port), []
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        connection.ask("GET", path)
        taken.append(time.perf_counter() - began)
    stop.set()
    lister.join()
    taken.sort()
    return {"p95_seconds": taken[int(len(taken) * 0.95)], "longest_seconds": taken[-1]}


def _run(arguments: Sequence[str]) -> dict[str, float]:
    match arguments:
        case ["rate", port, method, path, seconds, *body]:
            return rate(int(port), method, path, float(seconds), *body)
        case ["time", port, method, path, times, file]:
            return single(int(port), method, path, int(times), Path(file))
        case ["beside", port, path, list_path, seconds]:
            return beside(int(port), path, list_path, float(seconds))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1:])))
