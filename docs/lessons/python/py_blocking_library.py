# SPDX-License-Identifier: MIT
# A library that blocks, in the loop and beside it: who else runs meanwhile?
import asyncio
import os
import sqlite3
import tempfile


def write(path):
    base = sqlite3.connect(path, timeout=0.05)  # waits that long for a lock
    try:
        base.execute("insert into t values (1)")
        return "written"
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        base.close()


async def count(turns):
    while True:
        await asyncio.sleep(0.001)
        turns[0] += 1


async def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "base")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("create table t (x)")
        holder.execute("begin immediate")  # takes the lock that every writer needs
        turns = [0]
        counter = asyncio.create_task(count(turns))
        await asyncio.sleep(0)
        print("in the loop:", write(path) + ";", "others ran", turns[0], "times")
        print("in a thread:", await asyncio.to_thread(write, path) + ";",
              "others ran:", turns[0] > 0)
        counter.cancel()
        holder.close()


asyncio.run(main())
