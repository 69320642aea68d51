// SPDX-License-Identifier: MIT
//
// generator.h - a function that gives its values one by one, and stands still in between:
// `yield` passes a value out, `send` passes one in. It is a coroutine whose next turn is
// not decided by a scheduler but by whoever wants the next value:
//
//     static void count(struct generator *self, void *argument)
//     {
//         for (uint64_t i = 0; i < 3; i++)
//             if (generator_yield(self, i, NULL) != 0)
//                 return;
//     }
//     ...
//     generator_init(&generator, "count", count, NULL);
//     while (generator_next(&generator, &value))
//         use(value);
//
// It may also wait (sleep, read, ...), like an asynchronous generator in Python: then
// whoever has asked it for a value waits as well, and others run. It needs the scheduler
// of the calling thread for its stack, and works both in a coroutine and in the thread
// itself; there, it must not wait.
#ifndef QUARTET_RUNNERS_COROUTINE_GENERATOR_H
#define QUARTET_RUNNERS_COROUTINE_GENERATOR_H

#include "runners/coroutine/wait.h"

struct generator;

typedef void generator_code(struct generator *self, void *argument);

// In the caller's storage, which must stay valid until the generator has ended or has
// been closed.
struct generator {
    struct coroutine *coroutine; // NULL: it has ended
    struct coroutine *caller;    // who has asked for the next value; NULL: nobody does
    generator_code *code;
    void *argument;
    uint64_t out; // yielded
    uint64_t in;  // sent
    bool yielded; // there is a value, the code has not ended
    bool closing; // it must end now
};

// Creates it; nothing of the code runs before the first value is asked for. 0; -EAGAIN
// or -ENOMEM: there is no stack left.
int generator_init(struct generator *generator, const char *name, generator_code *code,
                   void *argument);

// Lets it run to its next value. false: it has ended, and its stack has been given back.
bool generator_next(struct generator *generator, uint64_t *value);

// The same, and passes a value in, which comes out of the yield that it stands in. (In
// front of its first yield there is none: what is sent there is lost.)
bool generator_send(struct generator *generator, uint64_t in, uint64_t *value);

// Ends it wherever it stands: its yield returns -ECANCELED, and it has to return; a value
// that it yields on the way is lost. Nothing happens if it has ended.
void generator_close(struct generator *generator);

// From inside the code: passes a value out. 0, with what was sent in (0 if nothing;
// `in` may be NULL), or -ECANCELED: return soon.
int generator_yield(struct generator *self, uint64_t out, uint64_t *in);

#endif
