# SPDX-License-Identifier: MIT
"""The workloads of this lane: options with defaults and ranges, and what a run must add
up to. The names, defaults and ranges are those of the C workloads; tests/lanes compares
them with what a C runner says of itself.
"""

from collections import namedtuple
from types import SimpleNamespace

SECOND = 10**9

Option = namedtuple("Option", "name kind default minimum maximum help")


def count(name, default, minimum, maximum, help):
    return Option(name, "count", default, minimum, maximum, help)


def duration(name, default, help, minimum=0, maximum=3600 * SECOND):
    return Option(name, "duration", default, minimum, maximum, help)


def choice(name, choices, help, default=None):
    """Unless said, the first one is the default; the list stands in place of a range."""
    return Option(name, "choice", default or choices[0], choices, None, help)


class Workload(SimpleNamespace):
    """name, kind, operation, summary, tasks, concurrency, options, operations; and
    `together`: the tasks wait for one another, and there are at least two of them;
    `peer`: a back end takes part."""

    together = peer = False

    @property
    def least(self):
        return 2 if self.together else 1


def each(count_of):
    """Operations of a run whose tasks all do the same."""
    return lambda run: run.tasks * count_of(run.parameters)


WORKLOADS = {}


def workload(name, kind, operation, size, options, operations, summary, **more):
    tasks, concurrency = size
    WORKLOADS[name] = Workload(
        name=name, kind=kind, operation=operation, tasks=tasks, concurrency=concurrency,
        options=options, operations=operations, summary=summary, **more)  # fmt: skip


workload(
    "sleep", "io", "sleeps", (10000, 10000),
    [duration("delay", "500ms", "how long each task waits")],
    each(lambda p: 1), "tasks that only wait: the textbooks' stand-in for I/O",
)  # fmt: skip
workload(
    "fetch", "io", "exchanges", (10000, 10000),
    [count("exchanges", "2", 1, 10**4, "requests and replies of each session"),
     duration("delay", "1s", "the back end answers this long after a request",
              maximum=60 * SECOND),
     Option("payload", "size", "64", 32, 1024,
            "bytes of a request, and of a reply, header included"),
     choice("transport", ("tcp", "unix"), "loopback TCP, or AF_UNIX stream sockets"),
     Option("connect", "text", None, 0, 0,
            "addresses of a quartet-backend, such as 10.0.0.2:4000"),
     Option("token", "text", None, 0, 0, "the token that it has given out for this run")],
    each(lambda p: p.exchanges), "client sessions with a back end that takes its time",
    peer=True,
)  # fmt: skip
workload(
    "primes", "cpu", "numbers tested", (1000, 8),
    [count("limit", "5M", 1, 2**32 - 1, "count the primes below this number")],
    lambda run: run.parameters.limit,
    "count primes by trial division: regular work, all tasks alike",
)  # fmt: skip
workload(
    "mandelbrot", "cpu", "pixels", (800, 8),
    [count("width", "1000", 1, 10**6, "pixels in a row (rows: --tasks)"),
     count("iterations", "1000", 100, 10**9,
           "after so many a point is taken to be in the set")],
    each(lambda p: p.width),
    "rows of the Mandelbrot set: irregular work, some tasks far dearer",
)  # fmt: skip
workload(
    "spawn", "cost", "children", (100, 1),
    [count("children", "100", 1, 10**9, "how many children each task creates and joins")],
    each(lambda p: p.children), "create a child, join it, again: what a new worker costs",
)  # fmt: skip
workload(
    "switch", "cost", "hand-overs", (2, 2),
    [count("switches", "100k", 1, 10**12, "how often the token is handed on, in all"),
     choice("by", ("semaphore", "yield"), "wake the next one, or let the others run")],
    lambda run: run.parameters.switches,
    "hand a token round a ring of tasks: what passing control costs", together=True,
)  # fmt: skip
workload(
    "gather", "cost", "ends", (101, 101),
    [duration("delay", "100ms", "how long the slowest member takes"),
     count("failing", "0", 0, 10**8, "how many members fail"),
     choice("on-failure", ("wait", "stop", "return"), "what to do about a failure"),
     duration("within", "0", "cancel all that have not ended by then; 0: never")],
    each(lambda p: 1), "wait for many: order, failures, time limits, cancelling",
    together=True,
)  # fmt: skip
workload(
    "schedule", "io", "calls", (1000, 1000),
    [duration("span", "500ms", "the calls are due within this time"),
     duration("lead", "100ms", "time to arm all calls before the first is due",
              maximum=60 * SECOND),
     count("load", "0", 0, 64, "threads that compute beside it, on the same CPUs")],
    each(lambda p: 1), "calls that are due at given instants: how late is each one?",
)  # fmt: skip
workload(
    "semaphore", "cost", "visits", (1000, 1000),
    [count("permits", "10", 1, 10**6, "how many tasks may be inside at once"),
     count("rounds", "2", 1, 10**4, "how often each task goes in"),
     duration("hold", "1ms", "how long it stays inside", maximum=60 * SECOND)],
    each(lambda p: p.rounds),
    "tasks share a few permits: never more inside than there are",
)  # fmt: skip
workload(
    "pipeline", "cost", "items passed", (4, 4),
    [count("items", "10k", 1, 10**9, "how many go through all stages"),
     count("capacity", "16", 1, 10**6, "items that a queue between two stages holds")],
    each(lambda p: p.items),
    "items through a chain of tasks with bounded queues between them", together=True,
)  # fmt: skip
workload(
    "counter", "cost", "additions", (10, 10),
    [choice("guard", ("none", "mutex", "atomic", "message"),
            "what keeps its steps together", default="mutex"),
     Option("await", "flag", None, 0, 0,
            "a suspension point between reading and writing"),
     count("additions", "100k", 1, 10**9, "how often each task adds 1")],
    each(lambda p: p.additions), "all add to one counter: lost updates, locks, messages",
)  # fmt: skip
workload(
    "stall", "io", "beats", (1000, 1000),
    [duration("compute", "200ms", "CPU time that task 0 computes in one piece",
              maximum=60 * SECOND),
     duration("period", "10ms", "the others sleep this long between two beats",
              minimum=1000, maximum=60 * SECOND),
     count("beats", "30", 1, 10**5, "how often each of the others beats")],
    lambda run: 1 + (run.tasks - 1) * run.parameters.beats,
    "one task computes in one piece while others wait: who notices?", together=True,
)  # fmt: skip

# Of every run, whatever the workload.
COMMON_OPTIONS = [
    count("tasks", None, 1, 10**8, "tasks in all"),
    count("concurrency", None, 1, 10**8, "tasks in flight at the same time"),
    Option("cpus", "text", None, 0, 0, "CPUs of the workers, such as 0 or 0,2-3"),
    Option("peer-cpus", "text", None, 0, 0, "CPUs of a back end: kept for the record"),
    count("seed", "1", 0, 2**53 - 1, "for everything that is random"),
    duration("timeout", "60s", "the run fails when it takes longer", 10**6, 86400 * SECOND),
    Option("record", "text", None, 0, 0, "write the run record to this file, as JSON"),
    Option("memory", "flag", None, 0, 0, "accepted: an observer outside measures memory"),
]
