# SPDX-License-Identifier: MIT
"""Ten threads, one of which raises: how many of the others finish, and what join() says."""
import json
import threading

finished = []
said = []
threading.excepthook = lambda error: None  # it would print the traceback, and nothing else


def work(number):
    if number == 3:
        raise ValueError(number)
    finished.append(number)


threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    try:
        thread.join()
    except ValueError as error:
        said.append(error)
print(json.dumps({"finished": len(finished), "told_by_join": len(said)}))
