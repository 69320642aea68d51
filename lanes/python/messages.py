# SPDX-License-Identifier: MIT
"""The messages of `fetch`: workloads/fetch/kernel.h says what each byte is."""

import struct

from kernels import MASK, mix, mix_into
from lane import Wrong

HELLO = int.from_bytes(b"FRH!", "little")
REQUEST = int.from_bytes(b"FRQ?", "little")
REPLY = int.from_bytes(b"FRP!", "little")


def hello(run):
    """Opens a session: the token says whose run it belongs to."""
    return struct.pack("<2I16s8x", HELLO, 1, bytes.fromhex(run.parameters.token))


def message(run, kind, index, sequence):
    size = run.parameters.payload_bytes
    key = mix_into(mix_into(run.seed, kind << 32 | index), sequence)
    words = (mix(key + place & MASK) for place in range(16, size, 8))
    header = struct.pack("<4I", kind, index, sequence, size)
    return (header + b"".join(word.to_bytes(8, "little") for word in words))[:size]


def request(run, index, sequence):
    """What a client sends; the first request right behind the hello."""
    return (hello(run) if sequence == 0 else b"") + message(run, REQUEST, index, sequence)


def digest_of(text):
    digest = len(text)
    for place in range(0, len(text), 8):
        digest = mix(digest ^ int.from_bytes(text[place : place + 8], "little"))
    return digest


def book(run, index, sequence, reply, service_ns, outcome):
    """Checks every byte of a reply and folds them into the digest."""
    if service_ns < run.parameters.delay_ns:
        raise Wrong(f"task {index}: reply {sequence} came before its time")
    if reply != message(run, REPLY, index, sequence):
        raise Wrong(f"task {index}: reply {sequence} is not the one to its request")
    outcome.digest = mix_into(outcome.digest, digest_of(reply))
    outcome.bytes_in += len(reply)
    outcome.operations += 1
    outcome.latency_ns.append(service_ns)


def address(run, index):
    """Where this task connects to: one of several addresses, taken in turn."""
    addresses = run.parameters.connect.split(",")
    where = addresses[index % len(addresses)]
    if where.startswith("unix:@"):
        return "\0" + where[len("unix:@"):]  # fmt: skip
    host, port = where.rsplit(":", 1)
    return host, int(port)
