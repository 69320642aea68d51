// SPDX-License-Identifier: MIT
//
// workload.c - `gather` as the runners see it. What may be cancelled depends on the policy;
// what must have finished or failed is known.
//
// Read next: gather.h.
#include "workloads/gather/gather.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload gather_workload;

static const struct option_spec gather_options[] = {
    {
        .name = "delay",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct gather_parameters, delay_ns),
        .fallback = "100ms",
        .maximum = 3600 * NS_PER_SECOND,
        .help = "how long the slowest member takes",
    },
    {
        .name = "failing",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct gather_parameters, failing),
        .fallback = "0",
        .maximum = 100000000,
        .help = "how many members fail",
    },
    {
        .name = "on-failure",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct gather_parameters, on_failure),
        .fallback = "wait",
        .choices = "wait|stop|return",
        .help = "what to do about a failure",
    },
    {
        .name = "within",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct gather_parameters, within_ns),
        .fallback = "0",
        .maximum = 3600 * NS_PER_SECOND,
        .help = "cancel all that have not ended by then; 0: never",
    },
    {0},
};

static int gather_setup(struct work *work, struct reason *reason)
{
    struct gather_parameters *parameters = work->parameters;
    if (work->tasks < 2) {
        return reason_set(reason, -EINVAL,
                          "--tasks %u: give 2 or more, one who gathers and one member",
                          work->tasks);
    }
    if (parameters->failing > work->tasks - 1) {
        return reason_set(reason, -EINVAL,
                          "--failing %" PRIu64 ": there are only %u members",
                          parameters->failing, work->tasks - 1);
    }
    size_t size =
        sizeof(struct gather_table) + work->tasks * sizeof(struct gather_member);
    parameters->table = sync_alloc(size);
    if (parameters->table == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %u members", work->tasks - 1);
    sync_semaphore_init(&parameters->table->ended, 0);
    sync_event_init(&parameters->table->stop);
    return 0;
}

static void gather_expect(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks, .operations = work->tasks};
}

// ---- the check -----------------------------------------------------------------------

static uint64_t count_of(const struct work *work, enum gather_end end)
{
    const struct gather_parameters *parameters = work->parameters;
    uint64_t count = 0;
    for (uint32_t i = 0; i < work->tasks - 1; i++)
        count += atomic_load(&parameters->table->members[i].end) == end;
    return count;
}

// A member that was not cancelled must have ended as it should, with its own value.
static bool member_is_right(const struct work *work, uint32_t index)
{
    const struct gather_parameters *parameters = work->parameters;
    struct gather_member *member = &parameters->table->members[index];
    switch ((enum gather_end)atomic_load(&member->end)) {
    case GATHER_FINISHED:
        return !gather_fails(work, index) &&
               atomic_load(&member->value) == gather_value(work, index);
    case GATHER_FAILED:
        return gather_fails(work, index) && atomic_load(&member->value) == 0;
    case GATHER_CANCELLED:
        return atomic_load(&member->value) == 0;
    default:
        return false;
    }
}

// Which answers are possible, and may members have been cancelled?
static bool answer_is_right(const struct work *work)
{
    const struct gather_parameters *parameters = work->parameters;
    struct gather_table *table = parameters->table;
    bool cancelled = count_of(work, GATHER_CANCELLED) > 0;
    switch ((enum gather_end)atomic_load(&table->answer)) {
    case GATHER_FINISHED:
        return !cancelled &&
               (parameters->failing == 0 || parameters->on_failure == GATHER_RETURN);
    case GATHER_FAILED:
        return parameters->failing > 0 && parameters->on_failure != GATHER_RETURN &&
               (!cancelled || parameters->on_failure == GATHER_STOP) &&
               gather_fails(work, atomic_load(&table->first_failed) - 1);
    case GATHER_TOO_LATE:
        return parameters->within_ns != 0 &&
               atomic_load(&table->answered_ns) >=
                   atomic_load(&table->began_ns) + parameters->within_ns;
    default:
        return false;
    }
}

static int gather_verify(const struct work *work, struct reason *reason)
{
    for (uint32_t i = 0; i < work->tasks; i++) {
        if (outcome_at(work, i)->digest != mix(i))
            return reason_set(reason, -EBADMSG, "task %u has not ended as it should", i);
        if (i < work->tasks - 1 && !member_is_right(work, i))
            return reason_set(reason, -EBADMSG, "member %u left a wrong result", i);
    }
    if (!answer_is_right(work))
        return reason_set(reason, -EBADMSG, "the gatherer's answer is wrong");
    return 0;
}

static int gather_results(const struct work *work, struct named_number *out, int room)
{
    const struct gather_parameters *parameters = work->parameters;
    struct gather_table *table = parameters->table;
    uint64_t began_ns = atomic_load(&table->began_ns);
    CHECK(room >= 5);
    out[0] = (struct named_number){"finished", count_of(work, GATHER_FINISHED)};
    out[1] = (struct named_number){"failed", count_of(work, GATHER_FAILED)};
    out[2] = (struct named_number){"cancelled", count_of(work, GATHER_CANCELLED)};
    out[3] =
        (struct named_number){"answered_ns", atomic_load(&table->answered_ns) - began_ns};
    out[4] =
        (struct named_number){"all_gone_ns", atomic_load(&table->gone_ns) - began_ns};
    return 5;
}

static uint64_t gather_digest(const struct work *work, uint32_t index)
{
    (void)work;
    return mix(index);
}

// All members end by themselves, unless a failure or the time cancels them.
static uint64_t gather_least_run_ns(const struct work *work)
{
    const struct gather_parameters *parameters = work->parameters;
    bool stays = parameters->within_ns == 0 && parameters->on_failure != GATHER_STOP;
    uint64_t members = work->tasks - 1;
    return stays && members > 0 ? parameters->delay_ns / members * members : 0;
}

const struct workload gather_workload = {
    .name = "gather",
    .kind = WORKLOAD_COST,
    .summary = "wait for many: order, failures, time limits, cancelling",
    .operation = "ends",
    .default_tasks = 101,
    .default_concurrency = 101,
    .together = true,
    .options = gather_options,
    .parameters_size = sizeof(struct gather_parameters),
    .setup = gather_setup,
    .expect = gather_expect,
    .digest = gather_digest,
    .least_run_ns = gather_least_run_ns,
    .verify = gather_verify,
    .results = gather_results,
};
