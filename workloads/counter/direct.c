// SPDX-License-Identifier: MIT
//
// direct.c - a task that adds, in straight-line code, in four ways. Between reading and
// writing there is a yield if that was asked for (--await): to coroutines it is what an
// await is, and the others may run; processes and threads can be interrupted anyway.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/counter/counter.h"

direct_code counter_direct;

//DOC: counter-unguarded
static int add_unguarded(struct task *task, bool await)
{
    uint64_t value = counter_read(task);
    if (await)
        direct_yield();
    counter_write(task, value + 1);
    return 0;
}

static int add_locked(struct task *task, struct counter_board *board, bool await)
{
    int error = sync_lock(&board->mutex, SYNC_FOREVER);
    if (error != 0)
        return error;
    add_unguarded(task, await);
    sync_unlock(&board->mutex);
    return 0;
}

static int add_at_once(struct task *task, bool await)
{
    counter_add(task, 1);
    if (await)
        direct_yield();
    return 0;
}

// The counter is the owner's alone: what it does between two messages cannot be seen.
static int add_by_message(struct task *task, struct counter_board *board)
{
    if (task->index != 0)
        return sync_put(&board->inbox, 1, SYNC_FOREVER);
    counter_write(task, counter_read(task) + 1);
    return 0;
}

static int receive_all(const struct task *task, struct counter_board *board)
{
    int error = 0;
    for (uint64_t left = counter_messages(task->work); left > 0 && error == 0; left--) {
        uint64_t amount = 0;
        error = sync_get(&board->inbox, &amount, SYNC_FOREVER);
        if (error == 0)
            counter_write(task, counter_read(task) + amount);
    }
    return error;
}

static int add(struct task *task, const struct counter_parameters *parameters)
{
    switch ((enum counter_guard)parameters->guard) {
    case GUARD_MUTEX:
        return add_locked(task, parameters->board, parameters->await);
    case GUARD_ATOMIC:
        return add_at_once(task, parameters->await);
    case GUARD_MESSAGE:
        return add_by_message(task, parameters->board);
    case GUARD_NONE:
        break;
    }
    return add_unguarded(task, parameters->await);
}

int counter_direct(struct task *task)
{
    const struct counter_parameters *parameters = task->work->parameters;
    int error = 0;
    for (uint64_t i = 0; i < parameters->additions && error == 0; i++) {
        error = add(task, parameters);
        if (error == 0)
            counter_book(task);
    }
    if (error == 0 && parameters->guard == GUARD_MESSAGE && task->index == 0)
        error = receive_all(task, parameters->board);
    return error;
}
