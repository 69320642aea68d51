# SPDX-License-Identifier: MIT
"""A worker process never outlives the program that started it, not even one that was
killed: the kernel sends it a signal. See prctl(2).
"""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)
parent = os.getpid()


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        os._exit(1)
