# SPDX-License-Identifier: MIT
"""Which data of a thread does the main thread see?"""
import json
import threading

shared = 0
own = threading.local()
own.value = 0


def change():
    global shared
    shared = 1
    own.value = 1


thread = threading.Thread(target=change)
thread.start()
thread.join()
print(json.dumps({"global_seen": shared, "thread_local_seen": own.value}))
