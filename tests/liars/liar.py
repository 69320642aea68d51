#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runners that lie, each in one way: `liar.py NAME`, then what any runner is told.

All are the honest `threading` of lanes/python with one thing changed. liars.bats has
`quartet validate` look at them: each must be refused, for the reason that is its own.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lanes/python"))
import lane
import record
from blocking import carry as pools, fetch, primes, sleep
from kernels import task_digest
from messages import REPLY, book, hello, message

tell_truth = record.record


def honest():
    pass


def tell(change):
    """Changes the record just before it is written."""
    def lie(run, common, result):
        text = tell_truth(run, common, result)
        change(text)
        return text

    record.record = lie


def sieve():
    """The primes by another algorithm, before the clock starts."""
    size = 3_200_000
    prime = bytearray([1]) * size
    prime[0:2] = b"\0\0"
    for n in range(2, 1800):
        if prime[n]:
            prime[n * n :: n] = bytes(len(range(n * n, size, n)))
    primes.COUNT_PRIMES = {"python": lambda numbers: prime.count(1, numbers.start, numbers.stop)}


def no_sleep():
    sleep.time = type("", (), {"sleep": lambda seconds: None})


def half_sleep():
    sleep.time = type("", (), {"sleep": lambda seconds: time.sleep(seconds / 2)})


def fewer_exchanges():
    honest_task = fetch.task

    def task(run, index):
        run.parameters.exchanges = 1
        outcome = honest_task(run, index)
        run.parameters.exchanges = 2
        began = time.monotonic_ns() - run.parameters.delay_ns
        book(run, index, 1, message(run, REPLY, index, 1), time.monotonic_ns() - began, outcome)
        outcome.bytes_out += run.parameters.payload_bytes
        return outcome

    fetch.task = task


def cached_answers():
    def digest(run, index):
        return task_digest(type("", (), {"seed": 1}), index)

    sleep.task_digest = digest


def other_cpus():
    os.sched_setaffinity(0, range(os.cpu_count()))
    lane.os.sched_setaffinity = lambda pid, cpus: None


def unwaited_process():
    if os.fork() == 0:
        os.setsid()
        time.sleep(5)
        os._exit(0)


def cpu_misreported():
    tell(lambda text: text.update(cpu_ns={"user": 1000, "system": 0}))


def memory_claimed():
    tell(lambda text: text.update(memory={"bytes": 4096, "method": "trust me"}))


def early_clock():
    tell(lambda text: text["phases_ns"].update(run=text["phases_ns"]["run"] // 3))


def copied_record():
    tell(lambda text: text.update(model="threading"))


def earlier_record():
    """One that was left by a run of another seed."""
    tell(lambda text: text.update(seed=text["seed"] + 1))


def replies_not_read():
    """All requests in a row, and what the replies will be is known."""
    def task(run, index):
        outcome = lane.Outcome()
        with fetch.connect(fetch.address(run, index)) as peer:
            for sequence in range(run.parameters.exchanges):
                text = fetch.request(run, index, sequence)
                peer.sendall(text)
                outcome.bytes_out += len(text)
                reply = message(run, REPLY, index, sequence)
                book(run, index, sequence, reply, run.parameters.delay_ns, outcome)
        return outcome

    fetch.task = task


def fewer_at_once():
    def carry(run, task):
        wanted, run.concurrency = run.concurrency, 1
        outcomes = MODEL.honest_carry(run, task)
        run.concurrency = wanted
        run.in_flight.most.value = wanted
        return outcomes

    MODEL.honest_carry, MODEL.carry = MODEL.carry, carry


def more_in_flight():
    def carry(run, task):
        wanted, run.concurrency = run.concurrency, run.tasks
        outcomes = MODEL.honest_carry(run, task)
        run.concurrency = wanted
        run.in_flight.most.value = wanted
        return outcomes

    MODEL.honest_carry, MODEL.carry = MODEL.carry, carry


def own_back_end():
    def task(run, index):
        outcome = lane.Outcome()
        for sequence in range(run.parameters.exchanges):
            time.sleep(run.parameters.delay_ns / 1e9)
            reply = message(run, REPLY, index, sequence)
            outcome.bytes_out += len(reply) + (len(hello(run)) if sequence == 0 else 0)
            book(run, index, sequence, reply, run.parameters.delay_ns, outcome)
        return outcome

    fetch.task = task


def talker():
    if "--record" in sys.argv:
        print("the fastest runner of all")


def no_record():
    record.write = lambda run, common, result: None


def half_record():
    def write(run, common, result):
        with open(common.record, "w", encoding="ascii") as file:
            file.write('{"schema": "quartet.run/1", "status": "ok"')

    record.write = write


def array_record():
    """JSON that is no record."""
    def write(run, common, result):
        with open(common.record, "w", encoding="ascii") as file:
            file.write("[]")

    record.write = write


def changes_itself():
    """Another program in the second run than in the first."""
    honest_write = record.write

    def write(run, common, result):
        honest_write(run, common, result)
        os.utime(sys.argv[1])

    record.write = write


def huge_record():
    def write(run, common, result):
        with open(common.record, "wb") as file:
            file.truncate(2 << 30)

    record.write = write


def crash_afterwards():
    honest_exit = os._exit
    lane.os._exit = lambda code: honest_exit(3)


def takes_any_option():
    lane.argparse.ArgumentParser.parse_args = lambda self, words: self.parse_known_args(words)[0]
    MODEL.workloads = lambda: ["sleep"]


def many_workloads(count=200):
    record.WORKLOADS = {f"w{i}": record.WORKLOADS["sleep"] for i in range(count)}
    MODEL.workloads = lambda: list(record.WORKLOADS)


def ten_thousand_workloads():
    many_workloads(10000)


def path_name():
    MODEL.name = "../threading"


def dropped_task():
    def task(run, index):
        return lane.Outcome(task_digest(run, 0), operations=1, latency_ns=[run.parameters.delay_ns])

    honest_task = sleep.task
    sleep.task = lambda run, index: (honest_task if index else task)(run, index)


def counts_more():
    tell(lambda text: (text["ledger"].update(operations=99), text["expected"].update(operations=99)))


def leaves_child_at_end():
    """A worker that survives SIGTERM of its parent."""
    MODEL.workloads = lambda: ["sleep"]
    if "60s" in sys.argv and os.fork() == 0:
        time.sleep(20)
        os._exit(0)


MODEL = lane.Model(
    name=sys.argv[1].replace("_", "-"), beside="multithread", folder="blocking", options=pools.OPTIONS,
    sync=pools.THREADS, carry=pools.carry_with(pools.THREADS), summary="it lies")  # fmt: skip
record.sources_sha256 = lambda model: "0" * 64
globals()[sys.argv[1]]()
lane.main(MODEL, sys.argv[2:])
