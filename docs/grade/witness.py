# SPDX-License-Identifier: MIT
"""The witness of `quartet grade`, for programs in Python: see docs/grade.md.

task() is what the program is told; connect() a connection that is asked for one line at a
time, ask() the same for threads; answer() prints the result."""

import asyncio
import json
import socket
import sys


def task(told=[]):
    """The line on standard input, read once."""
    if not told:
        told.append(json.loads(sys.stdin.readline()))
    return told[0]


def place():
    host, port = task()["witness"].split(":")
    return host, int(port)


def answer(result):
    print(json.dumps({"result": result}), flush=True)


class Connection:
    """One for coroutines: `async with Connection() as wire: await wire.ask("GET 3")`."""

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection(*place())
        return self

    async def __aexit__(self, *_):
        self.writer.close()

    async def ask(self, line):
        self.say(line)
        return await self.hear()

    def say(self, line):
        self.writer.write(line.encode() + b"\n")

    async def hear(self):
        return (await self.reader.readline()).decode().strip()


class Wire:
    """One for threads: `with Wire() as wire: wire.ask("GET 3")`."""

    def __enter__(self):
        self.socket = socket.create_connection(place())
        self.file = self.socket.makefile("rw")
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def ask(self, line):
        self.say(line)
        return self.hear()

    def say(self, line):
        self.file.write(line + "\n")
        self.file.flush()

    def hear(self):
        return self.file.readline().strip()
