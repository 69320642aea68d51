// SPDX-License-Identifier: MIT
//
// until.c - the bridge from ordinary code to coroutines: async_run() lends the thread to
// the loop until one thing is done, and hands back its result or its failure. Meanwhile
// every other task of the loop runs, too; between two calls none does.
//
// Read next: async_run() in runners/coroutine/task.c.
#include "docs/lessons/lesson.h"
#include "runners/coroutine/call_later.h"

#include <time.h>

static uint64_t ticks; // of the ticker, in all runs

static int ticker(void *argument, uint64_t *value)
{
    int error;
    (void)argument;
    (void)value;
    while ((error = wait_sleep(5 * MILLISECOND)) == 0)
        ticks++;
    printf("  ticker: %s\n", lesson_result(error));
    return error;
}

// async def answer(): await sleep(0.05); return 42
static int answer(void *argument, uint64_t *value)
{
    (void)argument;
    *value = 42;
    return wait_sleep(50 * MILLISECOND);
}

// async def fail(): await sleep(0.05); raise FileNotFoundError
static int fail(void *argument, uint64_t *value)
{
    int error = answer(argument, value);
    return error != 0 ? error : -ENOENT;
}

static void set_answer(struct later_call *call)
{
    future_set_result(call->data, 9);
}

static int await_future(void *argument, uint64_t *value)
{
    struct future future;
    struct later_call call = {.data = &future};
    (void)argument;
    future_init(&future, "set by a timer");
    call_later(&call, 50 * MILLISECOND, set_answer);
    return future_await(&future, WAIT_FOREVER, value);
}

// The code to be completed, with a ticker beside it that is not awaited.
struct program {
    async_code *code;
    struct async_task ticker;
};

static int run_beside_ticker(void *argument, uint64_t *value)
{
    struct program *program = argument;
    lesson_task(&program->ticker, "ticker", ticker, NULL);
    return program->code(NULL, value);
}

//DOC: lesson-until
static void run_until_complete(const char *what, async_code *code)
{
    uint64_t value = 0;
    uint64_t before = ticks;
    struct program program = {.code = code};
    struct reason reason;
    printf("%s\n", what);
    int error = async_run(NULL, run_beside_ticker, &program, &value, &reason);
    if (error == 0)
        printf("  result %" PRIu64, value);
    else
        printf("  %s", lesson_result(error));
    printf("; the ticker ran meanwhile: %s\n", ticks > before ? "yes" : "no");
}

int main(void)
{
    struct timespec pause = {.tv_nsec = 30000000};
    run_until_complete("a coroutine", answer);
    uint64_t before = ticks;
    nanosleep(&pause, NULL); // the thread is ours again: no loop, no ticks
    printf("between two calls the ticker ran: %s\n", ticks > before ? "yes" : "no");
    run_until_complete("a coroutine that fails", fail);
    run_until_complete("a future that a timer sets", await_future);
    return EXIT_FINE;
}
