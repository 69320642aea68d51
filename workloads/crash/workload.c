// SPDX-License-Identifier: MIT
//
// workload.c - `crash` as the runners see it. The work is the same for all: so many tasks
// are given, and each one must be accounted for, as finished or as lost.
//
// Read next: crash.h.
#include "workloads/crash/crash.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload crash_workload;

static const struct option_spec crash_options[] = {
    {
        .name = "how",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct crash_parameters, how),
        .fallback = "segv",
        .choices = "segv|abort|exit|overflow|hang",
        .help = "how the one in the middle dies",
    },
    {
        .name = "delay",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct crash_parameters, delay_ns),
        .fallback = "10ms",
        .maximum = 60 * NS_PER_SECOND,
        .help = "how long each of the others takes",
    },
    {
        .name = "patience",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct crash_parameters, patience_ns),
        .fallback = "3s",
        .minimum = 1000000,
        .maximum = 3600 * NS_PER_SECOND,
        .help = "who has not ended by then is killed",
    },
    {0},
};

static int crash_setup(struct work *work, struct reason *reason)
{
    struct crash_parameters *parameters = work->parameters;
    parameters->scene = sync_alloc(sizeof *parameters->scene + work->tasks);
    if (parameters->scene == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the fates of %u tasks",
                          work->tasks);
    return 0;
}

static uint64_t crash_patience_ns(const struct work *work)
{
    const struct crash_parameters *parameters = work->parameters;
    return parameters->patience_ns;
}

// Lost tasks are booked for them: that they are accounted for is the work that is equal.
static void crash_conclude(struct work *work, uint64_t noticed_ns)
{
    struct crash_parameters *parameters = work->parameters;
    parameters->noticed_ns = noticed_ns;
    for (uint32_t i = 0; i < work->tasks; i++) {
        struct outcome *outcome = outcome_at(work, i);
        if (outcome->error != 0 || outcome->runs != 0)
            continue;
        if (atomic_load(&parameters->scene->fates[i]) == CRASH_FINISHED)
            atomic_store(&parameters->scene->fates[i], CRASH_BEGUN); // but not booked
        outcome->runs = 1;
        outcome->operations = 1;
        outcome->digest = crash_digest(work, i);
    }
}

static void crash_expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

static int crash_verify(const struct work *work, struct reason *reason)
{
    const struct crash_parameters *parameters = work->parameters;
    struct crash_scene *scene = parameters->scene;
    uint64_t died_ns = atomic_load(&scene->died_ns);
    if (died_ns == 0)
        return reason_set(reason, -EBADMSG,
                          "the run was over before anybody died; raise --patience");
    if (atomic_load(&scene->survived) != 0)
        return reason_set(reason, -EBADMSG, "task %u has survived", work->tasks / 2);
    if (parameters->noticed_ns < died_ns)
        return reason_set(reason, -EBADMSG, "nobody has noticed the death");
    for (uint32_t i = 0; i < work->tasks; i++) {
        if (outcome_at(work, i)->digest != crash_digest(work, i))
            return reason_set(reason, -EBADMSG, "task %u left a wrong digest", i);
    }
    return 0;
}

static uint64_t count_of(const struct work *work, enum crash_fate fate)
{
    const struct crash_parameters *parameters = work->parameters;
    uint64_t count = 0;
    for (uint32_t i = 0; i < work->tasks; i++)
        count += atomic_load(&parameters->scene->fates[i]) == fate;
    return count;
}

static int crash_results(const struct work *work, struct named_number *out, int room)
{
    const struct crash_parameters *parameters = work->parameters;
    CHECK(room >= 4);
    out[0] = (struct named_number){"finished", count_of(work, CRASH_FINISHED)};
    out[1] = (struct named_number){"lost", count_of(work, CRASH_BEGUN)};
    out[2] = (struct named_number){"never_begun", count_of(work, CRASH_NEVER_BEGUN)};
    out[3] =
        (struct named_number){"noticed_ns", parameters->noticed_ns -
                                                atomic_load(&parameters->scene->died_ns)};
    return 4;
}

static const struct workload_deaths crash_deaths = {.patience_ns = crash_patience_ns,
                                                    .conclude = crash_conclude};

const struct workload crash_workload = {
    .name = "crash",
    .kind = WORKLOAD_COST,
    .summary = "one task dies: how many of the others finish, and who notices?",
    .operation = "tasks accounted for",
    .default_tasks = 100,
    .default_concurrency = 10,
    .options = crash_options,
    .parameters_size = sizeof(struct crash_parameters),
    .setup = crash_setup,
    .expect = crash_expect,
    .verify = crash_verify,
    .results = crash_results,
    .deaths = &crash_deaths,
};
