// SPDX-License-Identifier: MIT
//
// The benchmark's subject: coroutines of runners/coroutine, without their scheduler.
#include "lib/check.h"
#include "lib/error.h"
#include "runners/coroutine/coroutine.h"
#include "tests/peers/switch_bench.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct stack_arena arena;
    struct coroutine thread;
    struct coroutine **coroutines;
    bool ending;
} ours;

static void ours_open(uint32_t live)
{
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10,
                              .capacity = live,
                              .arenas = 1,
                              .guard = STACK_GUARD_MARKER};
    if (stack_arena_open(&ours.arena, &plan, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    ours.coroutines = calloc(live, sizeof(struct coroutine *));
    if (ours.coroutines == NULL)
        die(EXIT_CANNOT, "no memory for a table of %u coroutines", live);
    coroutine_adopt_thread(&ours.thread);
    ours.ending = false;
}

static struct coroutine *bounce(struct coroutine *self)
{
    while (!ours.ending)
        coroutine_switch(self, &ours.thread);
    return &ours.thread;
}

static void ours_start(uint32_t live)
{
    for (uint32_t i = 0; i < live; i++) {
        ours.coroutines[i] = coroutine_new(&ours.arena, bounce);
        if (ours.coroutines[i] == NULL)
            die(EXIT_CANNOT, "cannot create coroutine %u of %u", i + 1, live);
        coroutine_switch(&ours.thread, ours.coroutines[i]);
    }
}

static void ours_pass(uint32_t live, uint64_t switches)
{
    uint32_t i = 0;
    for (uint64_t done = 0; done < switches; done += 2) {
        coroutine_switch(&ours.thread, ours.coroutines[i]);
        if (++i == live)
            i = 0;
    }
}

static void ours_finish(uint32_t live)
{
    ours.ending = true;
    for (uint32_t i = 0; i < live; i++)
        coroutine_switch(&ours.thread, ours.coroutines[i]);
}

static struct coroutine *once(struct coroutine *self)
{
    (void)self;
    return &ours.thread;
}

static void ours_spawn(uint64_t times)
{
    for (uint64_t i = 0; i < times; i++) {
        struct coroutine *coroutine = coroutine_new(&ours.arena, once);
        CHECK(coroutine != NULL);
        coroutine_switch(&ours.thread, coroutine);
    }
}

static void ours_close(void)
{
    coroutine_arena_clear(&ours.arena);
    stack_arena_close(&ours.arena);
    free(ours.coroutines);
}

const struct subject subject_ours = {.name = "quartet",
                                     .open = ours_open,
                                     .start = ours_start,
                                     .pass = ours_pass,
                                     .finish = ours_finish,
                                     .spawn = ours_spawn,
                                     .close = ours_close};
