# SPDX-License-Identifier: MIT
"""lane.py - the contract of a runner in Python: answer --describe, take the options, let a
model do the work, write the run record. docs/own-runner.md says what the contract is.

A model is a program of a few lines that calls main(). It hands over `carry(run, task)`,
which does all tasks, at most run.concurrency at the same time, and returns their Outcomes
in order; `task` is what stands in the workload's own file.

Read next: the program `asyncio`, then coroutines/carry.py and coroutines/sleep.py.
"""

import time

STARTED_NS = time.monotonic_ns()  # before the slower imports: they are part of the setup

import argparse
import importlib
import os
import re
import signal
import sys
import threading
from types import SimpleNamespace

import record
from kernels import NotBuilt, mix_into
from workloads import COMMON_OPTIONS, WORKLOADS

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = {
    "count": {"": 1, "k": 10**3, "M": 10**6, "m": 10**6, "G": 10**9, "g": 10**9},
    "size": {"": 1, "B": 1, "KiB": 2**10, "k": 2**10, "MiB": 2**20, "m": 2**20, "M": 2**20,
             "GiB": 2**30, "g": 2**30, "G": 2**30},
    "duration": {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9,
                 "h": 3600 * 10**9},
}
KEY_SUFFIX = {"duration": "_ns", "size": "_bytes"}


class Cannot(Exception):
    """This model, or this machine, cannot do it: exit code 77, with the reason."""


class Wrong(Exception):
    """The work was not done as it should be: exit code 1, with the reason."""


class Outcome:
    """What one task leaves; its fields are those of `struct outcome` in C."""

    __slots__ = "digest", "operations", "bytes_in", "bytes_out", "latency_ns"

    def __init__(self, digest=0, operations=0, latency_ns=None):
        self.digest, self.operations = digest, operations
        self.bytes_in = self.bytes_out = 0
        self.latency_ns = [] if latency_ns is None else latency_ns


def new_value():
    """A number in the memory of this process; processes have one that they share."""
    return SimpleNamespace(value=0)


class InFlight:
    """How many are at work: `with run.in_flight:` around each task."""

    def __init__(self, lock=None, new_value=new_value):
        self.lock, self.now, self.most = lock or threading.Lock(), new_value(), new_value()

    def __enter__(self):
        with self.lock:
            self.now.value += 1
            self.most.value = max(self.most.value, self.now.value)

    def __exit__(self, *_):
        with self.lock:
            self.now.value -= 1

    @property
    def peak(self):
        return self.most.value


class Model(SimpleNamespace):
    """A program of this lane: name; `beside`, the C model it corresponds to; `folder` of
    its tasks, a file for each workload; carry; options; summary."""

    def workloads(self):
        return [name for name in WORKLOADS if os.path.exists(f"{HERE}/{self.folder}/{name}.py")]


class Run(SimpleNamespace):
    """One execution: workload, tasks, concurrency, seed, parameters, variant, in_flight,
    and the instants `at` that part its phases."""

    def open_gate(self):
        """All workers are there; from here on the run is timed."""
        self.at.spawned = time.monotonic_ns()

    def close(self):
        """The last task is done; what follows is joining the workers."""
        self.at.finished = time.monotonic_ns()


# ---- options ---------------------------------------------------------------------------


def parse_quantity(option, text):
    match = re.fullmatch(r"(\d+)(?:\.(\d+))? ?([a-zA-Z]*)", text)
    unit = match and UNITS[option.kind].get(match[3], 1 if text == "0" else None)
    if unit:
        scale = 10 ** len(match[2] or "")
        value, rest = divmod(int(match[1] + (match[2] or "")) * unit, scale)
        if rest == 0 and option.minimum <= value <= option.maximum:
            return value
    raise argparse.ArgumentTypeError(
        f"'{text}': give a {option.kind} from {option.minimum} to {option.maximum}, "
        f"with a unit of {', '.join(filter(None, UNITS[option.kind]))} or as it is")  # fmt: skip


def add_option(parser, option):
    settings = {"help": option.help, "dest": "option_" + option.name}
    if option.kind == "flag":
        settings["action"] = "store_true"
    elif option.kind == "choice":
        settings.update(choices=option.minimum, default=option.default)
    elif option.kind in UNITS:
        settings.update(type=lambda text: parse_quantity(option, text), default=option.default)
    parser.add_argument("--" + option.name, **settings)


def values_of(options, parsed):
    """The values by the names they have in a record: delay_ns, on_failure."""
    return {
        option.name.replace("-", "_") + KEY_SUFFIX.get(option.kind, ""):
            getattr(parsed, "option_" + option.name)
        for option in options
    }  # fmt: skip


def size_of(workload, tasks, concurrency, refuse):
    """N and C: what was asked, else the defaults, which give way to what was asked."""
    if tasks is None:
        tasks = workload.tasks
        if concurrency and (concurrency > tasks or workload.together):
            tasks = concurrency
    if concurrency is None:
        concurrency = tasks if workload.together else min(workload.concurrency, tasks)
    if workload.together and concurrency != tasks:
        refuse(f"--concurrency {concurrency}: the tasks of {workload.name} wait for one "
               f"another, so all {tasks} must be in flight; leave it out")  # fmt: skip
    if tasks < workload.least:
        refuse(f"--tasks {tasks}: give {workload.least} or more")
    if concurrency > tasks:
        refuse(f"--concurrency {concurrency}: more than --tasks {tasks} cannot be in "
               f"flight; give 1 to {tasks}")  # fmt: skip
    return tasks, concurrency


def parse_cpus(text, refuse):
    cpus = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if not match:
            refuse(f"--cpus '{text}': give a list such as 0 or 0,2-3")
        cpus.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    if not cpus <= os.sched_getaffinity(0):
        refuse(f"--cpus '{text}': this process may run on {sorted(os.sched_getaffinity(0))}")
    return cpus


def parse(model, argv):
    """The run that the command line asks for, and its common options."""
    able = model.workloads()
    if not argv or argv[0] not in able:
        raise SystemExit(usage(model, f"name a workload: one of {', '.join(able)}"))
    workload = WORKLOADS[argv[0]]
    parser = argparse.ArgumentParser(
        prog=f"{model.name} {workload.name}", allow_abbrev=False, description=workload.summary)  # fmt: skip
    for option in COMMON_OPTIONS + workload.options + model.options:
        add_option(parser, option)
    parsed = parser.parse_args(argv[1:])
    common = SimpleNamespace(**values_of(COMMON_OPTIONS, parsed))
    tasks, concurrency = size_of(workload, common.tasks, common.concurrency, parser.error)
    if common.cpus is not None:
        os.sched_setaffinity(0, parse_cpus(common.cpus, parser.error))
    if workload.peer and not re.fullmatch("[0-9a-f]{32}", parsed.option_token or ""):
        parser.error("give --connect and --token: the address of a quartet-backend, and "
                     "the token that it has given out")  # fmt: skip
    run = Run(
        model=model, workload=workload, tasks=tasks, concurrency=concurrency,
        seed=common.seed, variant=SimpleNamespace(**values_of(model.options, parsed)),
        parameters=SimpleNamespace(**values_of(workload.options, parsed)),
        workers=concurrency, in_flight=InFlight(), results=None, notes=[],
        at=SimpleNamespace(started=STARTED_NS, set_up=None, spawned=None, finished=None,
                           joined=None))  # fmt: skip
    return run, common


def package(name, debian):
    """Imports a module that need not be there; without it this program cannot run here."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name}: not installed for {sys.executable}: apt-get install {debian}", file=sys.stderr)
        sys.exit(77)


def usage(model, problem):
    print(f"{model.name}: {problem}; see --describe", file=sys.stderr)
    return 2


# ---- the run ---------------------------------------------------------------------------


def checksum_of(outcomes):
    """Over number, digest and error (none) of every task, in order: runners/verify.c."""
    checksum = 0
    for index, outcome in enumerate(outcomes):
        checksum = mix_into(mix_into(mix_into(checksum, index), outcome.digest), 0)
    return checksum


def ledger_of(run, outcomes):
    total = lambda name: sum(getattr(outcome, name) for outcome in outcomes)
    return {
        "tasks": len(outcomes),
        "operations": total("operations"),
        "bytes_in": total("bytes_in"),
        "bytes_out": total("bytes_out"),
    }


def expected_of(run):
    """Of fetch: a message in each direction, and a hello of 32 bytes for each session."""
    size = getattr(run.parameters, "payload_bytes", 0)
    operations = run.workload.operations(run)
    hellos = 32 * run.tasks if run.workload.peer else 0
    return {"tasks": run.tasks, "operations": operations,
            "bytes_in": operations * size, "bytes_out": operations * size + hellos}  # fmt: skip


def trace_of(run, module):
    """The tracer of a run that is traced, else None: a timed run knows nothing of it."""
    path = os.environ.get("QUARTET_TRACE")
    if not path:
        return None
    return importlib.import_module("tracing").start(run, module, path)


def execute(run, common, result):
    """Does the work and fills in what the record wants to know of it."""
    module = importlib.import_module(f"{run.model.folder}.{run.workload.name}")
    trace = trace_of(run, module)
    carry = getattr(module, "carry", run.model.carry)
    run.at.set_up = time.monotonic_ns()
    outcomes = carry(run, module.task)
    run.at.joined = time.monotonic_ns()
    result.usage = record.usage()
    if trace:
        trace.write()
    result.expected, result.ledger = expected_of(run), ledger_of(run, outcomes)
    result.latencies = [ns for outcome in outcomes for ns in outcome.latency_ns]
    result.checksum = checksum_of(outcomes)
    if result.ledger != result.expected:
        raise Wrong(f"unequal work: {result.ledger} instead of {result.expected}")


def on_timeout(timeout_ns):
    def strike(*_):
        raise Wrong(f"the run took longer than {timeout_ns / 1e9:g} s")

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, timeout_ns / 1e9)


def main(model, argv=None):
    """The whole program. Ends the process; nothing waits for threads that hang."""
    argv = sys.argv[1:] if argv is None else argv
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if argv == ["--describe"]:
        record.describe(model)
        sys.exit(0)
    run, common = parse(model, argv)
    result = SimpleNamespace(status="ok", reason=None, ledger=None, usage=None, latencies=[])
    code = 0
    try:
        on_timeout(common.timeout_ns)
        execute(run, common, result)
    except (Cannot, NotBuilt) as reason:
        result.status, result.reason, code = "dnf", str(reason), 77
    except Wrong as reason:
        result.status, result.reason, code = "wrong", str(reason), 1
    except Exception as reason:  # of a task: whatever it was, the run has failed
        result.status, code = "failed", 1
        result.reason = f"{type(reason).__name__}: {reason}"
    signal.setitimer(signal.ITIMER_REAL, 0)
    if code != 0:
        print(f"{model.name}: {run.workload.name}: {result.reason}", file=sys.stderr)
    if common.record is not None:
        record.write(run, common, result)
    elif code == 0:
        record.summary(run, result)
    sys.stdout.flush()
    os._exit(code)
