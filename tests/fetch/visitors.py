#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Connects to the back end of a run of `fetch` as somebody who has come by mistake.

    visitors.py RUNNER RECORD waits|talks|goes    one visitor, who says nothing, something, or goes
    visitors.py RUNNER RECORD crowd               more of them than there are descriptors

Exit code: that of the run; 1 also where a crowd has kept the back end busy.
"""

import os
import resource
import socket
import subprocess
import sys
import time


def listeners():
    """The ports that are listened at, by the name of their socket."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        lines = [line.split() for line in file.read().splitlines()[1:]]
    return {f"socket:[{line[9]}]": int(line[1].split(":")[1], 16) for line in lines if line[3] == "0A"}


def back_end(pid):
    """The child of the run that listens, and where; None: not yet."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        children = file.read().split()
    for child in children:
        with open(f"/proc/{child}/comm", encoding="ascii") as file:
            if "backend" not in file.read():
                continue
        ports = listeners()
        for name in os.listdir(f"/proc/{child}/fd"):
            port = ports.get(os.readlink(f"/proc/{child}/fd/{name}"))
            if port:
                return int(child), port
    return None


def find_back_end(pid):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            found = back_end(pid)
        except OSError:  # somebody has just ended
            found = None
        if found:
            return found
    sys.exit("there is no back end")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def crowd(child, port):
    """Eight visitors where one more descriptor is allowed: is the back end at rest?"""
    time.sleep(0.5)  # its own clients have come
    most = len(os.listdir(f"/proc/{child}/fd")) + 1
    resource.prlimit(child, resource.RLIMIT_NOFILE, (most, most))
    visitors = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    before = cpu_seconds(child)
    time.sleep(1)
    used = cpu_seconds(child) - before
    print(f"{used:.2f} s of CPU time in a second, {len(visitors)} visitors")
    return 1 if used > 0.15 else 0


def main():
    runner, record, what = sys.argv[1:]
    size = ["--tasks", "2", "--concurrency", "2", "--delay", "3s", "--exchanges", "1"]
    if what != "crowd":
        size = ["--tasks", "30", "--concurrency", "3", "--delay", "50ms"]
    with subprocess.Popen([runner, "fetch", *size, "--record", record], stdout=subprocess.DEVNULL) as run:
        child, port = find_back_end(run.pid)
        busy = 0
        if what == "crowd":
            busy = crowd(child, port)
        else:
            visitor = socket.create_connection(("127.0.0.1", port))
            if what == "talks":
                visitor.sendall(b"GET / HTTP/1.0\r\n\r\n" + bytes(300))
            elif what == "goes":
                visitor.close()
        return run.wait(60) or busy


if __name__ == "__main__":
    sys.exit(main())
