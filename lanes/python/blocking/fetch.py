# SPDX-License-Identifier: MIT
"""One client session with blocking sockets: connect, ask and wait, close."""
import socket
import struct
from time import monotonic_ns as now

from lane import Outcome
from messages import address, book, request

RESET = struct.pack("ii", 1, 0)  # close without TIME_WAIT: all replies are in by then


def connect(where):
    if isinstance(where, str):
        peer = socket.socket(socket.AF_UNIX)
    else:
        peer = socket.socket(socket.AF_INET)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    peer.connect(where)
    return peer


def receive(peer, size):
    """Exactly so many bytes; a stream may give them in pieces."""
    reply = peer.recv(size)
    while 0 < len(reply) < size and (more := peer.recv(size - len(reply))):
        reply += more
    return reply


def task(run, index):
    outcome = Outcome()
    with connect(address(run, index)) as peer:
        for sequence in range(run.parameters.exchanges):
            text = request(run, index, sequence)
            began = now()
            peer.sendall(text)
            outcome.bytes_out += len(text)
            reply = receive(peer, run.parameters.payload_bytes)
            book(run, index, sequence, reply, now() - began, outcome)
    return outcome
