// SPDX-License-Identifier: MIT
//
// future.c - a result that is not there yet: two tasks and a callback wait for it, a timer
// sets it, once.
//
// Read next: runners/coroutine/future.c.
#include "docs/lessons/lesson.h"
#include "runners/coroutine/call_later.h"

#include <errno.h>

static int reader(void *argument, uint64_t *value)
{
    int error = future_await(argument, WAIT_FOREVER, value);
    if (error == 0)
        printf("reader: the answer is %" PRIu64 "\n", *value);
    else
        printf("reader: there is no answer: %s\n", lesson_result(error));
    return 0;
}

static void on_done(struct future *future, struct future_callback *callback)
{
    printf("callback: %s is done\n", future->name);
    (void)callback;
}

// Not a coroutine: a future can be set by any code of this thread.
static void set_answer(struct later_call *call)
{
    printf("timer: the first set_result(): %s\n",
           lesson_result(future_set_result(call->data, 42)));
    printf("timer: the second one: %s\n",
           lesson_result(future_set_result(call->data, 43)));
}

//DOC: lesson-future
static int promise(void *argument, uint64_t *value)
{
    struct future answer;
    struct async_task readers[2];
    struct future_callback callback = {.function = on_done};
    struct later_call call = {.data = &answer};
    (void)argument;
    future_init(&answer, "answer");
    future_on_done(&answer, &callback);
    for (size_t i = 0; i < 2; i++)
        lesson_task(&readers[i], "reader", reader, &answer);
    printf("main: with a limit of 1 ms: %s\n",
           lesson_result(future_await(&answer, MILLISECOND, value)));
    call_later(&call, 20 * MILLISECOND, set_answer);
    for (size_t i = 0; i < 2; i++)
        task_await(&readers[i], value);
    future_init(&answer, "another answer");
    future_set_failure(&answer, -ENODATA);
    return reader(&answer, value); // it is done: nobody waits
}

int main(void)
{
    return lesson_run(promise);
}
