// SPDX-License-Identifier: MIT
//
// direct.c - a task of `spawn` in straight-line code: create a child, wait for its
// result, again. The same object file makes processes, threads or coroutines; what
// direct_spawn() does is in runners/*/.
//
// No clock is read in here: two readings would cost several times what a coroutine
// does. The time per child is that of the whole run, divided.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/spawn/kernel.h"

direct_code spawn_direct; // the generated list looks for this name

int spawn_direct(struct task *task)
{
    const struct spawn_parameters *parameters = task->work->parameters;
    for (uint64_t number = 0; number < parameters->children; number++) {
        struct spawn_argument argument = spawn_argument(task, number);
        struct child child;
        uint64_t result;
        int error = direct_spawn(&child, spawn_child, &argument);
        if (error == 0)
            error = direct_join(&child, &result);
        if (error != 0)
            return error;
        spawn_book(task->outcome, result);
    }
    return 0;
}
