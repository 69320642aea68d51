// SPDX-License-Identifier: MIT
//
// A child of a task is a thread: pthread_create and pthread_join. The result travels
// through memory, which threads share.
#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"
#include "runners/multithread/stack.h"

#include <stddef.h>

static size_t stack_bytes;

void stack_choose(size_t bytes)
{
    stack_bytes = bytes;
}

int stack_attributes(pthread_attr_t *attributes)
{
    int error = pthread_attr_init(attributes);
    return error != 0 ? error : pthread_attr_setstacksize(attributes, stack_bytes);
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
