#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends requests to a running server, right ones and wrong ones, and looks at the answers.

usage: requests.py HOST:PORT IDLE_MS REQUEST_MS

The two times are the limits that the server was started with. It is a client of its own,
written from RFC 9110 and RFC 9112, with sockets and nothing else. Prints a line per case;
exit 1 if one has failed.
"""

import socket
import struct
import sys
import time

HOST = "Host: here\r\n"
PATIENCE = 20  # seconds, for a busy machine


def connect(address):
    link = socket.create_connection(address, timeout=PATIENCE)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


class Reader:
    """Takes answers off a connection, one by one."""

    def __init__(self, link):
        self.link = link
        self.bytes = b""

    def more(self):
        part = self.link.recv(65536)
        self.bytes += part
        return bool(part)

    def answer(self, head=False):
        """The status, the header fields and the body of the next answer; None: the end."""
        while b"\r\n\r\n" not in self.bytes:
            if not self.more():
                assert self.bytes == b"", f"half an answer: {self.bytes!r}"
                return None
        top, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        lines = top.decode("ascii").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        if status == "100":
            return 100, fields, b""
        assert fields["server"] == "quartet" and fields["date"].endswith("gmt"), fields
        length = 0 if head else int(fields["content-length"])
        while len(self.bytes) < length:
            assert self.more(), "half a body"
        body, self.bytes = self.bytes[:length], self.bytes[length:]
        return int(status), fields, body

    def all(self):
        answers = []
        while (answer := self.answer()) is not None:
            answers.append(answer)
        return answers


def exchange(address, request, pieces=1):
    """Sends a request in so many pieces, ends the stream, and returns all answers."""
    data = request.encode("latin-1") if isinstance(request, str) else request
    with connect(address) as link:
        step = max(1, len(data) // pieces)
        for at in range(0, len(data), step):
            link.sendall(data[at : at + step])
            if pieces > 1:
                time.sleep(0.002)
        link.shutdown(socket.SHUT_WR)
        return Reader(link).all()


def get(target="/", fields=HOST, method="GET", version="HTTP/1.1"):
    return f"{method} {target} {version}\r\n{fields}\r\n"


CLOSE = "Connection: close\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
LONG = "x" * 9000

# What is asked, and the statuses of the answers. "+": the connection stays open after it.
CASES = [
    ("a request", get(), "200+"),
    ("two in one piece", get() + get(), "200+ 200+"),
    ("close", get(fields=HOST + CLOSE), "200"),
    ("nothing after close", get(fields=HOST + CLOSE) + get(), "200"),
    ("HTTP/1.0", get(version="HTTP/1.0"), "200"),
    ("HTTP/1.0 without Host", get(version="HTTP/1.0", fields=""), "200"),
    ("HTTP/1.0, kept alive", get(version="HTTP/1.0", fields="Connection: keep-alive\r\n"), "200+"),
    ("absolute form", get("http://here/page"), "200+"),
    ("a query", get("/work?us=1&seed=3"), "200+"),
    ("a query that is no number", get("/work?us=many") + get(), "400+ 200+"),
    ("too much work", get("/work?us=1000001"), "400+"),
    ("not there", get("/nothing") + get(), "404+ 200+"),
    ("a long name, not there", get("/" + "n" * 1000), "404+"),
    ("another method", get(method="DELETE") + get(), "405+ 200+"),
    ("a body, not wanted", get(fields=HOST + "Content-Length: 5\r\n") + "hello" + get(), "200+ 200+"),
    ("chunks", get(fields=HOST + CHUNKED) + "3\r\nabc\r\n0\r\n\r\n" + get(), "200+ 200+"),
    ("chunks and a trailer", get(fields=HOST + CHUNKED) + "1;a=b\r\nx\r\n0\r\nT: u\r\n\r\n", "200+"),
    ("an empty line before", "\r\n" + get(), "200+"),
    ("an upgrade, declined", get(fields=HOST + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"), "200+"),
    ("expectation without a body", get(fields=HOST + "Expect: 100-continue\r\n"), "200+"),
    # refused: each of them ends the connection
    ("no HTTP", "hello\r\n\r\n", "4|5"),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "4|5"),
    ("a zero byte", "GET /\0 HTTP/1.1\r\n" + HOST + "\r\n", "400"),
    ("a space in a name", get(fields=HOST + "A b: c\r\n"), "400"),
    ("a space before the colon", get(fields=HOST + "Transfer-Encoding : chunked\r\n"), "400"),
    ("no Host", get(fields=""), "400"),
    ("Host twice", get(fields=HOST + HOST), "400"),
    ("a length that is no number", get(fields=HOST + "Content-Length: ten\r\n"), "400"),
    ("two lengths", get(fields=HOST + "Content-Length: 5\r\nContent-Length: 6\r\n"), "400"),
    ("a length and chunks", get(fields=HOST + "Content-Length: 5\r\n" + CHUNKED), "400"),
    ("chunks in HTTP/1.0", get(version="HTTP/1.0", fields=HOST + CHUNKED), "400"),
    ("a chunk without a length", get(fields=HOST + CHUNKED) + "zz\r\n", "400"),
    ("the end within a request", "GET / HTTP/1.1\r\nHos", "400"),
    ("the end within a body", get(fields=HOST + "Content-Length: 9\r\n") + "four", "400"),
    ("a large body, announced", get(fields=HOST + "Content-Length: 1048577\r\n"), "413"),
    ("a huge body, announced", get(fields=HOST + f"Content-Length: {2**64 - 1}\r\n"), "413"),
    ("a large body, in chunks", get(fields=HOST + CHUNKED) + ("fff\r\n" + "b" * 4095 + "\r\n") * 300, "413"),
    ("a long target", get("/" + LONG), "414"),
    ("another expectation", get(fields=HOST + "Expect: more\r\n"), "417"),
    ("a long field", get(fields=HOST + "A: " + LONG * 2 + "\r\n"), "431"),
    ("a long name", get(fields=HOST + LONG * 2 + ": a\r\n"), "431"),
    ("many fields", get(fields=HOST + "A: b\r\n" * 4000), "431"),
    ("an unknown method", get(method="BREW"), "501"),
    ("CONNECT", get("here:80", method="CONNECT"), "501"),
    ("another coding", get(fields=HOST + "Transfer-Encoding: gzip, chunked\r\n"), "501"),
    ("another coding before", get(fields=HOST + "Transfer-Encoding: gzip\r\n" + CHUNKED), "501"),
    ("HTTP/2.0", get(version="HTTP/2.0"), "505"),
    ("HTTP/3.7", get(version="HTTP/3.7"), "505"),
    ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "5"),
    ("empty lines only", "\r\n" * 100, "400"),
]


def said(answers):
    return " ".join(
        f"{status}{'+' if fields['connection'] == 'keep-alive' else ''}"
        for status, fields, _ in answers
    )


def fits(found, wanted):
    if "|" in wanted or len(wanted) == 1:  # a class of statuses, and then the end
        return len(found) == 3 and found[0] in wanted.split("|")
    return found == wanted


def check_cases(address):
    for name, request, wanted in CASES:
        found = said(exchange(address, request))
        assert fits(found, wanted), f"{name}: found '{found}', wanted '{wanted}'"
        print(f"ok {name}: {found}")


def check_pieces(address):
    """A byte at a time, a request must mean the same."""
    for name, request, wanted in CASES:
        if len(request) < 200:
            found = said(exchange(address, request, pieces=len(request)))
            assert fits(found, wanted), f"{name}, by bytes: found '{found}', wanted '{wanted}'"
    print("ok the same, a byte at a time")


def check_bodies(address):
    front = exchange(address, get())[0]
    assert len(front[2]) == 100 and front[1]["content-type"] == "text/plain", front
    page = exchange(address, get("/page"))[0]
    assert b'href="/page.css"' in page[2] and page[1]["content-type"] == "text/html", page
    with connect(address) as link:
        link.sendall(get(method="HEAD").encode() + get().encode())
        reader = Reader(link)
        status, fields, body = reader.answer(head=True)
        assert (status, fields["content-length"], body) == (200, "100", b"")
        assert reader.answer()[2] == front[2]
    refused = exchange(address, get(method="DELETE"))[0]
    assert refused[1]["allow"] == "get, head", refused
    print("ok bodies, HEAD and Allow")


def mix(value):
    """SplitMix64's finalizer, as lib/mix.h says it."""
    mask = 2**64 - 1
    value = (value + 0x9E3779B97F4A7C15) & mask
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
    return value ^ (value >> 31)


def check_work(address):
    for us, seed in [(0, 0), (1, 5), (40, 123456789)]:
        value = mix(seed)
        for _ in range(us * 250):
            value = mix(value)
        found = exchange(address, get(f"/work?us={us}&seed={seed}"))[0][2]
        assert found == b"%016x\n" % value, (us, seed, found)
    print("ok work is done right")


def check_continue(address):
    with connect(address) as link:
        reader = Reader(link)
        head = get(fields=HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n")
        link.sendall(head.encode())
        assert reader.answer()[0] == 100
        link.sendall(b"abc")
        assert reader.answer()[0] == 200
    print("ok 100 Continue")


def check_pipeline(address):
    """More than fits into any buffer, answered in the order of the requests."""
    with connect(address) as link:
        reader = Reader(link)
        count = 500
        link.sendall("".join(get(f"/work?us=0&seed={i}") for i in range(count)).encode())
        for i in range(count):
            assert reader.answer()[2] == b"%016x\n" % mix(i), i
    print("ok 500 requests in a row")


def check_reset(address):
    """Clients that break off, in every state; the server must still be there."""
    for data in [b"", b"GE", get().encode(), get().encode() * 50, get("/work?us=20000").encode()]:
        for _ in range(5):
            with connect(address) as link:
                link.sendall(data)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert said(exchange(address, get())) == "200+"
    print("ok connections that are reset")


def check_never_reads(address, idle, limit):
    """A client that asks and asks, and reads no answer, is given up after a while."""
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.settimeout(PATIENCE)
        link.connect(address)
        link.settimeout((idle + limit) / 4)
        many = get().encode() * 1000
        began = time.monotonic()
        try:
            while time.monotonic() < began + PATIENCE:
                try:
                    link.send(many)
                except TimeoutError:
                    pass  # both directions are full
            raise AssertionError(f"not given up after {PATIENCE} s")
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert said(exchange(address, get())) == "200+"
    print("ok a client that never reads")


def seconds_until_end(link):
    began = time.monotonic()
    while link.recv(65536):
        pass
    return time.monotonic() - began


def check_limits(address, idle, limit):
    with connect(address) as link:
        took = seconds_until_end(link)
        assert took > 0.9 * idle, f"an idle connection was closed after {took} s"
    with connect(address) as link:
        link.sendall(get().encode())
        reader = Reader(link)
        assert reader.answer()[0] == 200
        assert reader.answer() is None  # no word to who has asked nothing
    with connect(address) as link:  # bytes come all the time, but the request does not end
        link.settimeout(idle / 4)
        began = time.monotonic()
        found = b""
        for byte in "GET / HTTP/1.1\r\nHost: " + "h" * 10000:
            try:
                link.sendall(byte.encode())
                found += link.recv(65536)
                break
            except (TimeoutError, BrokenPipeError, ConnectionResetError):
                continue
        took = time.monotonic() - began
        assert found.startswith(b"HTTP/1.1 408 "), found
        assert took > 0.9 * limit, f"a slow request was refused after {took} s"
    print("ok time limits, of idle connections and slow requests")


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    address = (host, int(port))
    idle, limit = float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000
    check_cases(address)
    check_pieces(address)
    check_bodies(address)
    check_work(address)
    check_continue(address)
    check_pipeline(address)
    check_reset(address)
    check_never_reads(address, idle, limit)
    check_limits(address, idle, limit)


main()
