# SPDX-License-Identifier: MIT
# A server by coroutines, and a client that sends two requests in one piece.
import asyncio


async def serve(reader, writer):
    while True:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 1)
        except (asyncio.IncompleteReadError, TimeoutError):
            break
        path = head.split()[1].decode()
        body = f"you asked for {path}\n"
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1")
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n")
    writer.write_eof()
    print((await reader.read()).decode().replace("\r", ""), end="")
    server.close()


asyncio.run(main())
