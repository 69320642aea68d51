// SPDX-License-Identifier: MIT
//
// races.c - one thread, and yet an update is lost: a wait stands between reading a number
// and writing it back. A lock around both helps.
//
// Read next: workloads/counter for threads, atomics and messages.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

struct account {
    struct sync_mutex mutex;
    bool guarded;
    uint64_t balance;
};

//DOC: lesson-races
static int deposit(void *argument, uint64_t *value)
{
    struct account *account = argument;
    int error = account->guarded ? sync_lock(&account->mutex, SYNC_FOREVER) : 0;
    if (error != 0)
        return error;
    uint64_t seen = account->balance;
    wait_sleep(10 * MILLISECOND); // ask the bank: here the other one gets its turn
    account->balance = seen + 100;
    if (account->guarded)
        sync_unlock(&account->mutex);
    *value = 0;
    return 0;
}

static uint64_t deposit_twice(bool guarded)
{
    struct account account = {.guarded = guarded};
    struct async_task tasks[2];
    sync_mutex_init(&account.mutex);
    for (size_t i = 0; i < 2; i++)
        lesson_task(&tasks[i], "deposit", deposit, &account);
    for (size_t i = 0; i < 2; i++)
        task_await(&tasks[i], NULL);
    return account.balance;
}

static int bank(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    printf("twice 100 without a lock: %" PRIu64 "\n", deposit_twice(false));
    printf("twice 100 with a lock:    %" PRIu64 "\n", deposit_twice(true));
    return 0;
}

int main(void)
{
    return lesson_run(bank);
}
