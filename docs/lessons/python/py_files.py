# SPDX-License-Identifier: MIT
# What epoll can watch, and a write that the loop gives away.
import asyncio
import os
import select
import tempfile


def watch(name, file):
    try:
        select.epoll().register(file, select.EPOLLIN)
        print(f"{name}: epoll watches it")
    except PermissionError as error:
        print(f"{name}: {error.strerror}")


def save(path, data):
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return os.path.getsize(path)


async def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "note")
        print("saved in a thread:", await asyncio.to_thread(save, path, b"hello"), "bytes")
        with open(path, "rb") as file:
            watch("a file", file)
    reader, writer = os.pipe()
    watch("a pipe", reader)


asyncio.run(main())
