// SPDX-License-Identifier: MIT
//
// A child of a task is a thread: pthread_create and pthread_join. The result travels
// through memory, which threads share.
#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"
#include "runners/multithread/stack.h"

#include <limits.h>
#include <stddef.h>

struct stack_settings stack_settings;

const struct option_spec stack_options[] = {
    {"stack", OPTION_SIZE, offsetof(struct stack_settings, stack_bytes), "64k", 16 << 10,
     64 << 20, NULL, "stack of each thread"},
    {"global-lock", OPTION_DURATION, offsetof(struct stack_settings, global_lock_ns), "0",
     0, 1000000000, NULL, "only one thread computes at a time; they take turns"},
    {"per-task", OPTION_FLAG, offsetof(struct stack_settings, per_task), NULL, 0, 0, NULL,
     "a new thread for each task, instead of a pool"},
    {0}};

int stack_attributes(pthread_attr_t *attributes)
{
    int error = pthread_attr_init(attributes);
    return error != 0 ? error
                      : pthread_attr_setstacksize(attributes, stack_settings.stack_bytes);
}

static void *child_main(void *argument)
{
    struct child *child = argument;
    worker_resumes();
    child->result = child->code(child->argument);
    worker_blocks();
    return NULL;
}

int direct_spawn(struct child *child, child_code *code, const void *argument)
{
    child->code = code;
    child->argument = argument;
    pthread_attr_t attributes;
    pthread_t thread;
    int error = stack_attributes(&attributes);
    if (error == 0)
        error = pthread_create(&thread, &attributes, child_main, child);
    pthread_attr_destroy(&attributes);
    if (error == 0)
        child->handle = (uint64_t)thread;
    return -error;
}

int direct_join(struct child *child, uint64_t *result)
{
    worker_blocks();
    int error = pthread_join((pthread_t)child->handle, NULL);
    worker_resumes();
    *result = child->result;
    return -error;
}
