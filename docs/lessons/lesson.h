// SPDX-License-Identifier: MIT
//
// lesson.h - what the small programs of the course share. Each of them shows one idea of
// asyncio, threading or multiprocessing; the pages of docs/lessons/ tell the idea and show
// what the program prints, which is the same on every machine.
//
// Read next: task.c, then the program of the page that you are at.
#ifndef QUARTET_DOCS_LESSONS_LESSON_H
#define QUARTET_DOCS_LESSONS_LESSON_H

#include "lib/error.h"
#include "runners/coroutine/task.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MILLISECOND UINT64_C(1000000)

#define HOUR (UINT64_C(3600) * 1000 * MILLISECOND)

// The result of a wait or of a task in the words of these pages. The texts of errno speak
// of networks and disks ("Connection timed out"), which the lessons have none of.
static inline const char *lesson_result(int error)
{
    switch (error) {
    case 0:
        return "ok";
    case -ETIMEDOUT:
        return "timed out";
    case -ECANCELED:
        return "cancelled";
    case -EALREADY:
        return "already set";
    case -EIO:
        return "worker died";
    default:
        return "failed";
    }
}

// Creates a task, which cannot fail in programs as small as these.
static inline void lesson_task(struct async_task *task, const char *name,
                               async_code *code, void *argument)
{
    int error = task_create(task, name, code, argument);
    if (error != 0)
        die(EXIT_CANNOT, "cannot create task %s: %s", name, strerror(-error));
}

// asyncio.current_task().get_name()
static inline const char *lesson_name(void)
{
    return scheduler_here->running->name;
}

// asyncio.run(): what a main() returns.
static inline int lesson_run(async_code *code)
{
    struct reason reason;
    uint64_t value;
    int error = async_run(NULL, code, NULL, &value, &reason);
    if (error != 0)
        die(EXIT_CANNOT, "cannot run: %s", strerror(-error));
    return EXIT_FINE;
}

#endif
