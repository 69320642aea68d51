#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends very many requests to a server, with random faults between them.

usage: campaign.py HOST:PORT REQUESTS SEED [PLACES]

Connections come one after another. Each sends some right requests in a pipeline, whose
answers must be right, in their order and complete; then it may do what clients do: send half
of a request, or one in pieces, end its own half, reset, send what is no HTTP or too much of
it. What was wrong must be refused with 4xx or 5xx, or the connection must end. Prints how many
requests were answered and how many faults were made; exit 1 at the first wrong answer.

With PLACES, first of all so many connections are open at a time, once for each kind of fault:
a server with as many places has then used every one of them in every way.
"""

import contextlib
import random
import re
import socket
import struct
import sys

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
BODY = b"One request, one parser, one answer"
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n")
PIPELINE = 64
PATIENCE_S = 30  # for a busy machine


def connect(address):
    link = socket.create_connection(address, timeout=PATIENCE_S)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


class Answers:
    """Takes answers off a connection: (status, body), or None at its end."""

    def __init__(self, link):
        self.link = link
        self.bytes = b""

    def more(self):
        part = self.link.recv(65536)
        self.bytes += part
        return len(part) > 0

    def next(self):
        while b"\r\n\r\n" not in self.bytes:
            if not self.more():
                assert self.bytes == b"", f"half an answer: {self.bytes[:80]!r}"
                return None
        head, _, rest = self.bytes.partition(b"\r\n\r\n")
        length = int(LENGTH.search(head + b"\r\n").group(1))
        while len(rest) < length:
            assert self.more(), "half a body"
            rest = self.bytes[len(head) + 4 :]
        self.bytes = rest[length:]
        return int(head.split(b" ", 2)[1]), rest[:length]

    def refusal(self):
        """The rest of the connection: at most one answer, which refuses."""
        try:
            found = self.next()
            if found is None:
                return
            assert 400 <= found[0] < 600, f"{found[0]} to what was wrong"
            assert self.next() is None, "an answer after a refusal"
        except ConnectionResetError:
            pass  # closed with our bytes unread


def half(generator, link, answers):
    """Half of a request, and the end of our side."""
    link.sendall(GET[: generator.randrange(1, len(GET) - 1)])
    link.shutdown(socket.SHUT_WR)
    answers.refusal()


def reset(generator, link, _):
    """A reset, with an answer under way or not."""
    if generator.random() < 0.5:
        link.sendall(GET * generator.randrange(1, 9))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def pieces(generator, link, answers):
    """A right request in pieces."""
    cuts = sorted(generator.sample(range(1, len(GET)), 4))
    for begin, end in zip([0] + cuts, cuts + [len(GET)]):
        link.sendall(GET[begin:end])
    status, body = answers.next()
    assert status == 200 and body.startswith(BODY), f"{status} to a request in pieces"


def half_closed(_, link, answers):
    """A right request, after which our side ends: it must be answered all the same."""
    link.sendall(GET)
    link.shutdown(socket.SHUT_WR)
    status, body = answers.next()
    assert status == 200 and body.startswith(BODY), f"{status} to a half-closed connection"
    assert answers.next() is None, "an answer too many"


def noise(generator, link, answers):
    """What is no HTTP."""
    size = generator.randrange(1, 200)
    link.sendall(b"\x01" + generator.randbytes(size) + b"\r\n\r\n")
    link.shutdown(socket.SHUT_WR)
    answers.refusal()


def flipped(generator, link, answers):
    """A right request with one byte changed: it may be right or wrong, but not both."""
    text = bytearray(GET)
    text[generator.randrange(len(text))] = generator.randrange(256)
    link.sendall(bytes(text))
    link.shutdown(socket.SHUT_WR)
    try:
        while answers.next() is not None:
            pass
    except ConnectionResetError:
        pass


def too_much(generator, link, answers):
    """A target or a header field that is too long."""
    letters = b"a" * generator.randrange(9000, 40000)
    text = generator.choice([b"GET /%s HTTP/1.1\r\nHost: here\r\n\r\n", b"GET / HTTP/1.1\r\nX: %s\r\n\r\n"])
    try:
        link.sendall(text % letters)
        link.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError, OSError):
        return  # refused before all of it was sent
    if len(letters) > 17000 or text.startswith(b"GET /%s"):
        answers.refusal()


FAULTS = [half, reset, pieces, half_closed, noise, flipped, too_much]


def connection(generator, address, wanted):
    """One connection: right requests, then perhaps a fault. How many were answered."""
    count = min(wanted, generator.randrange(1, PIPELINE + 1))
    with connect(address) as link:
        answers = Answers(link)
        link.sendall(GET * count)
        for number in range(count):
            found = answers.next()
            assert found is not None, f"the end instead of answer {number + 1} of {count}"
            assert found[0] == 200 and found[1].startswith(BODY), f"{found} to a right request"
        generator.choice(FAULTS)(generator, link, answers)
    return count


def fill(generator, address, places):
    """Each kind of fault on `places` connections that are open and served at a time."""
    for fault in FAULTS:
        with contextlib.ExitStack() as stack:
            links = [stack.enter_context(connect(address)) for _ in range(places)]
            clients = [(link, Answers(link)) for link in links]
            for link, answers in clients:
                link.sendall(GET * PIPELINE)
            for link, answers in clients:
                for _ in range(PIPELINE):
                    assert answers.next() is not None, "the end instead of an answer"
            for link, answers in clients:
                fault(generator, link, answers)


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    address = host, int(port)
    requests, seed = int(sys.argv[2]), int(sys.argv[3])
    generator = random.Random(seed)
    answered = connections = 0
    try:
        if len(sys.argv) > 4:
            fill(generator, address, int(sys.argv[4]))
        while answered < requests:
            answered += connection(generator, address, requests - answered)
            connections += 1
    except (AssertionError, OSError) as problem:
        print(f"campaign: seed {seed}, connection {connections}: {problem}")
        return 1
    print(f"{answered} requests answered, {connections} faults")
    return 0


if __name__ == "__main__":
    sys.exit(main())
