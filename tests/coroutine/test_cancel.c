// SPDX-License-Identifier: MIT
//
// test_cancel.c - cancelling in every kind of wait, before it, after it, and twice; and
// that nothing is lost by it: no permit, no item, no wake-up.
#include "tests/coroutine/async.h"

#include "lib/clock.h"
#include "runners/borrowed.h"
#include "runners/coroutine/descriptor.h"
#include "runners/coroutine/run_in_executor.h"
#include "runners/direct.h"
#include "runners/sync.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

// Everything that can be waited for, such that the wait never ends by itself.
struct world {
    struct sync_mutex mutex;
    struct sync_semaphore semaphore;
    struct sync_event event;
    struct sync_queue empty;
    struct sync_queue full;
    uint64_t ring[2];
    struct future future;
    struct async_task other;
    int sockets[2];
    struct executor executor;
};

typedef int wait_code(struct world *world);

static int in_sleep(struct world *world)
{
    (void)world;
    return direct_sleep(3600 * NS_PER_SECOND);
}

static int in_future(struct world *world)
{
    return future_await(&world->future, WAIT_FOREVER, NULL);
}

static int in_future_with_limit(struct world *world)
{
    return future_await(&world->future, 3600 * NS_PER_SECOND, NULL);
}

static int in_task(struct world *world)
{
    return task_await(&world->other, NULL);
}

static int in_join(struct world *world)
{
    return wait_join(world->other.coroutine);
}

static int in_mutex(struct world *world)
{
    return sync_lock(&world->mutex, SYNC_FOREVER);
}

static int in_semaphore(struct world *world)
{
    return sync_acquire(&world->semaphore, SYNC_FOREVER);
}

static int in_semaphore_with_limit(struct world *world)
{
    return sync_acquire(&world->semaphore, 3600 * NS_PER_SECOND);
}

static int in_event(struct world *world)
{
    return sync_wait(&world->event, SYNC_FOREVER);
}

static int in_get(struct world *world)
{
    uint64_t item;
    return sync_get(&world->empty, &item, SYNC_FOREVER);
}

static int in_put(struct world *world)
{
    return sync_put(&world->full, 1, SYNC_FOREVER);
}

static int in_read(struct world *world)
{
    char byte;
    return (int)direct_read(world->sockets[0], &byte, 1);
}

static int in_write(struct world *world)
{
    static const char much[1 << 20];
    return (int)direct_write(world->sockets[0], much, sizeof much);
}

static int in_borrowed(struct world *world)
{
    return direct_wait(world->sockets[0], POLLIN);
}

static uint64_t nap(const void *argument)
{
    struct timespec time = {.tv_nsec = 20000000};
    nanosleep(&time, NULL);
    return *(const uint64_t *)argument;
}

static int in_executor(struct world *world)
{
    uint64_t number = 1;
    return run_in_executor(&world->executor, nap, &number, sizeof number, &number);
}

static const struct {
    const char *name;
    wait_code *code;
} kinds[] = {{"sleep", in_sleep},
             {"future", in_future},
             {"future with a limit", in_future_with_limit},
             {"task", in_task},
             {"join", in_join},
             {"mutex", in_mutex},
             {"semaphore", in_semaphore},
             {"semaphore with a limit", in_semaphore_with_limit},
             {"event", in_event},
             {"get", in_get},
             {"put", in_put},
             {"read", in_read},
             {"write", in_write},
             {"borrowed descriptor", in_borrowed},
             {"executor", in_executor}};

// When it is cancelled. By itself: it runs, and its next wait does not begin.
enum moment { BEFORE_IT_BEGAN, BY_ITSELF, IN_THE_WAIT };

#define KINDS (sizeof kinds / sizeof kinds[0])

struct victim {
    struct async_task task;
    struct world *world;
    wait_code *code;
    enum moment moment;
    int first;  // what the wait returned
    int second; // what the next one returned
};

static int suffer(void *argument, uint64_t *value)
{
    struct victim *victim = argument;
    *value = 1;
    if (victim->moment == BY_ITSELF)
        task_cancel(&victim->task);
    victim->first = victim->code(victim->world);
    victim->second = wait_sleep(1000);
    return victim->first;
}

static int sleep_on(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    return wait_sleep(3600 * NS_PER_SECOND);
}

static void open_world(struct world *world)
{
    struct reason reason;
    memset(world, 0, sizeof *world);
    world->ring[1] = 0;
    sync_mutex_init(&world->mutex);
    assert_int_equal(sync_lock(&world->mutex, 0), 0);
    sync_semaphore_init(&world->semaphore, 0);
    sync_event_init(&world->event);
    sync_queue_init(&world->empty, &world->ring[0], 1);
    sync_queue_init(&world->full, &world->ring[1], 1);
    assert_int_equal(sync_put(&world->full, 77, 0), 0);
    future_init(&world->future, "never");
    task_create(&world->other, "other", sleep_on, NULL);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, world->sockets),
                     0);
    for (int i = 0; i < 2; i++)
        descriptor_forget(scheduler_here, world->sockets[i]);
    assert_int_equal(executor_open(&world->executor, scheduler_here->loop,
                                   EXECUTOR_THREADS, 1, &reason),
                     0);
}

// An object that nobody waits for any more must be as if nobody ever had.
static void close_world(struct world *world)
{
    uint64_t item = 0;
    sync_unlock(&world->mutex);
    assert_int_equal(sync_lock(&world->mutex, 0), 0);
    assert_int_equal(sync_acquire(&world->semaphore, 0), -ETIMEDOUT);
    sync_release(&world->semaphore);
    assert_int_equal(sync_acquire(&world->semaphore, 0), 0);
    assert_int_equal(sync_get(&world->full, &item, 0), 0);
    assert_int_equal(item, 77);
    assert_int_equal(sync_get(&world->full, &item, 0), -ETIMEDOUT);
    assert_int_equal(sync_put(&world->empty, 5, 0), 0);
    assert_int_equal(sync_get(&world->empty, &item, 0), 0);
    assert_int_equal(item, 5);
    sync_set(&world->event);
    future_set_result(&world->future, 0);
    task_cancel(&world->other);
    task_await(&world->other, NULL);
    for (int i = 0; i < 2; i++)
        direct_close(world->sockets[i]);
    executor_close(&world->executor);
}

static int cancel_everywhere(void *argument, uint64_t *value)
{
    enum moment moment = *(enum moment *)argument;
    struct world world;
    struct victim victims[KINDS];
    (void)value;
    open_world(&world);
    for (size_t i = 0; i < KINDS; i++) {
        victims[i] = (struct victim){
            .world = &world, .code = kinds[i].code, .moment = moment, .first = 99};
        task_create(&victims[i].task, kinds[i].name, suffer, &victims[i]);
    }
    if (moment == IN_THE_WAIT)
        wait_sleep(2 * MILLISECOND);
    for (size_t i = 0; i < KINDS && moment != BY_ITSELF; i++) {
        task_cancel(&victims[i].task);
        task_cancel(&victims[i].task);
        assert_false(task_done(&victims[i].task));
    }
    for (size_t i = 0; i < KINDS; i++) {
        int error = task_await(&victims[i].task, NULL);
        int wanted = moment == BEFORE_IT_BEGAN ? 99 : -ECANCELED;
        if (error != -ECANCELED || victims[i].first != wanted || victims[i].second != 0)
            fail_msg("%s: ended with %d, wait with %d, next wait with %d", kinds[i].name,
                     error, victims[i].first, victims[i].second);
        task_cancel(&victims[i].task); // it has ended: nothing happens
    }
    close_world(&world);
    return 0;
}

static void test_in_every_wait(void **state)
{
    (void)state;
    for (enum moment moment = BEFORE_IT_BEGAN; moment <= IN_THE_WAIT; moment++)
        assert_int_equal(run_program(cancel_everywhere, &moment), 0);
}

// ---- given and cancelled in the same turn ---------------------------------------------------

static int take_permit(void *argument, uint64_t *value)
{
    struct sync_semaphore *semaphore = argument;
    (void)value;
    int error = sync_acquire(semaphore, SYNC_FOREVER);
    note(error == 0 ? 'p' : 'c');
    if (error == 0)
        sync_release(semaphore);
    note(wait_sleep(1000) == -ECANCELED ? 'c' : 's');
    return error;
}

static int give_and_cancel(void *argument, uint64_t *value)
{
    struct sync_semaphore semaphore;
    struct async_task tasks[2];
    (void)argument;
    (void)value;
    sync_semaphore_init(&semaphore, 0);
    for (size_t i = 0; i < 2; i++)
        task_create(&tasks[i], "taker", take_permit, &semaphore);
    task_yield();
    sync_release(&semaphore); // belongs to the first one from now on ...
    task_cancel(&tasks[0]);   // ... so it is the next wait that is cancelled
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(task_await(&tasks[i], NULL), 0);
    return sync_acquire(&semaphore, 0);
}

static void test_permit_is_not_lost(void **state)
{
    (void)state;
    assert_int_equal(run_program(give_and_cancel, NULL), 0);
    assert_string_equal(diary.text, "pcps");
}

// ---- children ---------------------------------------------------------------------------------

static bool child_ended;

static uint64_t sleep_long(const void *argument)
{
    (void)argument;
    direct_sleep(3600 * NS_PER_SECOND);
    child_ended = true;
    return 7;
}

// The child writes into this frame, so it must have ended when the frame goes.
static int join_child(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    struct child child;
    uint64_t result = 0;
    assert_int_equal(direct_spawn(&child, sleep_long, NULL), 0);
    int error = direct_join(&child, &result);
    assert_true(child_ended);
    assert_int_equal(result, 7);
    return error;
}

static int cancel_parent(void *argument, uint64_t *value)
{
    (void)argument;
    struct async_task parent;
    child_ended = false;
    assert_int_equal(task_create(&parent, "parent", join_child, NULL), 0);
    wait_sleep(2 * MILLISECOND);
    task_cancel(&parent);
    assert_int_equal(task_await(&parent, value), -ECANCELED);
    return 0;
}

static void test_child_of_the_cancelled(void **state)
{
    (void)state;
    assert_int_equal(run_program(cancel_parent, NULL), 0);
}

// ---- many -------------------------------------------------------------------------------------

// Fewer where each coroutine is announced to a tool: there it takes 10 ms and not 10 us.
static size_t many(void)
{
    return announce_limit() != 0 ? 120 : 6000;
}

static int cancel_many(void *argument, uint64_t *value)
{
    struct victim *victims = argument;
    struct world world;
    (void)value;
    open_world(&world);
    for (size_t i = 0; i < many(); i++) {
        victims[i].world = &world;
        victims[i].code = kinds[i % 12].code; // all but write and executor
        assert_int_equal(task_create(&victims[i].task, "victim", suffer, &victims[i]), 0);
    }
    wait_sleep(2 * MILLISECOND);
    for (size_t i = many(); i-- > 0;)
        task_cancel(&victims[i].task);
    for (size_t i = 0; i < many(); i++) {
        assert_int_equal(task_await(&victims[i].task, NULL), -ECANCELED);
        assert_int_equal(victims[i].first, -ECANCELED);
    }
    assert_int_equal(scheduler_here->alive, 2); // main and the other one
    close_world(&world);
    return 0;
}

static void test_many(void **state)
{
    (void)state;
    struct reason reason;
    struct async_options options = {.tasks = (uint32_t)many() + 10,
                                    .stack_bytes = 32 << 10};
    struct victim *victims = calloc(many(), sizeof *victims);
    assert_non_null(victims);
    assert_int_equal(async_run(&options, cancel_many, victims, NULL, &reason), 0);
    free(victims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_every_wait),
        cmocka_unit_test(test_permit_is_not_lost),
        cmocka_unit_test(test_child_of_the_cancelled),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
