// SPDX-License-Identifier: MIT
//
// kernel.c - how members end and what the gatherer makes of it: see gather.h.
//
// Read next: direct.c.
#include "workloads/gather/gather.h"

#include "lib/clock.h"
#include "lib/mix.h"

static const struct gather_parameters *parameters_of(const struct task *task)
{
    return task->work->parameters;
}

static uint32_t members_of(const struct work *work)
{
    return work->tasks - 1;
}

void gather_begin(const struct task *task)
{
    uint64_t unknown = 0;
    atomic_compare_exchange_strong(&parameters_of(task)->table->began_ns, &unknown,
                                   clock_now_ns());
}

// The last one, so that even a runner that takes one task after another has something
// to gather when it comes to it.
bool gather_gathers(const struct task *task)
{
    return task->index == members_of(task->work);
}

// ---- members -------------------------------------------------------------------------

uint64_t gather_delay(const struct task *task)
{
    uint64_t members = members_of(task->work);
    return parameters_of(task)->delay_ns / members * (members - task->index);
}

// Evenly spread: the line from (0, 0) to (members, failing) climbs a step here.
bool gather_fails(const struct work *work, uint32_t member)
{
    const struct gather_parameters *parameters = work->parameters;
    uint64_t members = members_of(work);
    return member * parameters->failing / members !=
           (member + 1) * parameters->failing / members;
}

uint64_t gather_value(const struct work *work, uint32_t member)
{
    return mix_into(work->seed, member);
}

void gather_member_end(struct task *task, bool cancelled)
{
    struct gather_table *table = parameters_of(task)->table;
    struct gather_member *member = &table->members[task->index];
    bool fails = !cancelled && gather_fails(task->work, task->index);
    uint32_t nobody = 0;
    if (fails)
        atomic_compare_exchange_strong(&table->first_failed, &nobody, task->index + 1);
    if (!cancelled && !fails)
        atomic_store(&member->value, gather_value(task->work, task->index));
    atomic_store(&member->end, cancelled ? GATHER_CANCELLED
                               : fails   ? GATHER_FAILED
                                         : GATHER_FINISHED);
    task->outcome->operations = 1;
    task->outcome->digest = mix(task->index);
    sync_release(&table->ended);
}

// ---- the gatherer --------------------------------------------------------------------

static void answer(const struct task *task, enum gather_end answer)
{
    struct gather_table *table = parameters_of(task)->table;
    atomic_store(&table->answer, answer);
    atomic_store(&table->answered_ns, clock_now_ns());
}

static bool has_answer(const struct task *task)
{
    return atomic_load(&parameters_of(task)->table->answer) != GATHER_RUNNING;
}

uint64_t gather_patience(const struct task *task)
{
    const struct gather_parameters *parameters = parameters_of(task);
    if (parameters->within_ns == 0 || has_answer(task))
        return UINT64_MAX;
    uint64_t due_ns = atomic_load(&parameters->table->began_ns) + parameters->within_ns;
    uint64_t now_ns = clock_now_ns();
    return due_ns > now_ns ? due_ns - now_ns : 0;
}

//DOC: gather-policy
void gather_heard(const struct task *task, uint64_t heard)
{
    const struct gather_parameters *parameters = parameters_of(task);
    if (has_answer(task))
        return;
    bool failed = atomic_load(&parameters->table->first_failed) != 0;
    if (failed && parameters->on_failure != GATHER_RETURN) {
        answer(task, GATHER_FAILED);
        if (parameters->on_failure == GATHER_STOP)
            sync_set(&parameters->table->stop);
    } else if (heard == members_of(task->work)) {
        answer(task, GATHER_FINISHED);
    }
}

void gather_too_late(const struct task *task)
{
    answer(task, GATHER_TOO_LATE);
    sync_set(&parameters_of(task)->table->stop);
}

// Which members were cancelled depends on how quick everybody was, so it is not part of
// the digest; verify() looks at each of them.
void gather_end(struct task *task)
{
    atomic_store(&parameters_of(task)->table->gone_ns, clock_now_ns());
    task->outcome->operations = 1;
    task->outcome->digest = mix(task->index);
}
