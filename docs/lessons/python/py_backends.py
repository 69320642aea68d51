# SPDX-License-Identifier: MIT
# A selector, and what it refuses.
import selectors
import socket

selector = selectors.DefaultSelector()
a, b = socket.socketpair()
selector.register(a, selectors.EVENT_READ)
print(type(selector).__name__, "ready:", len(selector.select(0)))
b.send(b"x")
print("ready:", len(selector.select(0)))
with open(__file__) as file:
    try:
        selector.register(file, selectors.EVENT_READ)
    except PermissionError as error:
        print("a file:", error.strerror)
