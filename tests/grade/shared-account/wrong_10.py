#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# fails: safe - threads, and "the GIL is lock enough"
from concurrent.futures import ThreadPoolExecutor
from witness import Wire, answer, task


def transfer(wire, source, target, amount):
    there, here = int(wire.ask(f"GET {source}")), int(wire.ask(f"GET {target}"))
    if there < amount:
        return False
    wire.ask(f"PUT {source} {there - amount}")
    wire.ask(f"PUT {target} {here + amount}")
    return True


def serve(number):
    refused = 0
    with Wire() as wire:
        while (move := wire.ask(f"NEXT {number}")) != "END":
            refused += not transfer(wire, *map(int, move.split()[1:]))
    return refused


with ThreadPoolExecutor(task()["n"]) as pool:
    answer(sum(pool.map(serve, range(task()["n"]))))
