# SPDX-License-Identifier: MIT
"""tracing.py - who ran when: `quartet trace --lanes python`. The same events, in the same file
(quartet.trace/1), as those of the C runners: runners/trace/trace.h says what each means.

A timed run does not know this file. Where $QUARTET_TRACE names a file, lane.py imports it, and
start() exchanges the task and the verbs that tasks wait in: coroutines are carried from one wait
to the next, blocking calls are wrapped.

Read next: Tracer.event(), then Steps for coroutines and block() for blocking code.
"""

import asyncio
import ctypes
import json
import multiprocessing.util
import os
import socket
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

from record import has_gil

cpu_of_thread = ctypes.PyDLL(None).sched_getcpu  # PyDLL: the interpreter's lock is kept
COST_EVENTS = 1000
tracer = None


class Lane:
    """The events of one worker. What does not fit is counted."""

    def __init__(self, role, room):
        self.role, self.room, self.events, self.lost = role, room, [], 0
        self.pid, self.tid = os.getpid(), threading.get_native_id()
        self.clock = time.pthread_getcpuclockid(threading.get_ident()) if role != "loop" else None
        self.task = self.cpu = None

    def add(self, now, kind, task, why="", due=None):
        if len(self.events) >= self.room:
            self.lost += 1
            return
        clock = time.CLOCK_THREAD_CPUTIME_ID if self.clock is None else self.clock
        self.events.append([now, time.clock_gettime_ns(clock), kind, task, why, due, self.cpu])


class Tracer:
    """All lanes of this process, and which task the calling thread has."""

    def __init__(self, run, path, room):
        self.run, self.path, self.parent = run, path, os.getpid()
        self.loop = run.model.beside == "coroutine"
        self.room = max(1, room // (1 if self.loop else run.workers))
        # The lock of the interpreter counts where several threads compute under it.
        self.locked = (run.model.beside == "multithread" and has_gil()
                       and getattr(run.variant, "kernel", None) != "c")  # fmt: skip
        self.reasons = {}  # of coroutines: task: (why, due)
        self.cost_ns = 0
        self.forget()

    def forget(self):
        """In a forked process, too: what the parent's threads did stays with the parent."""
        self.guard, self.local, self.lanes = threading.Lock(), threading.local(), {}
        self.holder, self.locked_out = None, []

    @property
    def task(self):
        return getattr(self.local, "task", None)

    @task.setter
    def task(self, task):
        self.local.task = task

    def lane(self, pool):
        role = "pool" if pool else "loop" if self.loop else "worker"
        key = role if role == "loop" else threading.get_native_id()
        if key not in self.lanes:
            if os.getpid() != self.parent and not self.lanes:
                multiprocessing.util.Finalize(None, self.hand_over, exitpriority=0)
            self.lanes[key] = Lane(role, self.room)
        return self.lanes[key]

    def event(self, kind, task, why="", due=None):
        with self.guard:  # or a thread could be interrupted between the clock and the list
            now, lane = time.monotonic_ns(), self.lane(kind in ("job", "done"))
            lane.cpu = cpu_of_thread()
            if self.locked:
                self.pass_lock(lane, now, kind)
            lane.task = task
            lane.add(now, kind, task, why, due)

    def pass_lock(self, lane, now, kind):
        """Whoever writes an event has the interpreter's lock: who had it before, and does not
        wait for something else, now waits for that. When the calling thread begins to wait and
        one other is locked out, then that one goes on; of several the first event will tell."""
        if self.holder not in (None, lane):
            self.holder.add(now, "wait", self.holder.task, "global lock")
            self.locked_out.append(self.holder)
        if lane in self.locked_out:
            self.locked_out.remove(lane)
        self.holder = lane
        if kind in ("wait", "end"):
            self.holder = self.locked_out.pop() if len(self.locked_out) == 1 else None
            if self.holder:
                self.holder.add(now, "run", self.holder.task)

    @contextmanager
    def waits(self, why, due=None):
        task = self.task
        if task is not None:
            self.event("wait", task, why, due)
        try:
            yield
        finally:
            if task is not None:
                self.event("run", task)

    # ---- the file ----------------------------------------------------------------------

    def of_lanes(self):
        return [{"role": lane.role, "pid": lane.pid, "tid": lane.tid, "lost": lane.lost,
                 "events": lane.events} for lane in self.lanes.values() if lane.events]  # fmt: skip

    def hand_over(self):
        """A worker process ends, and leaves its lanes for write()."""
        with open(f"{self.path}.{os.getpid()}", "w", encoding="ascii") as file:
            json.dump(self.of_lanes(), file)

    def collected(self):
        """The lanes of all processes, in the order of their first events."""
        lanes, folder = self.of_lanes(), os.path.dirname(self.path) or "."
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name.startswith(os.path.basename(self.path) + ".") and name[-1].isdigit():
                with open(path, encoding="ascii") as file:
                    lanes += json.load(file)
                os.unlink(path)
        return sorted(lanes, key=lambda lane: lane["events"][0][0])

    def measure_cost(self):
        lane = Lane("loop", COST_EVENTS)
        began = time.monotonic_ns()
        for _ in range(COST_EVENTS):
            cpu_of_thread()
            lane.add(time.monotonic_ns(), "run", 0)
        self.cost_ns = (time.monotonic_ns() - began) // COST_EVENTS

    def write(self):
        run, opened = self.run, self.run.at.spawned
        lanes = self.collected()
        for lane in lanes:
            for event in lane["events"]:
                event[0] -= opened
                event[5] = event[5] and event[5] - opened
        with open(self.path, "w", encoding="ascii") as file:
            json.dump({"schema": "quartet.trace/1", "model": run.model.name,
                       "workload": run.workload.name, "tasks": run.tasks,
                       "concurrency": run.concurrency, "workers": 1 if self.loop else run.workers,
                       "finished_ns": run.at.finished - opened, "event_cost_ns": self.cost_ns,
                       "lost": 0, "lanes": lanes}, file)  # fmt: skip


# ---- coroutines ------------------------------------------------------------------------


class Steps:
    """Awaits a coroutine, with an event wherever it stops and goes on."""

    def __init__(self, index, coroutine):
        self.index, self.coroutine = index, coroutine

    def why(self, awaited):
        if self.index in tracer.reasons:
            return tracer.reasons[self.index]
        child = isinstance(awaited, asyncio.Task)
        return ("turn" if awaited is None else "child" if child else "pool", None)

    def __await__(self):
        go_on, value = self.coroutine.send, None
        tracer.event("begin", self.index)
        while True:
            tracer.task = self.index
            try:
                awaited = go_on(value)
            except BaseException as end:
                tracer.event("end", self.index)
                if isinstance(end, StopIteration):
                    return end.value
                raise
            finally:
                tracer.task = None
            tracer.event("wait", self.index, *self.why(awaited))
            try:
                go_on, value = self.coroutine.send, (yield awaited)
            except BaseException as thrown:  # a cancellation
                go_on, value = self.coroutine.throw, thrown
            tracer.event("run", self.index)


def patch(owner, name, why, due_of=lambda *_: None):
    """Within this coroutine function a task waits for `why`."""
    real = getattr(owner, name)

    async def waiting(*arguments, **more):
        task = tracer.task
        if task is None:
            return await real(*arguments, **more)
        due = due_of(*arguments)
        tracer.reasons[task] = ("turn" if due == 0 else why, due or None)
        try:
            return await real(*arguments, **more)
        finally:
            tracer.reasons.pop(task, None)

    setattr(owner, name, waiting)


def due_of_sleep(seconds, *_):
    return time.monotonic_ns() + int(seconds * 1e9) if seconds > 0 else 0


def job(task, function, *arguments):
    """In a worker of an executor: it computes for this task."""
    tracer.event("job", task)
    try:
        return function(*arguments)
    finally:
        tracer.event("done", task)


def patch_submit(executor):
    real = executor.submit

    def submit(self, function, *arguments):
        if tracer.task is None:
            return real(self, function, *arguments)
        return real(self, job, tracer.task, function, *arguments)

    executor.submit = submit


def step():
    """Coroutines: the verbs of asyncio."""
    patch(asyncio, "sleep", "timer", due_of_sleep)
    for owner, name, why in (
        (asyncio.Lock, "acquire", "lock"), (asyncio.Semaphore, "acquire", "semaphore"),
        (asyncio.Event, "wait", "event"), (asyncio.Queue, "get", "queue"),
        (asyncio.Queue, "put", "queue"), (asyncio.StreamReader, "readexactly", "socket"),
        (asyncio, "open_connection", "socket"), (asyncio, "open_unix_connection", "socket"),
    ):  # fmt: skip
        patch(owner, name, why)
    patch_submit(ThreadPoolExecutor)
    patch_submit(ProcessPoolExecutor)


# ---- blocking code ---------------------------------------------------------------------


class Watched:
    """A lock, semaphore, event or queue. A verb that need not wait leaves no event."""

    def __init__(self, inner, why):
        self.inner, self.reason = inner, why

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def acquire(self):
        if self.inner.acquire(False):
            return True
        with tracer.waits(self.reason):
            return self.inner.acquire()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.inner.release()

    def wait(self, timeout=None):
        with tracer.waits(self.reason, due_of_sleep(timeout) if timeout else None):
            return self.inner.wait(timeout)

    def get(self):
        with tracer.waits(self.reason):
            return self.inner.get()

    def put(self, item):
        with tracer.waits(self.reason):
            self.inner.put(item)


def watched(make, why):
    return lambda *arguments: Watched(make(*arguments), why)


def patch_socket():
    class Socket(socket.socket):
        def connect(self, where):
            with tracer.waits("socket"):
                super().connect(where)

        def recv(self, size):
            with tracer.waits("socket"):
                return super().recv(size)

    socket.socket = Socket


def patch_sleep():
    real = time.sleep

    def sleep(seconds):
        with tracer.waits("timer" if seconds > 0 else "turn", due_of_sleep(seconds) or None):
            real(seconds)

    time.sleep = sleep


def patch_worker(sync):
    class Worker(sync.Worker):
        def join(self, timeout=None):
            with tracer.waits("child"):
                super().join(timeout)

    sync.Worker = Worker


def look():
    """A task that computes is looked at: has its thread had a CPU since the last event?"""
    if tracer.task is not None:
        tracer.event("run", tracer.task)


def block(sync):
    """Blocking code: calls of the system, and what run.sync has to offer."""
    patch_sleep()
    patch_socket()
    patch_worker(sync)
    for name, why in (("Lock", "lock"), ("Semaphore", "semaphore"), ("Event", "event"),
                      ("Queue", "queue")):  # fmt: skip
        setattr(sync, name, watched(getattr(sync, name), why))
    if not tracer.loop:  # greenlets give way by time.sleep(0)
        sync.give_way = look


# ---- the run ---------------------------------------------------------------------------


def traced(task):
    """The task as the model carries it, with its begin and end."""
    if asyncio.iscoroutinefunction(task):

        async def stepped(run, index):
            return await Steps(index, task(run, index))

        return stepped

    def blocking(run, index):
        tracer.event("begin", index)
        tracer.task = index
        try:
            return task(run, index)
        finally:
            tracer.task = None
            tracer.event("end", index)

    return blocking


def start(run, module, path):
    """From now on the run is traced; tracer.write() when it is over."""
    global tracer
    try:
        room = int(os.environ.get("QUARTET_TRACE_EVENTS", "200000"))
    except ValueError:
        sys.exit("QUARTET_TRACE_EVENTS: give a number")
    tracer = Tracer(run, path, room)
    tracer.measure_cost()
    os.register_at_fork(after_in_child=tracer.forget)
    module.task = traced(module.task)
    if run.model.folder == "coroutines":
        step()
    else:
        block(run.model.sync)
    return tracer
