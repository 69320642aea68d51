# SPDX-License-Identifier: MIT
"""Load from outside: stress-ng on two CPUs, switched on and off at times that are drawn
from a seed. What is left of it when the campaign dies ends by itself within ON_S[1]."""

import random
import shutil
import signal
import subprocess
import threading

from gate import die_with_parent, end

ON_S = (2, 10)
OFF_S = (2, 10)


def is_there():
    return shutil.which("stress-ng") is not None


class Load:
    """with Load(seed): ... - begins with a pause or with load, as the seed says."""

    def __init__(self, seed):
        self.random = random.Random(f"load {seed}")
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.come_and_go)
        self.phases = 0
        self.process = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def come_and_go(self):
        if self.random.random() < 0.5:
            self.stop.wait(self.random.uniform(*OFF_S))
        while not self.stop.is_set():
            self.work(self.random.uniform(*ON_S))
            self.stop.wait(self.random.uniform(*OFF_S))

    def work(self, seconds):
        # The signal of a dead parent comes when the thread that started a child ends, and
        # this one does not end before its child does.
        self.process = subprocess.Popen(
            ["stress-ng", "--quiet", "--cpu", "2", "--timeout", f"{ON_S[1]}s"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self.phases += 1
        self.stop.wait(seconds)
        end(self.process, signal.SIGTERM, 5)
