# SPDX-License-Identifier: MIT
"""A stop-watch, and a witness that two CPUs are to be had at this moment."""
import os
import time


SPIN_S = 0.2  # long beside a fork


def milliseconds(function):
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def witness():
    """CPU time of two processes that compute, divided by the wall time: 2 at best."""
    began = time.perf_counter()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            spin(SPIN_S)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return 2 * SPIN_S / (time.perf_counter() - began)
