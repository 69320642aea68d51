// SPDX-License-Identifier: MIT
//
// Generators: see generator.h. To ask for a value is to switch straight to the generator,
// past the ready queue; to yield is to switch straight back. While it runs, it is the
// running coroutine of its scheduler, so it may suspend like any other.
#include "runners/coroutine/generator.h"

#include "lib/check.h"

#include <errno.h>

// Its caller has control again. The last line of a life: nothing may be done after it.
static struct coroutine *generator_life(struct coroutine *self)
{
    struct generator *generator = self->argument;
    if (!generator->closing)
        generator->code(generator, generator->argument);
    struct coroutine *caller = generator->caller;
    self->name = NULL;
    generator->coroutine = NULL;
    generator->yielded = false;
    scheduler_here->running = caller;
    return caller;
}

int generator_init(struct generator *generator, const char *name, generator_code *code,
                   void *argument)
{
    *generator = (struct generator){.code = code, .argument = argument};
    struct coroutine *coroutine = coroutine_new(&scheduler_here->stacks, generator_life);
    if (coroutine == NULL)
        return -errno;
    coroutine->argument = generator;
    coroutine->name = name;
    coroutine->task = COROUTINE_IDLE;
    coroutine->cancel = CANCEL_NEVER;
    coroutine->joiners.head = NULL;
    coroutine->waiting = NULL;
    generator->coroutine = coroutine;
    return 0;
}

// The caller waits for the generator. Cancelling the one cancels the other: the waits
// of the generator are the caller's.
struct asking {
    struct wait wait; // first: a pointer to it is one to this
    struct generator *generator;
};

static bool abandon_asking(struct wait *wait)
{
    wait_cancel(((struct asking *)wait)->generator->coroutine);
    return false; // the generator wakes its caller, with or without a value
}

//DOC: generator-resume
static void resume(struct generator *generator)
{
    struct scheduler *scheduler = scheduler_here;
    struct coroutine *self = scheduler->running;
    struct asking asking = {.wait = {.what = "generator",
                                     .name = generator->coroutine->name,
                                     .object = generator,
                                     .abandon = abandon_asking},
                            .generator = generator};
    CHECK(generator->caller == NULL); // a generator cannot ask itself
    asking.wait.coroutine = self;
    self->waiting = &asking.wait;
    generator->caller = self;
    scheduler->running = generator->coroutine;
    coroutine_switch(self, generator->coroutine);
    generator->caller = NULL;
    self->waiting = NULL;
}

bool generator_send(struct generator *generator, uint64_t in, uint64_t *value)
{
    if (generator->coroutine == NULL)
        return false;
    generator->in = in;
    resume(generator);
    if (generator->yielded)
        *value = generator->out;
    return generator->yielded;
}

bool generator_next(struct generator *generator, uint64_t *value)
{
    return generator_send(generator, 0, value);
}

void generator_close(struct generator *generator)
{
    generator->closing = true;
    while (generator->coroutine != NULL)
        resume(generator);
}

//DOC: generator-yield
int generator_yield(struct generator *self, uint64_t out, uint64_t *in)
{
    struct scheduler *scheduler = scheduler_here;
    struct coroutine *coroutine = self->coroutine;
    self->out = out;
    self->yielded = true;
    scheduler->running = self->caller;
    coroutine_switch(coroutine, self->caller);
    self->yielded = false;
    if (in != NULL)
        *in = self->in;
    return self->closing ? -ECANCELED : 0;
}
