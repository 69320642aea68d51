# SPDX-License-Identifier: MIT
# What a child process shares.
import multiprocessing as mp
import sys

private = 1


def child(shared):
    global private
    private = 2
    shared.value = 2
    print("child: ", private, shared.value)
    sys.exit(3)


if __name__ == "__main__":
    shared = mp.Value("i", 1)
    p = mp.get_context("fork").Process(target=child, args=(shared,))
    p.start()
    p.join()
    print("parent:", private, shared.value, "exitcode", p.exitcode)
