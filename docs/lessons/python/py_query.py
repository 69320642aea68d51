# SPDX-License-Identifier: MIT
# What decides is the number of connections, not how the client waits for them. The server
# stands in for a data base: a thread for each connection, 2 ms for each statement.
import asyncio
import socket
import socketserver
import threading
import time

TRANSFERS, STATEMENTS = 20, 5


class Backend(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            time.sleep(0.002)
            self.wfile.write(b"done\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 16  # connections that come at once; 5 would make some wait for a second


def session(address, transfers):
    with socket.create_connection(address) as wire, wire.makefile("rwb", buffering=0) as file:
        for _ in range(transfers * STATEMENTS):
            file.write(b"statement\n")
            file.readline()


async def session_of_loop(address, transfers):
    reader, writer = await asyncio.open_connection(*address)
    for _ in range(transfers * STATEMENTS):
        writer.write(b"statement\n")
        await reader.readline()
    writer.close()
    await writer.wait_closed()


def in_threads(address, connections):
    threads = [threading.Thread(target=session, args=(address, TRANSFERS // connections))
               for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def in_a_loop(address, connections):
    async def main():
        await asyncio.gather(*(session_of_loop(address, TRANSFERS // connections)
                               for _ in range(connections)))
    asyncio.run(main())


with Server(("127.0.0.1", 0), Backend) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for connections in 1, 10:
        for client in in_threads, in_a_loop:
            begin = time.perf_counter()
            client(server.server_address, connections)
            took = time.perf_counter() - begin
            print(f"{client.__name__}, {connections} connections: {took:.2f} s")
    server.shutdown()
