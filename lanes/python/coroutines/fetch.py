# SPDX-License-Identifier: MIT
"""One client session with asyncio's streams: connect, ask and wait, close."""
import asyncio
import socket
import struct
from time import monotonic_ns as now

from lane import Outcome
from messages import address, book, request

RESET = struct.pack("ii", 1, 0)  # close without TIME_WAIT: all replies are in by then


async def connect(where):
    if isinstance(where, str):
        return await asyncio.open_unix_connection(where)
    reader, writer = await asyncio.open_connection(*where)  # sets TCP_NODELAY itself
    peer = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    return reader, writer


async def task(run, index):
    outcome = Outcome()
    reader, writer = await connect(address(run, index))
    for sequence in range(run.parameters.exchanges):
        text = request(run, index, sequence)
        began = now()
        writer.write(text)
        outcome.bytes_out += len(text)
        reply = await reader.readexactly(run.parameters.payload_bytes)
        book(run, index, sequence, reply, now() - began, outcome)
    writer.close()
    return outcome
