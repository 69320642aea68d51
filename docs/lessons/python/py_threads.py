# SPDX-License-Identifier: MIT
# What threads share.
import threading

shared = [1]
own = threading.local()
own.value = 1


def worker():
    own.value = 2
    shared[0] = 2
    print("thread:", shared[0], own.value)


t = threading.Thread(target=worker)
t.start()
t.join()
print("main:  ", shared[0], own.value)
