# SPDX-License-Identifier: MIT
"""Counts the callbacks that asyncio's loops run, from the import on."""
from asyncio import events

count = 0
_run = events.Handle._run


def _counting(handle):
    global count
    count += 1
    return _run(handle)


events.Handle._run = _counting
