// SPDX-License-Identifier: MIT
//
// kernel.c - the ways to die: see crash.h.
//
// Read next: direct.c.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "workloads/crash/crash.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static struct crash_scene *scene_of(const struct task *task)
{
    const struct crash_parameters *parameters = task->work->parameters;
    return parameters->scene;
}

uint64_t crash_begin(const struct task *task)
{
    const struct crash_parameters *parameters = task->work->parameters;
    atomic_store(&scene_of(task)->fates[task->index], CRASH_BEGUN);
    return crash_dies(task) ? parameters->delay_ns / 2 : parameters->delay_ns;
}

bool crash_dies(const struct task *task)
{
    return task->index == task->work->tasks / 2;
}

// ---- dying ---------------------------------------------------------------------------

// A page that nobody may touch.
static void die_by_fault(void)
{
    volatile int *page =
        mmap(NULL, sizeof *page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *page = 1;
}

// Calls itself until the stack is full. That each call looks at the stack of the one
// before keeps the compiler from making a loop of it.
static uint64_t deeper(const volatile unsigned char *above, uint64_t depth)
{
    volatile unsigned char page[1024];
    page[0] = (unsigned char)(above[0] + 1);
    return depth == UINT64_MAX ? page[0] : deeper(page, depth + 1) + page[0];
}

// The main thread's stack may be without bounds; not now.
static void die_by_overflow(void)
{
    struct rlimit limit;
    const volatile unsigned char bottom[1] = {0};
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur > (8 << 20)) {
        limit.rlim_cur = 8 << 20;
        setrlimit(RLIMIT_STACK, &limit);
    }
    deeper(bottom, 0);
}

static void hang(struct crash_scene *scene)
{
    while (atomic_load_explicit(&scene->rescue, memory_order_relaxed) == 0) {
    }
}

//DOC: crash-die
int crash_die(const struct task *task)
{
    const struct crash_parameters *parameters = task->work->parameters;
    struct crash_scene *scene = scene_of(task);
    atomic_store(&scene->died_ns, clock_now_ns());
    switch ((enum crash_how)parameters->how) {
    case CRASH_SEGV:
        die_by_fault();
        break;
    case CRASH_ABORT:
        abort();
    case CRASH_EXIT:
        _exit(EXIT_WRONG);
    case CRASH_OVERFLOW:
        die_by_overflow();
        break;
    case CRASH_HANG:
        hang(scene);
        break;
    }
    atomic_store(&scene->survived, 1);
    return -ENOTRECOVERABLE;
}

// ---- living --------------------------------------------------------------------------

uint64_t crash_digest(const struct work *work, uint32_t index)
{
    return mix_into(work->seed, index);
}

void crash_finish(struct task *task)
{
    task->outcome->operations = 1;
    task->outcome->digest = crash_digest(task->work, task->index);
    atomic_store(&scene_of(task)->fates[task->index], CRASH_FINISHED);
}
