# SPDX-License-Identifier: MIT
"""Which descriptors does epoll accept?"""
import json
import select
import socket


def accepted(file):
    with select.epoll() as epoll:
        try:
            epoll.register(file)
            return 1
        except PermissionError:
            return 0


one, other = socket.socketpair()
with open(__file__, encoding="utf-8") as source, one, other:
    print(json.dumps({"file_accepted": accepted(source), "socket_accepted": accepted(one)}))
