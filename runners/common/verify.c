// SPDX-License-Identifier: MIT
//
// Equal work, proved: see verify.h. The order of the checks is the order in which a
// person wants to know: what failed, what is missing, what is wrong, what is too good
// to be true.
#include "runners/common/verify.h"

#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void verify_tally(const struct run *run, struct tally *tally)
{
    const struct work *work = &run->work;
    *tally = (struct tally){.peak_in_flight = atomic_load(&run->board->peak_in_flight)};
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        tally->done.tasks += outcome->runs;
        tally->done.operations += outcome->operations;
        tally->done.bytes_in += outcome->bytes_in;
        tally->done.bytes_out += outcome->bytes_out;
        tally->errors += outcome->error != 0;
        tally->checksum = mix_into(tally->checksum, i);
        tally->checksum = mix_into(tally->checksum, outcome->digest);
        tally->checksum = mix_into(tally->checksum, (uint64_t)outcome->error);
    }
    work->workload->expect(work, &tally->expected);
}

// Did a task say that its model cannot do this? See workload.h.
static int check_able(const struct run *run, struct reason *reason)
{
    for (uint32_t i = 0; i < run->work.tasks; i++) {
        int error = outcome_at(&run->work, i)->error;
        if (error == -EDEADLK) {
            return reason_set(reason, -ENOSYS,
                              "task %u waits for another task, which %s would only run "
                              "afterwards; take a model with several tasks in flight",
                              i, run->model);
        }
        if (error == -EOPNOTSUPP) {
            return reason_set(reason, -ENOSYS,
                              "%s has no way to do what task %u was asked for; 'quartet "
                              "list' shows the options",
                              run->model, i);
        }
    }
    return 0;
}

// Every task must have ended exactly once, and well.
static int check_tasks(const struct work *work, uint64_t errors, struct reason *reason)
{
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        if (outcome->error != 0) {
            return reason_set(reason, -EIO,
                              "%" PRIu64 " of %u tasks failed; the first, task %u: %s",
                              errors, work->tasks, i, strerror(-outcome->error));
        }
        if (outcome->runs != 1) {
            return reason_set(reason, -EBADMSG,
                              "task %u was run %u times instead of once", i,
                              outcome->runs);
        }
    }
    return 0;
}

static int check_count(const char *what, uint64_t done, uint64_t expected,
                       struct reason *reason)
{
    if (done == expected)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "unequal work: %" PRIu64 " %s instead of %" PRIu64, done, what,
                      expected);
}

static int check_ledger(const struct workload *workload, const struct tally *tally,
                        struct reason *reason)
{
    int error = check_count("tasks", tally->done.tasks, tally->expected.tasks, reason);
    if (error == 0)
        error = check_count(workload->operation, tally->done.operations,
                            tally->expected.operations, reason);
    if (error == 0)
        error = check_count("bytes received", tally->done.bytes_in,
                            tally->expected.bytes_in, reason);
    if (error == 0)
        error = check_count("bytes sent", tally->done.bytes_out,
                            tally->expected.bytes_out, reason);
    return error;
}

// Work that a compiler deleted, or that somebody only pretended to do, is too cheap.
static int check_floor(const struct workload *workload, const struct tally *tally,
                       uint64_t cpu_ns, struct reason *reason)
{
    double floor_ns = workload->floor_cpu_ns * (double)tally->done.operations;
    if ((double)cpu_ns >= floor_ns)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "too little work: %" PRIu64
                      " %s took %.3f ms of CPU time and cannot "
                      "take less than %.3f ms",
                      tally->done.operations, workload->operation, (double)cpu_ns / 1e6,
                      floor_ns / 1e6);
}

static int check_share(uint32_t index, const char *what, uint64_t done, uint64_t expected,
                       struct reason *reason)
{
    if (done == expected || expected == NUMBER_UNKNOWN)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "unequal work: task %" PRIu32 " has %" PRIu64 " %s instead of "
                      "%" PRIu64 ", though the sum of all tasks is right",
                      index, done, what, expected);
}

// Each task must have done its own part: the sum is also right where one task has done
// another's work.
static int check_shares(const struct work *work, const struct ledger *sum,
                        struct reason *reason)
{
    const struct workload *workload = work->workload;
    const struct ledger equal = {.tasks = 1,
                                 .operations = sum->operations / work->tasks,
                                 .bytes_in = sum->bytes_in / work->tasks,
                                 .bytes_out = sum->bytes_out / work->tasks};
    int error = 0;
    for (uint32_t i = 0; i < work->tasks && error == 0; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        struct ledger share = equal;
        if (workload->expect_task != NULL)
            workload->expect_task(work, i, &share);
        error = check_share(i, workload->operation, outcome->operations, share.operations,
                            reason);
        if (error == 0)
            error = check_share(i, "bytes received", outcome->bytes_in, share.bytes_in,
                                reason);
        if (error == 0)
            error =
                check_share(i, "bytes sent", outcome->bytes_out, share.bytes_out, reason);
    }
    return error;
}

//DOC: verify-run
int verify_run(const struct run *run, const struct tally *tally, uint64_t cpu_ns,
               struct reason *reason)
{
    const struct work *work = &run->work;
    int error = check_able(run, reason);
    if (error == 0)
        error = check_tasks(work, tally->errors, reason);
    if (error == 0)
        error = check_ledger(work->workload, tally, reason);
    if (error == 0)
        error = check_shares(work, &tally->expected, reason);
    if (error == 0)
        error = work->workload->verify(work, reason);
    if (error == 0)
        error = check_floor(work->workload, tally, cpu_ns, reason);
    return error;
}
