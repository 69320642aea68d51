// SPDX-License-Identifier: MIT
//
// workload.c - `schedule` as the runners see it, and the load that may compute beside it.
//
// Read next: schedule.h.
#include "lib/clock.h"
#include "lib/mix.h"
#include "lib/process.h"
#include "runners/sync_objects.h"
#include "workloads/schedule/schedule.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const struct workload schedule_workload;

static const struct option_spec schedule_options[] = {
    {
        .name = "span",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct schedule_parameters, span_ns),
        .fallback = "500ms",
        .maximum = 3600 * NS_PER_SECOND,
        .help = "the calls are due within this time",
    },
    {
        .name = "lead",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct schedule_parameters, lead_ns),
        .fallback = "100ms",
        .maximum = 60 * NS_PER_SECOND,
        .help = "time to arm all calls before the first is due",
    },
    {
        .name = "load",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct schedule_parameters, load),
        .fallback = "0",
        .maximum = 64,
        .help = "threads that compute beside it, on the same CPUs",
    },
    {0},
};

// ---- the load ----------------------------------------------------------------------------

static void *compute(void *unused)
{
    (void)unused;
    volatile uint64_t value =
        1; // volatile: or the compiler would see that nobody reads it
    for (;;)
        value = mix(value);
    return NULL;
}

_Noreturn static void load_main(uint64_t threads)
{
    for (uint64_t i = 1; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, compute, NULL) != 0)
            _exit(EXIT_CANNOT);
    }
    compute(NULL);
    _exit(EXIT_FINE);
}

static int schedule_setup(struct work *work, struct reason *reason)
{
    struct schedule_parameters *parameters = work->parameters;
    parameters->board = sync_alloc(sizeof *parameters->board);
    if (parameters->board == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the calls");
    if (parameters->load == 0)
        return 0;
    pid_t pid = process_fork_apart();
    if (pid == 0)
        load_main(parameters->load);
    if (pid < 0)
        return reason_set(reason, (int)pid, "cannot fork the load: %s",
                          strerror((int)-pid));
    work->peer = pid;
    return 0;
}

// The load was killed by us, or else it has not computed all the time.
static int schedule_teardown(struct work *work, struct reason *reason)
{
    int status;
    if (work->peer == 0)
        return 0;
    pid_t ended = process_wait_or_kill(work->peer, &status, 0);
    if (ended == work->peer && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return 0;
    return reason_set(reason, -EIO, "the load beside the calls has ended too early");
}

// ---- the answer --------------------------------------------------------------------------

static uint32_t one_sample(const struct work *work)
{
    (void)work;
    return 1;
}

static void schedule_expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

static int schedule_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t i = 0; i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        if (outcome->digest != schedule_digest(work, i, schedule_offset(work, i)))
            return reason_set(reason, -EBADMSG, "call %u was due at another instant", i);
        if (outcome->samples != 1)
            return reason_set(reason, -EBADMSG, "call %u does not say how late it was",
                              i);
    }
    return 0;
}

static uint64_t schedule_task_digest(const struct work *work, uint32_t index)
{
    return schedule_digest(work, index, schedule_offset(work, index));
}

// The instants count from the first task, which may begin before the gate is open: so the
// lead is not part of it.
static uint64_t schedule_least_run_ns(const struct work *work)
{
    uint64_t last_ns = 0;
    for (uint32_t i = 0; i < work->tasks; i++)
        if (schedule_offset(work, i) > last_ns)
            last_ns = schedule_offset(work, i);
    return last_ns;
}

const struct workload schedule_workload = {
    .name = "schedule",
    .kind = WORKLOAD_IO,
    .summary = "calls that are due at given instants: how late is each one?",
    .operation = "calls",
    .default_tasks = 1000,
    .default_concurrency = 1000,
    .options = schedule_options,
    .parameters_size = sizeof(struct schedule_parameters),
    .latency = "lateness",
    .samples = one_sample,
    .setup = schedule_setup,
    .expect = schedule_expect,
    .digest = schedule_task_digest,
    .least_run_ns = schedule_least_run_ns,
    .verify = schedule_verify,
    .teardown = schedule_teardown,
};
