# SPDX-License-Identifier: MIT
# Short questions over one connection, one by one and ten at a time. The server stands in for a
# cache: a reply for each line.
import asyncio
import time

QUESTIONS = 200


async def serve(reader, writer):
    while await reader.readline():
        writer.write(b"+OK\r\n")
    writer.close()


async def ask(port, batch):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begin = time.perf_counter()
    for _ in range(QUESTIONS // batch):
        writer.write(b"INCR key\r\n" * batch)
        for _ in range(batch):
            await reader.readline()
    took = time.perf_counter() - begin
    writer.write_eof()
    await reader.read()  # the server's end, after ours
    writer.close()
    await writer.wait_closed()
    return took


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for batch in 1, 10:
        took = await ask(port, batch)
        print(f"{batch} at a time: {QUESTIONS // batch} times there and back, {took:.3f} s")
    server.close()


asyncio.run(main())
